"""The jobs that look each minute for what is due; each may run twice or at once with another without harm."""

from celery import shared_task

from evidence import services


@shared_task(name="evidence.publish_due", expires=300)
def publish_due():
    """Publish what is due, and tell of what an embargo no longer hides."""
    services.publish_due()
    services.lift_due()


@shared_task(name="evidence.updates_due", expires=1800)
def updates_due():
    """Say which published texts have to be looked at again."""
    services.updates_due()
