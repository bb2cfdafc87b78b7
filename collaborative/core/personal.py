"""What is held of people: each app says in its ``personal.py`` what it keeps, why, how long, and what leaving does.

Four registries, each filled by the apps and read by the pages below ``/me/data/``, by the closing of accounts, by
the daily job and by the privacy page, so that what the portal promises is what it does:

* ``table(…)``: rows that belong to a person, how they are exported and what becomes of them (``Table``);
* ``@obstacle`` and ``locked_while_closing``: what a person has to hand on before they can leave (``Matter``);
* ``credit(…)``: where a person's name may stay because they wish it (``Credit``);
* ``retention(…)``: what is deleted once it has outlived its purpose (``Rule``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from collaborative.core.counting import numbers

CHUNK = 2000
"""Rows of an export that are read at a time."""

BATCH = 500
"""Rows that a rule forgets in one transaction."""

ALL = "all"
"""In a person's choices: everything of that kind."""

_tables, _obstacles, _locks, _credits, _rules, _impersonal = {}, [], [], {}, {}, {}


@dataclass(frozen=True)
class Leaver:
    """A person whose account is being closed, as they were a moment ago.

    ``choices`` are ``{credit's name: ids or ALL}``; ``addresses`` the confirmed ones, in lower case.
    """

    user: object
    name: str
    addresses: tuple
    choices: dict = field(default_factory=dict)
    at: datetime = None


@dataclass(frozen=True)
class Table:
    """One table of what is held of a person.

    ``covers`` names the columns that it answers for, such as ``"partners.Membership.user"``. ``rows(user)``
    is a queryset, ``columns`` its columns (lookups or annotations) with their words, ``files`` the columns that
    name a file. ``erase(leaver)`` does what ``leaving`` says; None where nothing has to be done. Pages list them
    by ``order``, and leave out what is ``part_of`` another table.
    """

    name: str
    covers: tuple
    label: str
    purpose: str
    kept: str
    leaving: str
    rows: Callable
    columns: dict
    files: tuple = ()
    erase: Callable | None = None
    order: int = 50
    part_of: str = ""

    @property
    def headings(self):
        """The words over its columns, in order."""
        return list(self.columns.values())


@dataclass(frozen=True)
class Matter:
    """Something that keeps a person from leaving: what it is, what to do about it, and where."""

    words: str
    todo: str
    url: str


@dataclass(frozen=True)
class Credit:
    """Where a name may stay: ``offered(user)`` returns ``[(id, words), …]``, ``keep(leaver, ids)`` writes the name.

    ``held(user)`` is the queryset of rows that carry such a name, in the column ``credit_name``.
    """

    name: str
    label: str
    offered: Callable
    keep: Callable
    held: Callable


@dataclass(frozen=True)
class Rule:
    """Something that is forgotten after ``days``: ``rows(before)`` are those due, ``forget(rows)`` forgets a batch.

    What was forgotten is no longer among ``rows``.
    """

    name: str
    label: str
    days: int
    rows: Callable
    forget: Callable


def _add(registry, row):
    if row.name in registry:
        raise ValueError(f"two registrations are called {row.name}")
    registry[row.name] = row
    return row


def table(name, **fields):
    """Register what one table holds of people; see ``Table``."""
    return _add(_tables, Table(name, **fields))


def credit(name, **fields):
    """Register where a name may stay; see ``Credit``."""
    return _add(_credits, Credit(name, **fields))


def retention(name, **fields):
    """Register what is forgotten after some days; see ``Rule``."""
    return _add(_rules, Rule(name, **fields))


def impersonal(column, why):
    """Say of a column (``"app.Model.field"``) that looks as if it were about a person why it is not."""
    _impersonal[column] = why


def obstacle(find):
    """Register the decorated ``user -> [Matter, …]``: what the person has to hand on before leaving."""
    _obstacles.append(find)
    return find


def locked_while_closing(order, rows):
    """Have ``rows(user)`` locked, in their ``order``, before an account is closed: others lock them first, too."""
    _locks.append((order, rows))
    _locks.sort(key=lambda each: each[0])


def tables():
    """Return every table, in the order in which people read of them."""
    return sorted(_tables.values(), key=lambda table: table.order)


def listed():
    """Return the tables that pages list."""
    return [each for each in tables() if not each.part_of]


def tables_to_erase():
    """Return every table, in the order in which they are erased: the higher app first."""
    return list(_tables.values())


def credits():
    """Return where names may stay."""
    return list(_credits.values())


def rules():
    """Return what is forgotten, the soonest first."""
    return sorted(_rules.values(), key=lambda rule: (rule.days, rule.name))


def covered():
    """Return every column that somebody answers for, personal or not."""
    return {column for each in _tables.values() for column in each.covers} | set(_impersonal)


def matters(user):
    """Return what the person has to hand on before they can leave."""
    return [matter for find in _obstacles for matter in find(user)]


def lock_what_decides(user):
    """Lock the rows that others lock before they give the person something, or take a last colleague away."""
    for _order, rows in _locks:
        list(rows(user).select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def counts(user):
    """Return ``{table's name: how many rows}`` of the person, in one query."""
    return numbers(user, {each.name: each.rows(user) for each in tables()})


def export(a_table, user):
    """Yield the person's rows of a table as plain mappings, newest last, in one query however many there are."""
    names = [lookup.replace("__", "_") for lookup in a_table.columns]
    for row in a_table.rows(user).order_by("pk").values_list(*a_table.columns).iterator(chunk_size=CHUNK):
        yield dict(zip(names, row, strict=True))


def files(a_table, user):
    """Yield ``(name, open file)`` of the files that a table holds for the person."""
    for column in a_table.files:
        for row in a_table.rows(user):
            kept = getattr(row, column)
            if kept and kept.storage.exists(kept.name):
                yield kept.name.rpartition("/")[2], kept.storage.open(kept.name)


def forget_what_is_old(rule, now=None):
    """Forget what has outlived its purpose, batch by batch; return how many rows were forgotten."""
    before = (now or timezone.now()) - timedelta(days=rule.days)
    forgotten = 0
    while True:
        with transaction.atomic():
            due = list(rule.rows(before).order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not due:
                return forgotten
            rule.forget(rule.rows(before).filter(pk__in=due))
        forgotten += len(due)
