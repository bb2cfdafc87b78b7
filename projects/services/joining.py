"""Asking to join a project, and the answer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.services import present
from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from partners.models import Membership
from projects.models import JoinRequest, ProjectPartner, ProjectPerson
from projects.services.keeping import lead_people, locked, text_of
from projects.standing import acting_for, require_standing
from projects.states import ACCEPT_REQUEST, DECLINE_REQUEST, JOINABLE, WITHDRAW_REQUEST
from projects.wanted import LONGEST_MESSAGE


@transaction.atomic
def ask(project, *, by, organisation, message, role=None):
    """Ask to join a project for an organisation, with a message to its leads; return the request.

    Raises ``PermissionDenied`` by policy, and ``Refused`` when nobody can join any more, when the
    person has asked already or can no longer act for the organisation.
    """
    joined = locked(project)
    policies.require("projects.join", by, joined)
    _require_open(joined)
    require_standing(by, joined.programme_id, organisation.pk)
    if joined.join_requests.pending().filter(user=by).exists():
        raise Refused(_("You have asked already. The leads have your message and will answer it."))
    message = text_of(message, LONGEST_MESSAGE, _("Write the leads a message."))
    request = JoinRequest.objects.create(project=joined, user=by, organisation=organisation, role=role, message=message)
    record("join_request.made", request, by=by, organisation_id=organisation.pk, to_state=request.state)
    event = f"join_request.made:{request.pk}"
    to = lead_people(joined)
    tell("join_request.made", request, to=to, event=event, by=by, organisation_id=organisation.pk)
    return request


def _require_open(project):
    if project.stage not in JOINABLE:
        raise Refused(_("Nobody can join this project any more."))


@transaction.atomic
def answer(request, *, by, accept, words):
    """Accept or decline a request with a message to whoever asked; return it.

    Once accepted, the person is on the project's team and their organisation takes part. Of two
    leads answering at once the second raises ``Refused``; so does accepting someone who has since
    left the organisation they asked for, or joining what nobody can join any more.
    """
    project = locked(request.project)
    words = text_of(words, LONGEST_MESSAGE, _("Write a message: it goes to the person who asked."))
    move = ACCEPT_REQUEST if accept else DECLINE_REQUEST
    acting = acting_for(by, project)
    answered = transition(
        request,
        move,
        by=by,
        organisation_id=acting,
        answer=words,
        answered_by=by,
        answered_at=timezone.now(),
    )
    if accept:
        _take_on(project, answered, by, acting)
    event = f"{move.verb}:{answered.pk}"
    tell(move.verb, answered, to=[answered.user_id], event=event, by=by, organisation_id=acting)
    return answered


def _take_on(project, request, by, acting):
    """Put whoever asked on the team; a part that they had for an organisation they have left ends."""
    _require_open(project)
    present(request.user_id)
    if not Membership.objects.current().filter(user=request.user_id, organisation=request.organisation_id).exists():
        raise Refused(_("This person is no longer staff of the organisation they asked for. Decline, and say so."))
    today = timezone.localdate()
    open_parts = project.people.filter(user_id=request.user_id, ends_on=None)
    open_parts.exclude(organisation_id=request.organisation_id).update(ends_on=today)
    if not open_parts.exists():
        ProjectPerson.objects.create(
            project=project,
            user_id=request.user_id,
            organisation_id=request.organisation_id,
            role_id=request.role_id,
            starts_on=today,
        )
    if request.organisation_id != project.lead_organisation_id:
        ProjectPartner.objects.get_or_create(project=project, organisation_id=request.organisation_id)
    record("project.joined", project, by=by, organisation_id=acting)


@transaction.atomic
def take_back(request, *, by):
    """Take one's own request back and return it; the leads are told. Raises ``Refused`` once it is answered."""
    locked(request.project)
    organisation_id = request.organisation_id
    back = transition(request, WITHDRAW_REQUEST, by=by, organisation_id=organisation_id, answered_at=timezone.now())
    event = f"join_request.withdrawn:{back.pk}"
    to = lead_people(back.project)
    tell("join_request.withdrawn", back, to=to, event=event, by=by, organisation_id=organisation_id)
    return back
