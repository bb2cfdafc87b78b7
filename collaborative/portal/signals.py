"""What django-allauth tells us: one call each."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import email_changed, email_confirmed
from allauth.mfa.signals import authenticator_added
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.translation import gettext as _

from collaborative.accounts.second_factor import FACTORS, keep_wanted
from partners.services import address_given_up, admit


@receiver(authenticator_added)
def count_a_new_second_factor_as_used(sender, request, user, authenticator, **kwargs):
    """Note that this session proved the second factor when it set it up, right after the password.

    The workshop would ask for a code at once otherwise, and the one just typed is used up: its owner
    would have to wait for the next. Keep, too, the page for which it was set up.
    """
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        keep_wanted(request)


@receiver(email_confirmed)
def let_in_by_a_new_address(sender, request, email_address, **kwargs):
    """Let a person in where the address that they have just confirmed belongs, and tell them."""
    say_where(request, admit(email_address.user))


@receiver(user_logged_in)
def let_in_on_arrival(sender, request, user, **kwargs):
    """Do the same for whoever signs in: an address that came by single sign-on is confirmed without that signal."""
    say_where(request, admit(user))


@receiver(email_changed)
def ask_again_after_a_change(sender, request, user, **kwargs):
    """Ask again about what rested on the address that a person has given up; the browser in hand stays signed in."""
    asked = address_given_up(user)
    if not asked:
        return
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    for request_made in asked:
        words = _(
            "Your former address let you into %(organisation)s. Those who answer for it are asked to let you in again."
        )
        messages.info(request, words % {"organisation": request_made.organisation})


def say_where(request, admitted):
    """Tell somebody on the next page where their address let them in, or who was asked."""
    for membership in admitted.memberships:
        words = _("You are now a member of %(organisation)s: your mail address belongs to it.")
        messages.success(request, words % {"organisation": membership.organisation})
    for request_made in admitted.requests:
        words = _("Your mail address belongs to %(organisation)s. Its leads are asked to let you in.")
        messages.info(request, words % {"organisation": request_made.organisation})
