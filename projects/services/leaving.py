"""What becomes of people's parts in projects when they leave their organisation or it goes on in another."""

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.services import present
from collaborative.audit.services import record
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from partners.models import Membership
from projects.models import JoinRequest, ProjectPerson
from projects.services.keeping import lead_people, locked
from projects.states import WITHDRAW_REQUEST


def leave_organisation(user, organisation_id, *, by):
    """Take back what somebody asked for in the name of an organisation they have left; end their places on teams.

    What they lead stays theirs in name until somebody takes it over, and gives them nothing.
    """
    mine = {"user": user, "organisation": organisation_id}
    for request in JoinRequest.objects.pending().filter(**mine).select_related("project").order_by("project_id"):
        locked(request.project)
        _take_back(request)
    teams = ProjectPerson.objects.lasting().filter(part=ProjectPerson.Part.TEAM, **mine)
    for part in teams.select_related("project").order_by("project_id"):
        locked(part.project)
        end_part(part)
        record("project.left", part.project, by=by, organisation_id=organisation_id)


def _take_back(request):
    organisation_id, now = request.organisation_id, timezone.now()
    back = transition(request, WITHDRAW_REQUEST, by=None, organisation_id=organisation_id, answered_at=now)
    event = f"join_request.withdrawn:{back.pk}"
    tell("join_request.withdrawn", back, to=lead_people(back.project), event=event, organisation_id=organisation_id)


def end_part(part):
    """End somebody's part in a project today; one that was to begin later never does."""
    part.ends_on = max(part.starts_on, timezone.localdate())
    part.save(update_fields=["ends_on"])


def change_lead(part, to, *, by):
    """Give a lead's part in a project that is locked to somebody else, for what their organisation is today.

    Raises ``Refused`` for somebody who has left the portal.
    """
    present(to.pk)
    organisation, project = part.organisation.now(), part.project
    end_part(part)
    for place in project.people.lasting().filter(user=to):
        end_part(place)
    begun = {"organisation": organisation, "part": part.part, "starts_on": timezone.localdate()}
    ProjectPerson.objects.create(project=project, user=to, **begun)
    record("project.lead_changed", project, by=by, organisation_id=organisation.pk)


def end_lead(part, *, by):
    """End a lead's part in a project that is locked. Raises ``Refused`` when nobody else leads it."""
    others = part.project.people.leads().staff().exclude(pk=part.pk)
    if not others.exists():
        raise Refused(_("Nobody else leads this project: somebody has to take it over, or it is stopped."))
    end_part(part)
    record("project.lead_left", part.project, by=by, organisation_id=part.organisation_id)


def carry_parts(parts, successor, *, on):
    """End parts of people who are staff of the successor, and begin the same ones for it; return ``{old id: new id}``.

    Whoever has left the old organisation keeps nothing; what they led is being handed on.
    """
    staff = Membership.objects.lasting().filter(organisation=successor, user=OuterRef("user"))
    going_on = list(parts.filter(Exists(staff)).select_for_update(of=("self",)).order_by("pk"))
    began = []
    for part in going_on:
        day, last = max(on, part.starts_on), part.ends_on
        part.ends_on = day
        same = {"part": part.part, "role_id": part.role_id, "starts_on": day, "ends_on": last}
        began.append(ProjectPerson(project_id=part.project_id, user_id=part.user_id, organisation=successor, **same))
    ProjectPerson.objects.bulk_update(going_on, ["ends_on"], batch_size=500)
    ProjectPerson.objects.bulk_create(began, batch_size=500)
    return {old.pk: new.pk for old, new in zip(going_on, began, strict=True)}
