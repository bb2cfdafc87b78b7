"""The two engines behind one small interface, so that another could stand behind it.

Each offers ``matching(entries, query)``, ``scored(entries, query)``, ``answers(term)``,
``marked(ids, query, columns)``, ``repair()``, ``forget_removed()`` and ``RANKED_AT_MOST``;
``query`` is a ``parsing.Query`` that wants something.
"""

from django.db import connection

from collaborative.search.engines import postgresql, sqlite

_engines = {"postgresql": postgresql, "sqlite": sqlite}


def engine():
    """Return the engine of the database in use."""
    return _engines[connection.vendor]
