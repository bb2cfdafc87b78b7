"""The jobs of the index: the daily repair, and what is indexed anew because something it names was changed."""

import logging

from celery import shared_task

from collaborative.search import services

logger = logging.getLogger(__name__)


@shared_task(name=services.DRAIN, expires=600)
def drain():
    """Index what waits; what no nudge reached is found each minute."""
    services.drain()


@shared_task(name="search.repair")
def repair():
    """Make the index equal to the tables, and log how far it was from them."""
    found = services.reindex()
    if found:
        counts = {name: len(getattr(found, name)) for name in ("missing", "stale", "orphaned")}
        logger.warning("the search index was mended", extra=counts)
