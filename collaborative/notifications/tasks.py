"""The jobs of the ledger; each may run twice or at once with another without harm."""

from celery import shared_task

from collaborative.core.jobs import nudge
from collaborative.notifications import digests, sending
from collaborative.notifications.models import Letter

EXPIRES = 300
"""Seconds after which a scheduled run that nobody took is dropped: the next one does its work."""


@shared_task(name="notifications.deliver")
def deliver():
    """Send a batch of due mail, and ask for the next one while there is more."""
    if sending.deliver():
        nudge("notifications.deliver")


@shared_task(name="notifications.sweep", expires=EXPIRES)
def sweep():
    """Find mail that no nudge reached, that has waited long enough or whose worker was lost."""
    if Letter.objects.due().exists():
        deliver()


@shared_task(name="notifications.send_digests", expires=EXPIRES)
def send_digests():
    """Write the daily mail of everyone whose hour has come; it goes out with the other letters."""
    digests.write_digests()
