"""What becomes of requests, invitations and things that are handed on, and the moves between these states."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from collaborative.workflow.moves import move


class RequestState(TextChoices):
    """What became of a request to be let into an organisation."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


ACCEPT = move("membership_request.accepted", RequestState.PENDING, RequestState.ACCEPTED, "memberships.answer")
DECLINE = move("membership_request.declined", RequestState.PENDING, RequestState.DECLINED, "memberships.answer")
TAKE_BACK = move("membership_request.withdrawn", RequestState.PENDING, RequestState.WITHDRAWN, "memberships.take_back")


class InvitationState(TextChoices):
    """What became of an invitation."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


ACCEPT_INVITATION = move("invitation.accepted", InvitationState.PENDING, InvitationState.ACCEPTED, "invitations.accept")
DECLINE_INVITATION = move("invitation.declined", InvitationState.PENDING, InvitationState.DECLINED, "public")
WITHDRAW_INVITATION = move(
    "invitation.withdrawn", InvitationState.PENDING, InvitationState.WITHDRAWN, "invitations.manage"
)
EXPIRE_INVITATION = move("invitation.expired", InvitationState.PENDING, InvitationState.EXPIRED, "invitations.manage")


class HandoverState(TextChoices):
    """How far something that somebody led has been handed on."""

    OPEN = "open", _("Nobody asked yet")
    ASKED = "asked", _("Somebody is asked")
    TAKEN = "taken", _("Taken over")
    CLOSED = "closed", _("No longer needed")


UNSETTLED = (HandoverState.OPEN, HandoverState.ASKED)
"""While somebody still has to take over."""


ASK_TO_TAKE = move("handover.asked", HandoverState.OPEN, HandoverState.ASKED, "handovers.choose")
ASK_NO_MORE = move("handover.released", HandoverState.ASKED, HandoverState.OPEN, "handovers.choose")
TAKE_OVER = move("handover.taken", HandoverState.ASKED, HandoverState.TAKEN, "handovers.answer")
TAKE_NOT_OVER = move("handover.declined", HandoverState.ASKED, HandoverState.OPEN, "handovers.answer")
CLOSE_HANDOVER = move("handover.closed", UNSETTLED, HandoverState.CLOSED, "handovers.choose")
