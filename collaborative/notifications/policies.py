"""Who may do what with letters and follows."""

from django.utils.translation import gettext_lazy as _

from collaborative.core import policies
from collaborative.core.policies import ALLOWED, SIGN_IN, policy, refusal

FOLLOWABLE = ("theme", "programme", "organisation", "project")
"""Kinds of thing that can be followed."""


@policy("notifications.own")
def own(user, letter):
    """The recipient marks a notification as read."""
    return ALLOWED if letter.recipient_id == user.pk else refusal(_("This was told to somebody else."))


@policy("notifications.follow")
def follow(user, thing):
    """Anyone with an account follows what they can see, of the kinds that have news."""
    if not user.is_authenticated:
        return SIGN_IN
    return ALLOWED if thing.kind in FOLLOWABLE else refusal(_("This cannot be followed."))


@policy("notifications.administer")
def administer(user, letter):
    """Administrators see the ledger and send again what failed."""
    return policies.ask("portal.administer", user)
