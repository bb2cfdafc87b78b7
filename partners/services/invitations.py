"""Invitations into an organisation: sent by its leads and coordinators, answered by the owner of the address.

Whatever changes an invitation locks the organisation's row first, then the invitation's. Nothing here tells
an inviter whether an address has an account.
"""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.accounts.models import User
from collaborative.audit.services import record
from collaborative.core import kinds, policies
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from collaborative.notifications.services import letters_about, tell, tell_address
from collaborative.notifications.states import Channel
from collaborative.workflow.services import transition
from partners.models import Invitation, Membership, Organisation
from partners.services.belonging import add_member
from partners.services.changing import change_membership
from partners.states import (
    ACCEPT_INVITATION,
    DECLINE_INVITATION,
    EXPIRE_INVITATION,
    WITHDRAW_INVITATION,
    InvitationState,
)

LASTS = timedelta(days=21)
REMIND_AFTER = timedelta(days=7)
RESPECT_NO = timedelta(days=90)
"""How long an organisation does not invite an address again whose owner said no."""
AGAIN_AFTER = timedelta(hours=1)
MOST_SENDINGS = 3
ABOUT = ("project", "event", "review", "programme", "organisation", "theme")
"""Kinds of thing that somebody can be invited to see first."""
GONE = gettext_lazy("This invitation no longer holds. Ask whoever sent it for another.")


class Faults(Refused):
    """Several addresses that cannot be invited: ``faults`` are ``[(line, sentence), …]``."""

    def __init__(self, faults):
        super().__init__(" ".join(sentence for _line, sentence in faults))
        self.faults = faults


