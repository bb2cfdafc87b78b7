"""Requests to be let in and invitations, and how long their words are kept."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collaborative.audit.services import record
from collaborative.core.personal import retention, table
from collaborative.notifications.models import Letter
from collaborative.notifications.services import forget_addresses
from partners.models import (
    Invitation,
    MembershipRequest,
)
from partners.personal.words import EMPTY, LET_IN, own
from partners.states import InvitationState, RequestState


def withdraw_requests(leaver):
    """Take back what waits, and take the words out of every request."""
    rows = MembershipRequest.objects.filter(user=leaver.user)
    for row in rows.pending():
        row.state, row.answered_at = RequestState.WITHDRAWN, leaver.at
        row.save(update_fields=["state", "answered_at"])
        record("membership_request.withdrawn", row, by=None, organisation_id=row.organisation_id)
    rows.update(title="", message="", answer="")


table(
    "membership-requests",
    covers=(
        "partners.MembershipRequest.user",
        "partners.MembershipRequest.title",
        "partners.MembershipRequest.message",
        "partners.MembershipRequest.answer",
    ),
    label=_("Your requests to be let into organisations, and the answers"),
    purpose=LET_IN,
    kept=_("The words two years after the answer, the rest while you have an account"),
    leaving=_("Taken back where they wait; all words are deleted"),
    rows=own(MembershipRequest),
    columns={
        "organisation__name": _("Organisation"),
        "created_at": _("Asked"),
        "title": _("Job title"),
        "message": _("Your message"),
        "state": _("What became of it"),
        "answered_at": _("Answered"),
        "answer": _("The answer"),
    },
    erase=withdraw_requests,
)

table(
    "requests-you-answered",
    covers=("partners.MembershipRequest.answered_by",),
    label=_("Requests of others that you answered"),
    purpose=LET_IN,
    kept=_("Your words two years, the rest as long as the place it belongs to"),
    leaving=_("Your words are deleted"),
    rows=lambda user: MembershipRequest.objects.filter(answered_by=user),
    columns={
        "organisation__name": _("Organisation"),
        "answered_at": _("Answered"),
        "state": _("What became of it"),
        "answer": _("Your answer"),
    },
    erase=lambda leaver: MembershipRequest.objects.filter(answered_by=leaver.user).update(answer=""),
)


def invited(user):
    """Return the invitations to a person: those they accepted, and those to a confirmed address of theirs."""
    theirs = user.emailaddress_set.filter(verified=True).values("email")
    return Invitation.objects.filter(Q(accepted_by=user) | Q(email__in=theirs))


def withdraw(rows, leaver):
    """Withdraw invitations that wait; their letters are not sent."""
    for row in rows.filter(state=InvitationState.PENDING):
        row.state, row.answered_at = InvitationState.WITHDRAWN, leaver.at
        row.save(update_fields=["state", "answered_at"])
        record("invitation.withdrawn", row, by=None, organisation_id=row.organisation_id)


def forget_invited(leaver):
    """Take the invited person out of the invitations to them."""
    rows = Invitation.objects.filter(Q(accepted_by=leaver.user) | Q(email__in=leaver.addresses))
    withdraw(rows, leaver)
    rows.update(**EMPTY)


def forget_inviter(leaver):
    """Withdraw what the person sent and nobody answered, and take their words out."""
    rows = Invitation.objects.filter(invited_by=leaver.user)
    withdraw(rows, leaver)
    rows.update(message="")


table(
    "invitations-to-you",
    covers=("partners.Invitation.accepted_by", "partners.Invitation.email", "partners.Invitation.name"),
    label=_("Invitations to you"),
    purpose=LET_IN,
    kept=_("Your address and the words until 90 days after the day on which it ends"),
    leaving=_("Withdrawn where they wait; address, name and words are deleted"),
    rows=invited,
    columns={
        "organisation__name": _("Organisation"),
        "created_at": _("Sent"),
        "email": _("To"),
        "name": _("Name"),
        "title": _("Job title"),
        "message": _("Message to you"),
        "state": _("What became of it"),
    },
    erase=forget_invited,
)

table(
    "invitations-by-you",
    covers=("partners.Invitation.invited_by", "partners.Invitation.message"),
    label=_("Invitations that you sent"),
    purpose=LET_IN,
    kept=_("Your words until 90 days after the day on which it ends"),
    leaving=_("Withdrawn where they wait; your words are deleted"),
    rows=lambda user: Invitation.objects.filter(invited_by=user),
    columns={
        "organisation__name": _("Organisation"),
        "created_at": _("Sent"),
        "role": _("Role"),
        "message": _("Your message"),
        "state": _("What became of it"),
    },
    erase=forget_inviter,
)


def forget_invitations(rows):
    """Take out the addresses and words of invitations that nobody can answer any more, and of their letters."""
    letters = Letter.objects.filter(kind_of=Invitation.kind, object_id__in=list(rows.values_list("pk", flat=True)))
    forget_addresses(letters)
    rows.update(**EMPTY)


retention(
    "invitations",
    label=_("Addresses and words of invitations, counted from the day on which they end"),
    days=90,
    rows=lambda before: Invitation.objects.settled().filter(expires_at__lt=before).exclude(**EMPTY),
    forget=forget_invitations,
)

retention(
    "membership-requests",
    label=_("Words of requests to be let into an organisation, and of their answers"),
    days=730,
    rows=lambda before: MembershipRequest.objects.filter(answered_at__lt=before).exclude(
        title="", message="", answer=""
    ),
    forget=lambda rows: rows.update(title="", message="", answer=""),
)
