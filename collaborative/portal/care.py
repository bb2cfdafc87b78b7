"""What keeps a database quick, and what it holds of people little, over the months."""

import logging

from django.core.management import call_command
from django.db import connection

from collaborative.accounts import erasures, sessions
from collaborative.core import personal
from partners.personal.profiles import forget_lost_pictures

log = logging.getLogger(__name__)


def care_for_database():
    """Remove expired sessions and refresh the figures that the query planner goes by.

    On SQLite after bulk loads, and daily on both engines; takes seconds.
    """
    call_command("clearsessions")
    sessions.forget_ended()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA optimize")
        cursor.execute("ANALYZE")


def forget_what_is_old():
    """Forget what has outlived its purpose by each app's rules, lost pictures too; complete the list of erasures.

    Runs daily; may run twice or at once with another without harm. A rule that fails leaves the others at work.
    """
    erasures.complete()
    forget_lost_pictures()
    for rule in personal.rules():
        try:
            forgotten = personal.forget_what_is_old(rule)
        except Exception:
            log.exception("a rule of what is forgotten failed", extra={"rule": rule.name})
        else:
            log.info("forgotten", extra={"rule": rule.name, "rows": forgotten})
