"""What django-allauth tells us: one call each."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver

from collaborative.portal.admin_site import SECOND_FACTORS


@receiver(authenticator_added)
def count_a_new_second_factor_as_used(sender, request, user, authenticator, **kwargs):
    """Note that this session proved the second factor when it set it up, right after the password.

    The workshop would ask for a code at once otherwise, and the one just typed is used up: its owner
    would have to wait for the next.
    """
    if authenticator.type in SECOND_FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
