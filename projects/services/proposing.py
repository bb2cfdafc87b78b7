"""From a title in a form to a proposal that is sent: drafts are kept, and sent once they are whole."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.slugs import free_slug
from collaborative.notifications.services import tell
from collaborative.search import services as search
from collaborative.workflow.services import transition
from projects.models import RESERVED_SLUGS, Project, ProjectPerson
from projects.services.keeping import close_door, coordinators, everyone, locked
from projects.standing import acting_for, require_standing
from projects.states import SUBMIT, WITHDRAW, Stage
from projects.wanted import missing

TEXTS = ("title", "kind_of", "area", "summary", "problem", "approach", "benefit")
TRIES = 5


def propose(*, by, key, values):
    """Keep a new draft and return it; the same form sent again (``key``) changes that draft instead.

    ``values`` are those of ``ProposalForm``: the texts, ``programme``, ``organisation``, ``part`` and
    ``themes``. Raises ``PermissionDenied`` when the person may not propose, ``Refused`` when they can
    no longer act for the organisation.
    """
    policies.require("projects.propose", by)
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                kept = Project.objects.filter(form_key=key, people__user=by).first()
                return _again(kept, by, values) if kept else _create(by, key, values)
        except IntegrityError:
            continue  # another press of the button, or another draft of this title, was a moment quicker
    raise Refused(_("Your draft could not be kept just now. Please press the button again."))


def _again(kept, by, values):
    return revise(kept, by=by, values=values) if kept.stage == Stage.DRAFT else kept


def _create(by, key, values):
    require_standing(by, values["programme"], values["organisation"])
    project = Project.objects.create(
        slug=free_slug(Project, values["title"], RESERVED_SLUGS),
        form_key=key,
        programme=values["programme"],
        lead_organisation=values["organisation"],
        **{name: values[name] for name in TEXTS},
    )
    ProjectPerson.objects.create(
        project=project,
        user=by,
        organisation=values["organisation"],
        part=values["part"],
        starts_on=timezone.localdate(),
    )
    project.themes.set(values["themes"])
    record("project.drafted", project, by=by, organisation_id=values["organisation"].pk, to_state=project.stage)
    return project


@transaction.atomic
def revise(project, *, by, values):
    """Change a draft and return it. Raises ``Refused`` once it has been sent, and as ``propose`` does."""
    draft = locked(project)
    if draft.stage != Stage.DRAFT:
        raise Refused(_("This proposal has been sent and can no longer be changed here."))
    policies.require("projects.edit", by, draft)
    require_standing(by, values["programme"], values["organisation"])
    for name in TEXTS:
        setattr(draft, name, values[name])
    draft.programme, draft.lead_organisation = values["programme"], values["organisation"]
    draft.save(update_fields=[*TEXTS, "programme", "lead_organisation", "changed_at"])
    draft.people.current().filter(user=by).update(organisation=values["organisation"], part=values["part"])
    draft.themes.set(values["themes"])
    record("project.revised", draft, by=by, organisation_id=values["organisation"].pk)
    return draft


@transaction.atomic
def submit(project, *, by):
    """Send a whole draft to the programme's coordinators and return it.

    Raises ``Refused`` with what is missing or when it was sent already, ``PermissionDenied`` by policy.
    """
    draft = locked(project)
    if draft.stage == Stage.DRAFT:
        policies.require("projects.submit", by, draft)
        lacks = missing(draft)
        if lacks:
            raise Refused(" ".join(str(sentence) for sentence in lacks.values()))
    acting = acting_for(by, draft)
    sent = transition(draft, SUBMIT, by=by, organisation_id=acting, submitted_at=timezone.now())
    search.index(sent)
    tell(
        "project.submitted",
        sent,
        to=coordinators(sent),
        event=f"project.submitted:{sent.pk}",
        by=by,
        organisation_id=acting,
    )
    return sent


@transaction.atomic
def withdraw(project, *, by):
    """Withdraw a proposal, or discard a draft, and return it. Its people can still read it.

    Who was told of the proposal is told of this; nobody hears of a draft.
    """
    before = locked(project)
    acting = acting_for(by, before)
    withdrawn = transition(before, WITHDRAW, by=by, organisation_id=acting)
    if withdrawn.never_sent:
        return withdrawn
    search.index(withdrawn)
    close_door(withdrawn)
    event = f"project.withdrawn:{withdrawn.pk}"
    tell("project.withdrawn", withdrawn, to=everyone(withdrawn), event=event, by=by, organisation_id=acting)
    return withdrawn
