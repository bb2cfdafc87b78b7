"""The portal's own jobs: a sign of life, and the daily care of the database."""

from celery import shared_task

from collaborative.portal import care, health


@shared_task(name="portal.heartbeat", ignore_result=True)
def heartbeat():
    """Note for ``/readyz`` that beat and the worker are at work."""
    health.note_heartbeat()


@shared_task(name="portal.care_for_database", ignore_result=True)
def care_for_database():
    """Remove expired sessions and refresh the query planner's figures."""
    care.care_for_database()


@shared_task(name="portal.forget_what_is_old", ignore_result=True)
def forget_what_is_old():
    """Forget what has outlived its purpose."""
    care.forget_what_is_old()
