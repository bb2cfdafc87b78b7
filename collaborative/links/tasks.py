"""The jobs that look after links; each may run twice or at once with another without harm."""

from celery import shared_task

from collaborative.links import services


@shared_task(name="links.check")
def check():
    """Look at the links whose time has come."""
    services.check_due()


@shared_task(name="links.gather", expires=3600)
def gather():
    """Make the table of links equal to what all texts say."""
    services.gather()
