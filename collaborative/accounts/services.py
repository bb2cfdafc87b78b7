"""What happens to accounts: details, sign-in stopped and restored, second factors taken away, appointments."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts import sessions
from collaborative.accounts.models import Appointment, User
from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.persons import person_changed

DETAILS = frozenset({"name", "language", "time_zone"})
"""What people say of themselves."""


@transaction.atomic
def change_details(user, **details):
    """Keep what a person says of themselves: any of ``DETAILS``; raises ``ValueError`` for anything else."""
    if not details.keys() <= DETAILS:
        raise ValueError(f"not for the person to say: {sorted(details.keys() - DETAILS)}")
    User.objects.filter(pk=user.pk).update(**details)
    record("account.details_changed", user, by=user)
    person_changed(user.pk)


def end_sessions(user):
    """End every session of a person at once, in every browser; for whatever takes rights or the account away."""
    sessions.end_all(user)


@transaction.atomic
def sign_out(user, session_id, *, here):
    """End one of a person's own sessions, except the one with the key ``here``; raises ``Refused`` when it is over."""
    if not sessions.end_one(user, session_id, but=here):
        raise Refused(_("You are no longer signed in there."))
    record("account.signed_out_elsewhere", user, by=user)


@transaction.atomic
def sign_out_elsewhere(request):
    """End every session of the reader but the one of this request."""
    sessions.end_others(request)
    record("account.signed_out_elsewhere", request.user, by=request.user)


def present(user_id):
    """Return a person, locked, who is about to be given something; whoever closes the account waits, or went before.

    Raises ``Refused`` for somebody who has left. What is given belongs to a thing that is locked already.
    """
    person = User.objects.select_for_update().get(pk=user_id)
    if person.anonymised_at:
        raise Refused(_("This person has left the portal."))
    return person


@transaction.atomic
def stop_sign_in(user, *, by):
    """Stop somebody's sign-in at once, in every browser; raises ``Refused`` for oneself."""
    policies.require("accounts.manage", by, user)
    if user.pk == by.pk:
        raise Refused(_("You cannot stop your own sign-in."))
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        end_sessions(user)
        record("account.stopped", user, by=by)
        person_changed(user.pk)


@transaction.atomic
def restore_sign_in(user, *, by):
    """Let somebody sign in again; raises ``Refused`` for a person who has left."""
    policies.require("accounts.manage", by, user)
    if user.anonymised_at:
        raise Refused(_("This person has left the portal, and the account is empty."))
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        record("account.restored", user, by=by)
        person_changed(user.pk)


@transaction.atomic
def remove_second_factor(user, *, by):
    """Help somebody who lost both phone and recovery codes: password and mailbox alone let them in again."""
    policies.require("accounts.manage", by, user)
    if user.pk == by.pk:
        raise Refused(_("Another administrator has to do this for you."))
    if Authenticator.objects.filter(user=user).delete()[0]:
        record("account.second_factor_removed", user, by=by)


@transaction.atomic
def remove_sign_on(user, *, by):
    """Help somebody to whom their organisation gave a new sign-in: the old one leads to the account no longer."""
    policies.require("accounts.manage", by, user)
    if SocialAccount.objects.filter(user=user).delete()[0]:
        record("account.sign_on_removed", user, by=by)


@transaction.atomic
def appoint(user, *, by, starts_on=None):
    """Make somebody an administrator from a day (today) on; return the appointment.

    ``by`` is None for the operator's own command. Raises ``Refused`` when the person holds the role.
    """
    if by is not None:
        policies.require("accounts.appoint", by, user)
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.is_active:
        raise Refused(_("This account cannot sign in."))
    if Appointment.objects.filter(user=person, ends_on=None).exists():
        raise Refused(_("This person is an administrator already."))
    appointment = Appointment.objects.create(user=person, starts_on=starts_on or timezone.localdate())
    record("appointment.made", appointment, by=by)
    return appointment


@transaction.atomic
def end_appointment(appointment, *, by):
    """End an appointment today; raises ``Refused`` for the last administrator."""
    policies.require("accounts.appoint", by, appointment)
    current = list(Appointment.objects.select_for_update().current().order_by("pk"))
    if not any(each.pk != appointment.pk and each.user_id != appointment.user_id for each in current):
        raise Refused(_("This is the only administrator. Appoint another first."))
    today = max(timezone.localdate(), appointment.starts_on)
    if Appointment.objects.filter(pk=appointment.pk, ends_on=None).update(ends_on=today):
        record("appointment.ended", appointment, by=by)
