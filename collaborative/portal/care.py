"""What keeps a database quick over the months."""

from django.core.management import call_command
from django.db import connection


def care_for_database():
    """Remove expired sessions and refresh the figures that the query planner goes by.

    On SQLite after bulk loads, and daily on both engines; takes seconds.
    """
    call_command("clearsessions")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA optimize")
        cursor.execute("ANALYZE")
