"""The portal of a police and academic research collaborative."""

from collaborative.celery import app as celery_app

__all__ = ["celery_app"]
