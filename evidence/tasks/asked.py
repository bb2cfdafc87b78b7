"""The job that brings requests for other formats to mind; it may run twice or at once with another without harm."""

from celery import shared_task

from evidence.services import asked


@shared_task(name="evidence.chase_asked", expires=1800)
def chase_asked():
    """Tell those who answer what is due in two days, and what is late."""
    asked.chase()
