"""The letters about who takes part, and when one no longer holds."""

from django.contrib.auth.models import AnonymousUser
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice
from partners.handovers import named, title_of
from partners.models import EmailDomain, Handover, Invitation, Membership, Succession
from partners.services.invitations import about_for, holds
from partners.states import HandoverState, RequestState


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
_of_request("moved", _("Your request is with another organisation"), required=True, still_true=pending)
_of_membership("started", _("You are a member of an organisation"), group="requests", required=True, still_true=lasts)
_of_membership("changed", _("Your part in an organisation changed"), group="requests", still_true=lasts)
_of_membership("joined", _("Someone is new in your organisation"), group="requests", by_mail=False, still_true=lasts)
notice(
    "programme_role.reviews",
    kind="programme_role",
    label=_("A programme may ask you for reviews"),
    group="requests",
    template="partners/letters/role_reviews.txt",
    required=True,
    still_true=lasts,
    related=("programme",),
)
notice(
    "programme_role.started",
    kind="programme_role",
    label=_("You coordinate a programme"),
    group="requests",
    template="partners/letters/role_started.txt",
    required=True,
    still_true=lasts,
    related=("programme",),
)
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


def end_of(letter, membership):
    """Give the letter the first day on which the membership gives nothing."""
    return {"day": date_format(membership.ends_on, "j F Y") if membership.ends_on else ""}


def ends_still(letter, membership):
    """An end that was taken back is nobody's news."""
    return membership.ends_on is not None


def who_leaves(letter, organisation):
    """Give the letter the person who leaves, and what has to be handed on of which its reader may know."""
    membership = Membership.objects.select_related("user").filter(pk=letter.data.get("membership")).first()
    if membership is None:
        return {"person": None, "handovers": []}
    left = Handover.objects.visible_to(letter.recipient).unsettled()
    left = left.filter(held_by=membership.user_id, organisation=organisation)
    return {"person": membership.user, "handovers": named(left, letter.recipient)}


def what_is_held(letter, handover):
    """Give the letter what is handed on, as its reader may see it."""
    return {"held": dict(named([handover], letter.recipient)).get(handover)}


def what_was_decided(letter, organisation):
    """Give the letter the decision on the merger and its day."""
    rows = Succession.objects.select_related("successor").filter(pk=letter.data.get("succession"))
    succession = rows.first()
    return {"succession": succession, "day": date_format(succession.on, "j F Y") if succession else ""}


def _of_handover(name, label, states, **more):
    notice(
        f"handover.{name}",
        kind="handover",
        label=label,
        group="requests",
        template=f"partners/letters/handover_{name}.txt",
        title=title_of,
        related=("organisation",),
        context=what_is_held,
        still_true=lambda letter, handover: handover.state in states,
        **more,
    )


def _of_organisation(name, label, group, context, **more):
    template = f"partners/letters/organisation_{name}.txt"
    key = f"organisation.{name}"
    notice(key, kind="organisation", label=label, group=group, template=template, context=context, **more)


_of_membership(
    "ending", _("Your membership will end"), group="requests", required=True, context=end_of, still_true=ends_still
)
_of_membership(
    "ended", _("Your membership has ended"), group="requests", required=True, context=end_of, still_true=ends_still
)
_of_organisation("left", _("Somebody leaves your organisation"), "requests", who_leaves)
_of_organisation("leaderless", _("An organisation has no lead any more"), "requests", who_leaves, required=True)
_of_organisation(
    "merging", _("Your organisation will become part of another"), "requests", what_was_decided, required=True
)
_of_organisation("merged", _("Your organisation is now part of another"), "requests", what_was_decided, required=True)
_of_handover("asked", _("You are asked to take something over"), [HandoverState.ASKED], required=True)
_of_handover("declined", _("Somebody said no to taking something over"), [HandoverState.OPEN])
_of_handover("open", _("Somebody else has to be asked to take something over"), [HandoverState.OPEN])
_of_handover("taken", _("Something was taken over"), [HandoverState.TAKEN])
