"""The daily repair of the ledger."""

import logging

from celery import shared_task

from collaborative.outputs import services

logger = logging.getLogger(__name__)


@shared_task(name="outputs.repair")
def repair():
    """Make the ledger equal to the tables, and log how far it was from them."""
    found = services.rebuild()
    if found:
        logger.warning("the ledger of what goes out was mended", extra={"differing": len(found)})
