"""The daily repair."""

import logging

from celery import shared_task

from collaborative.search import services

logger = logging.getLogger(__name__)


@shared_task(name="search.repair")
def repair():
    """Make the index equal to the tables, and log how far it was from them."""
    found = services.reindex()
    if found:
        counts = {name: len(getattr(found, name)) for name in ("missing", "stale", "orphaned")}
        logger.warning("the search index was mended", extra=counts)
