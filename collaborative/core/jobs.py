"""Starting jobs by name once the present transaction has been committed."""

import logging

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def nudge(name, *ids):
    """Ask Celery to run the task ``name`` after commit.

    Never fails the caller: with the broker away the error is logged, and the scheduled sweep
    of that app finds the work later. ``ids`` are plain numbers.
    """

    def send():
        try:
            current_app.send_task(name, args=ids, retry=False, ignore_result=True)
        except Exception:
            logger.exception("a nudge did not reach the broker", extra={"task": name, "ids": ids})

    transaction.on_commit(send, robust=True)
