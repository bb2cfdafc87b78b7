"""The production settings with shorter waits, so that a fault and its mending fit into a test."""

from datetime import timedelta

from collaborative.settings import *  # noqa: F403
from collaborative.settings import CELERY_BEAT_SCHEDULE

EMAIL_TIMEOUT = 1
CELERY_BEAT_SCHEDULE = CELERY_BEAT_SCHEDULE | {
    "sweep letters": CELERY_BEAT_SCHEDULE["sweep letters"] | {"schedule": timedelta(seconds=2)},
    "heartbeat": CELERY_BEAT_SCHEDULE["heartbeat"] | {"schedule": timedelta(seconds=2)},
}