@transaction.atomic
def invite(organisation, *, by, email, role=Membership.Role.MEMBER, name="", title="", message="", about=None):
    """Invite the owner of an address into an organisation and return the invitation; the letter is on its way.

    ``about`` is the thing on which they land once they are in. Raises ``PermissionDenied`` by policy, and
    ``Refused`` for an address that is none, one's own, a member's, invited already or whose owner has just
    said no, for something the inviter cannot see, and when too many were invited today.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    policies.require("partners.let_in", by, locked)
    if locked.past:
        raise Refused(_("This organisation no longer exists."))
    email = _invitable(locked, email, by)
    _refuse_too_many(locked, by)
    now = timezone.now()
    made = Invitation.objects.create(
        organisation=locked,
        email=email,
        role=role,
        name=name,
        title=title,
        message=message,
        invited_by=by,
        created_at=now,
        expires_at=now + LASTS,
        **_about(about, by),
    )
    record("invitation.made", made, by=by, organisation_id=locked.pk, to_state=made.state)
    _send(made, by)
    return made


@transaction.atomic
def invite_each(organisation, people, *, by, **offer):
    """Invite several, ``[(line, email, name), …]``, or nobody; return the invitations.

    ``offer`` is what ``invite`` takes beside the address and the name. Raises ``Faults``, which names each line
    that cannot be invited, and ``PermissionDenied``.
    """
    made, faults = [], []
    for line, email, name in people:
        try:
            made.append(invite(organisation, by=by, email=email, name=name, **offer))
        except Refused as refused:
            faults.append((line, str(refused)))
    if faults:
        raise Faults(faults)
    return made


def _invitable(organisation, email, by):
    """Return the address in lower case; raises ``Refused`` when it cannot be invited here."""
    email = email.strip().lower()
    try:
        Invitation._meta.get_field("email").clean(email, None)
    except ValidationError:
        raise Refused(_("“%(email)s” is not an e-mail address.") % {"email": email[:80]}) from None
    if email == by.email:
        raise Refused(_("You cannot invite yourself."))
    theirs = Q(user__email=email) | Q(user__emailaddress__email=email, user__emailaddress__verified=True)
    if organisation.memberships.lasting().filter(theirs).exists():
        raise Refused(_("%(email)s belongs to a member of this organisation already.") % {"email": email})
    for earlier in organisation.invitations.filter(email=email).order_by("-pk"):
        _make_way(earlier)
    return email


def _make_way(earlier):
    """Let an earlier invitation that has run out be over; raises ``Refused`` for one that stands in the way."""
    if earlier.open:
        raise Refused(_("%(email)s is invited already, and has not answered yet.") % {"email": earlier.email})
    if earlier.state == InvitationState.PENDING:
        transition(earlier, EXPIRE_INVITATION, by=None, organisation_id=earlier.organisation_id)
    if earlier.state == InvitationState.DECLINED and earlier.answered_at > timezone.now() - RESPECT_NO:
        raise Refused(
            _("%(email)s was invited and said “No, thank you”. They can still ask to join by themselves.")
            % {"email": earlier.email}
        )


def _refuse_too_many(organisation, by):
    """Raise ``Refused`` when as many letters went out in a day as one person or one organisation may send."""
    day = timezone.now() - timedelta(days=1)
    sent = Letter.objects.filter(key="invitation.made", channel=Channel.MAIL, created_at__gte=day)
    here = sent.filter(kind_of=Invitation.kind, object_id__in=organisation.invitations.values("pk"))
    limits = settings.INVITATIONS_A_DAY
    if sent.filter(actor=by).count() >= limits["person"]:
        raise Refused(_("You have sent as many invitations as one person can in a day. Carry on tomorrow."))
    if here.count() >= limits["organisation"]:
        raise Refused(_("This organisation has sent as many invitations as it can in a day. Carry on tomorrow."))


def _about(thing, by):
    if thing is None:
        return {}
    if thing.kind not in ABOUT or kinds.find(thing.kind, thing.pk, by) is None:
        raise Refused(_("Nobody can be invited to this."))
    return {"about_kind": thing.kind, "about_id": thing.pk}


def _send(invitation, by):
    times = letters_about(invitation, "invitation.made").count()
    tell_address(
        "invitation.made",
        invitation,
        address=invitation.email,
        event=f"invitation.made:{invitation.pk}:{times}",
        by=by,
        organisation_id=invitation.organisation_id,
    )


def holds(invitation):
    """Say whether an invitation can still be accepted: open, and by someone who may still let people in."""
    organisation = invitation.organisation
    return (
        invitation.open
        and not organisation.past
        and bool(policies.ask("partners.let_in", invitation.invited_by, organisation))
    )


def refuse_gone(invitation):
    """Raise ``Refused`` for an invitation that holds no longer."""
    if not holds(invitation):
        raise Refused(GONE)


@transaction.atomic
def accept(invitation, *, by):
    """Take up an invitation: the person is a member, in the role offered. Return the invitation.

    Doing it twice changes nothing the second time, and who has become a member in another way stays one.
    Raises ``PermissionDenied`` for anyone whose confirmed address was not the one invited, ``Refused`` for an
    invitation that holds no longer.
    """
    found = _locked(invitation)
    policies.require("invitations.accept", by, found)
    if found.state == InvitationState.ACCEPTED and found.accepted_by_id == by.pk:
        return found
    refuse_gone(found)
    accepted = transition(
        found,
        ACCEPT_INVITATION,
        by=by,
        organisation_id=found.organisation_id,
        accepted_by=by,
        answered_at=timezone.now(),
    )
    _let_in(found, by)
    _tell_inviter("invitation.accepted", accepted, by)
    return accepted


def _let_in(invitation, person):
    """Make the person a member, or one who is already a lead if that was offered."""
    present = invitation.organisation.memberships.lasting().filter(user=person).first()
    if present is None:
        add_member(invitation.organisation, person, by=None, role=invitation.role, title=invitation.title)
    elif invitation.role == Membership.Role.LEAD:
        change_membership(present, by=None, role=invitation.role)


@transaction.atomic
def decline(invitation, *, by=None):
    """Refuse an invitation, which needs no account (``by=None``), and return it. Raises ``Refused`` when it is over."""
    found = _locked(invitation)
    if not found.open:
        raise Refused(GONE)
    declined = transition(
        found, DECLINE_INVITATION, by=by, organisation_id=found.organisation_id, answered_at=timezone.now()
    )
    _tell_inviter("invitation.declined", declined, by)
    return declined


def _tell_inviter(key, invitation, by):
    told = {"by": by, "organisation_id": invitation.organisation_id, "data": {"invitation": invitation.pk}}
    tell(key, invitation.organisation, to=[invitation.invited_by_id], event=f"{key}:{invitation.pk}", **told)


@transaction.atomic
def withdraw(invitation, *, by):
    """Take an invitation back and return it; a waiting letter is not sent. Raises ``Refused`` when it is over."""
    found = _locked(invitation)
    values = {"organisation_id": found.organisation_id, "answered_at": timezone.now()}
    return transition(found, WITHDRAW_INVITATION, by=by, **values)


@transaction.atomic
def send_again(invitation, *, by):
    """Send the same link once more; it holds for three more weeks, and whoever sends it now is the inviter.

    Raises ``Refused`` for one that was answered or withdrawn, was sent in the last hour or three times, and
    when too many were sent today.
    """
    found = _locked(invitation)
    policies.require("invitations.manage", by, found)
    if found.state not in (InvitationState.PENDING, InvitationState.EXPIRED) or found.organisation.past:
        raise Refused(_("Only an invitation without an answer can be sent again."))
    _invitable_again(found, by)
    _refuse_too_many(found.organisation, by)
    now = timezone.now()
    changes = {"state": InvitationState.PENDING, "invited_by": by, "expires_at": now + LASTS}
    for name, value in changes.items():
        setattr(found, name, value)
    found.save(update_fields=list(changes))
    record("invitation.sent_again", found, by=by, organisation_id=found.organisation_id, to_state=found.state)
    _send(found, by)
    return found


def _invitable_again(invitation, by):
    letters = list(letters_about(invitation, "invitation.made").values_list("created_at", flat=True))
    if len(letters) >= MOST_SENDINGS:
        raise Refused(_("This invitation has been sent three times. Ask the person in another way."))
    if letters and letters[0] > timezone.now() - AGAIN_AFTER:
        raise Refused(_("This invitation was sent less than an hour ago. Give it time to arrive."))
    if invitation.state == InvitationState.EXPIRED:
        _invitable(invitation.organisation, invitation.email, by)


def _locked(invitation):
    """Return the invitation, its organisation's row and its own locked, freshly read."""
    Organisation.objects.select_for_update().get(pk=invitation.organisation_id)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("organisation", "invited_by")
    return rows.get(pk=invitation.pk)


def landing(invitation, user):
    """Return the address on which somebody lands who has accepted: what it was about, else the organisation."""
    if invitation.about_kind in kinds.names():
        thing = kinds.find(invitation.about_kind, invitation.about_id, User.objects.get(pk=user.pk))
        if thing is not None:
            return thing.get_absolute_url()
    return invitation.organisation.get_absolute_url()


def about_for(invitation, user):
    """Return the thing that an invitation is about, as far as this reader may see it, else None."""
    if invitation.about_kind not in kinds.names():
        return None
    return kinds.find(invitation.about_kind, invitation.about_id, user)
