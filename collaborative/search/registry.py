"""What each app tells the search of its things."""

import datetime
from dataclasses import dataclass

from collaborative.core import kinds

ALWAYS = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
"""``public_from`` of what everyone sees and nothing dates."""


@dataclass(frozen=True)
class Entry:
    """What can be found of one thing, and by whom.

    ``title``, ``aliases`` and ``more`` are words; ``summary`` and ``body`` may be Markdown. ``more`` counts
    least and stands after the body, such as the text of what is attached. Everyone finds it
    from ``public_from`` on (None: never); with ``members``, the insiders of ``programme_id`` find it
    before that; that programme's coordinators and administrators find it always. With ``staff``, the
    insiders of any programme do.
    """

    title: str
    summary: str = ""
    body: str = ""
    more: str = ""
    aliases: str = ""
    public_from: datetime.datetime | None = None
    programme_id: int | None = None
    members: bool = False
    staff: bool = False
    date: datetime.date | None = None


@dataclass(frozen=True)
class Searchable:
    """A kind that can be found: how its rows are read in bulk, what is told of each, and how hits are marked."""

    kind: str
    entry: object
    rows: object
    order: int
    found: object = None
    mark: object = None
    spelled: bool = True

    def all_rows(self):
        """Return the things of this kind, with what ``entry`` reads of each already fetched."""
        every = kinds.model_of(self.kind)._base_manager.all()
        return self.rows(every) if self.rows else every

    @property
    def tells_more(self):
        """True when a hit tells more of a thing than where it stands, which its ``slug`` does."""
        return bool(self.found or self.mark)

    def as_hits(self, things):
        """Return visible things of this kind with what ``mark_of`` reads of each already fetched."""
        return self.found(things) if self.found else things

    def mark_of(self, thing):
        """Return the words with which a hit is marked, such as “Archived”, or nothing."""
        return str(self.mark(thing)) if self.mark else ""


_searchables = {}


def searchable(kind, *, rows=None, order=50, found=None, mark=None, spelled=True):
    """Register the decorated ``thing -> Entry | None`` for things of ``kind``.

    None means that the thing has named readers only and is not indexed. ``rows`` adds to a queryset
    what the function reads (``select_related``, ``prefetch_related``), for repairs. Kinds stand on
    the search page in their ``order``. ``mark(thing)`` gives the words that a hit must carry, such as
    “Archived”; ``found`` adds to the visible things what it reads. The names of a kind that is not ``spelled``, such
    as people's, mend no misspelt word, and so are not remembered apart from their entry.
    """

    def register(entry):
        if kind in _searchables:
            raise ValueError(f"two searchables claim the kind {kind}")
        _searchables[kind] = Searchable(kind, entry, rows, order, found, mark, spelled)
        return entry

    return register


def searchable_of(kind):
    """Return what is registered for a kind; raises ``LookupError`` when nothing is."""
    return _searchables[kind]


def kinds_in_order():
    """Return the kinds that can be found, in the order of the search page."""
    return sorted(_searchables, key=lambda kind: (_searchables[kind].order, kind))


def spelled_kinds():
    """Return the kinds whose names may mend a misspelt word."""
    return [kind for kind in kinds_in_order() if _searchables[kind].spelled]
