"""What time does to invitations: a reminder, the end, and forgetting whose address it was."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from collaborative.notifications.services import forget_addresses, tell_address
from collaborative.workflow.services import transition
from partners.models import Invitation
from partners.services.invitations import LASTS, REMIND_AFTER, holds
from partners.states import EXPIRE_INVITATION

FORGET_AFTER = timedelta(days=90)
BATCH = 1000
"""Invitations looked at in one run; the next one carries on."""


def remind_and_expire(now=None):
    """End what has run out, remind once of what has waited a week, and forget addresses that are no longer needed.

    May run twice or at once with another without harm.
    """
    now = now or timezone.now()
    waiting = Invitation.objects.filter(state=EXPIRE_INVITATION.sources[0])
    for invitation in waiting.filter(expires_at__lte=now)[:BATCH]:
        with suppress(Refused):  # answered or sent again meanwhile
            expire(invitation, now)
    due = waiting.filter(expires_at__gt=now, expires_at__lte=now + LASTS - REMIND_AFTER, reminded_at=None)
    for invitation in due.select_related("organisation", "invited_by")[:BATCH]:
        remind(invitation, now)
    forget(now)


@transaction.atomic
def expire(invitation, now):
    """End an invitation whose time has passed; raises ``Refused`` when it was answered meanwhile."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.expires_at <= now:
        transition(locked, EXPIRE_INVITATION, by=None, organisation_id=locked.organisation_id)


@transaction.atomic
def remind(invitation, now):
    """Remind of an invitation that holds, once and never again."""
    first = Invitation.objects.pending().filter(pk=invitation.pk, reminded_at=None).update(reminded_at=now)
    if first and holds(invitation):
        event = f"invitation.reminded:{invitation.pk}"
        told = {"event": event, "by": invitation.invited_by, "organisation_id": invitation.organisation_id}
        tell_address("invitation.reminded", invitation, address=invitation.email, **told)


@transaction.atomic
def forget(now):
    """Forget the addresses in letters about what is settled or ninety days old, and in what was settled so long ago."""
    long_ago = now - FORGET_AFTER
    letters = Letter.objects.filter(kind_of=Invitation.kind)
    forget_addresses(letters.filter(object_id__in=Invitation.objects.settled().values("pk")))
    forget_addresses(letters.filter(created_at__lte=long_ago))
    old = Invitation.objects.settled().filter(expires_at__lte=long_ago).exclude(email="")
    old.update(email="", name="", title="", message="")
