"""Database triggers that apps declare, on both engines.

SQLite drops a table's triggers silently when a migration rebuilds it, so a test compares
``installed`` with ``declared`` after every migration.
"""

from contextlib import contextmanager
from dataclasses import dataclass

_declared = []


@dataclass(frozen=True)
class Trigger:
    """One trigger of one engine (``sqlite`` or ``postgresql``) and the statements that make it."""

    vendor: str
    table: str
    name: str
    create: tuple


def declare(vendor, table, name, *create):
    """Declare a trigger; it is made by ``install`` in a migration."""
    _declared.append(Trigger(vendor, table, name, create))


def declared(connection, table=None):
    """Return the triggers declared for this engine, of one table or of all."""
    return [t for t in _declared if t.vendor == connection.vendor and table in (None, t.table)]


def installed(connection):
    """Return the names of the triggers that the database really has."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


def install(connection, table=None):
    """Make the declared triggers anew."""
    lift(connection, table)
    with connection.cursor() as cursor:
        for trigger in declared(connection, table):
            for statement in trigger.create:
                cursor.execute(statement)


def lift(connection, table=None):
    """Take the declared triggers away."""
    with connection.cursor() as cursor:
        for trigger in declared(connection, table):
            on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


@contextmanager
def lifted(connection, table=None):
    """Work without the triggers of a table, and put them back whatever happens."""
    lift(connection, table)
    try:
        yield
    finally:
        install(connection, table)
