"""What django-allauth tells us: one call each."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver

from collaborative.accounts.second_factor import FACTORS, keep_wanted


@receiver(authenticator_added)
def count_a_new_second_factor_as_used(sender, request, user, authenticator, **kwargs):
    """Note that this session proved the second factor when it set it up, right after the password.

    The workshop would ask for a code at once otherwise, and the one just typed is used up: its owner
    would have to wait for the next. Keep, too, the page for which it was set up.
    """
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        keep_wanted(request)
