"""The letters about who takes part, and when one no longer holds."""

from django.contrib.auth.models import AnonymousUser
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice
from partners.models import EmailDomain, Invitation
from partners.services.invitations import about_for, holds
from partners.states import RequestState


def pending(letter, request):
    """A request that was answered or taken back meanwhile needs nobody."""
    return request.state == RequestState.PENDING


def lasts(letter, membership):
    """A membership that has ended meanwhile is nobody's news."""
    return not membership.ended


def domain_removed(letter, organisation):
    """Give the letter the domain that was taken off the list, with the reason, and how many people that concerns."""
    domain = EmailDomain.objects.filter(pk=letter.data.get("domain")).first()
    return {"domain": domain, "people": letter.data.get("people", 0)}


def _of_request(name, label, **more):
    notice(
        f"membership_request.{name}",
        kind="membership_request",
        label=label,
        group="requests",
        template=f"partners/letters/request_{name}.txt",
        related=("organisation",),
        **more,
    )


def _of_membership(name, label, **more):
    template = f"partners/letters/membership_{name}.txt"
    related = ("organisation",)
    notice(f"membership.{name}", kind="membership", label=label, template=template, related=related, **more)


_of_request("made", _("Someone asks to be let into your organisation"), still_true=pending)
_of_request("accepted", _("You were let into an organisation"), required=True)
_of_request("declined", _("You were not let into an organisation"), required=True)
_of_request("withdrawn", _("A request to be let in was taken back"))
_of_membership("started", _("You are a member of an organisation"), group="requests", required=True, still_true=lasts)
_of_membership("changed", _("Your part in an organisation changed"), group="requests", still_true=lasts)
_of_membership("joined", _("Someone is new in your organisation"), group="news", still_true=lasts)
notice(
    "organisation.domain_removed",
    kind="organisation",
    label=_("Your mail address no longer lets you in by itself"),
    group="requests",
    template="partners/letters/domain_removed.txt",
    required=True,
    context=domain_removed,
)
notice(
    "organisation.asked_again",
    kind="organisation",
    label=_("People wait to be let in again"),
    group="requests",
    template="partners/letters/asked_again.txt",
    required=True,
    context=domain_removed,
)


def waits_for_answer(letter, invitation):
    """An invitation that was answered, withdrawn or has run out needs nobody any more."""
    return holds(invitation)


def for_the_invited(letter, invitation):
    """Give the letter what the invited person may know of the thing that they are invited to see."""
    return {"about": about_for(invitation, letter.recipient or AnonymousUser())}


def answered_invitation(letter, organisation):
    """Give the letter to an inviter the invitation that was answered."""
    return {"invitation": Invitation.objects.filter(pk=letter.data.get("invitation")).first()}


def _to_the_invited(name, label):
    notice(
        f"invitation.{name}",
        kind="invitation",
        label=label,
        group="requests",
        template=f"partners/letters/invitation_{name}.txt",
        required=True,
        related=("organisation", "invited_by"),
        still_true=waits_for_answer,
        context=for_the_invited,
        for_address=lambda rows, address: rows.filter(email=address),
    )


def _to_the_inviter(name, label):
    notice(
        f"invitation.{name}",
        kind="organisation",
        label=label,
        group="requests",
        template=f"partners/letters/invitation_{name}.txt",
        context=answered_invitation,
    )


_to_the_invited("made", _("You are invited into an organisation"))
_to_the_invited("reminded", _("An invitation still waits for your answer"))
_to_the_inviter("accepted", _("Somebody accepted your invitation"))
_to_the_inviter("declined", _("Somebody declined your invitation"))
