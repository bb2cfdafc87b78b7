"""Asking to be let into an organisation, and the answer."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from partners.intake.texts import LONGEST_MESSAGE, LONGEST_TITLE, text_of
from partners.models import Membership, MembershipRequest
from partners.services.answering import responsible
from partners.services.belonging import ask_for, let_in, locked_organisations
from partners.states import ACCEPT, DECLINE, TAKE_BACK

MOST_A_DAY = 5
"""How many requests one person may send a day: each is a letter to people who did not ask for it."""


@transaction.atomic
def ask_to_join(organisation, *, by, message, title):
    """Ask to be let into an organisation, with a job title and a message to its leads; return the request.

    Raises ``PermissionDenied`` by policy, and ``Refused`` for somebody who has asked already, who asks too
    often, or who does not say who they are.
    """
    locked = locked_organisations(organisation.pk)[0]
    policies.require("memberships.ask", by, locked)
    message = text_of(message, LONGEST_MESSAGE, _("Write a message to those who decide."))
    title = text_of(title, LONGEST_TITLE, _("Say what your job is."))
    mine = MembershipRequest.objects.filter(user=by)
    if mine.pending().filter(organisation=locked).exists():
        raise Refused(_("You have asked already. Those who decide have your message."))
    if mine.filter(domain=None, created_at__gt=timezone.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused(_("You have asked several organisations today. Wait until tomorrow, please."))
    return ask_for(by, locked, message=message, title=title)


@transaction.atomic
def answer_request(request, *, by, accept, words, role=Membership.Role.MEMBER, title=""):
    """Accept someone as a member or a lead, or decline, with a message to whoever asked; return the request.

    Of two who answer at once the second raises ``Refused``; so does accepting somebody who is in already.
    """
    locked = locked_organisations(request.organisation_id)[0]
    words = text_of(words, LONGEST_MESSAGE, _("Write a message: it goes to the person who asked."))
    move = ACCEPT if accept else DECLINE
    changes = {"answer": words, "answered_by": by, "answered_at": timezone.now()}
    answered = transition(request, move, by=by, organisation_id=locked.pk, **changes)
    if accept:
        _require_open(locked, answered.user)
        today = timezone.localdate()
        made = Membership(user=answered.user, organisation=locked, role=role, title=title.strip(), starts_on=today)
        let_in(made, by=by, told=False)
    event = f"{move.verb}:{answered.pk}"
    tell(move.verb, answered, to=[answered.user_id], event=event, by=by, organisation_id=locked.pk)
    return answered


def _require_open(organisation, person):
    if not organisation.partnerships.current().exists():
        raise Refused(_("This organisation takes part in no programme now. Decline, and say so."))
    if not person.is_active:
        raise Refused(_("This account cannot sign in any more. Decline."))


@transaction.atomic
def take_back_request(request, *, by):
    """Take one's own request back and return it; whoever would have answered is told. ``Refused`` once answered."""
    locked_organisations(request.organisation_id)
    back = transition(request, TAKE_BACK, by=by, organisation_id=request.organisation_id, answered_at=timezone.now())
    to, event = responsible(back.organisation).values("pk"), f"membership_request.withdrawn:{back.pk}"
    tell("membership_request.withdrawn", back, to=to, event=event, by=by, organisation_id=back.organisation_id)
    return back
