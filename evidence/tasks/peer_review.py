"""The jobs of peer review; each may run twice or at once with another without harm."""

from celery import shared_task

from evidence.services import peer_review_time


@shared_task(name="evidence.chase", expires=1800)
def chase():
    """Remind reviewers of what they promised, and tell editors of requests that nobody answers."""
    peer_review_time.chase()
