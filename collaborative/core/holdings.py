"""What people hold for an organisation, and what follows when they leave it or it goes on in another.

Each app registers in its ``holdings.py`` what somebody can hold: the lead of a project, a theme, the organisation
itself. ``partners`` opens the handing on of each when its holder leaves; nothing ever moves before somebody accepts.
"""

from collections.abc import Callable
from dataclasses import dataclass

_holdings = {}
_when_left = []
_carried = []


@dataclass(frozen=True)
class Held:
    """One thing that somebody holds: what it is, what it is called and where it stands.

    ``holding`` and ``pk`` find it again. ``programme_id`` is the programme it belongs to, or None.
    """

    holding: str
    pk: int
    label: str
    title: str
    url: str
    organisation_id: int
    programme_id: int | None = None

    @property
    def key(self):
        """A name for fields of forms."""
        return f"{self.holding}-{self.pk}"


class Holding:
    """One sort of thing that people hold; an app fills in how it is found and handed on.

    ``row`` is always the row that is held, such as somebody's part in a project.
    """

    name = ""
    label = ""

    def held(self, user, organisation_id=None):
        """Return ``[Held, …]`` of what the person holds for an organisation (or any) and does not hand on yet."""
        raise NotImplementedError

    def read(self, pk):
        """Return the row, to be looked at."""
        raise NotImplementedError

    def row(self, pk):
        """Return the row, locked as far as handing it on needs."""
        return self.read(pk)

    def named(self, pks, user):
        """Return ``{pk: Held}`` of those rows whose thing the reader may see, in one query."""
        raise NotImplementedError

    def needed(self, row):
        """Say whether somebody still has to take it over."""
        raise NotImplementedError

    def eligible(self, row):
        """Return the people who may be asked: staff of the organisation with standing, as a queryset."""
        raise NotImplementedError

    def hand_over(self, row, to, by):
        """Move it to somebody."""
        raise NotImplementedError

    def vacate(self, row, by):
        """Leave it to nobody; raises ``Refused`` where somebody must have it."""
        raise NotImplementedError


def holding(cls):
    """Register the decorated ``Holding``. Raises ``ValueError`` for a name used twice."""
    if cls.name in _holdings:
        raise ValueError(f"two holdings are called {cls.name}")
    _holdings[cls.name] = cls()
    return cls


def find(name):
    """Return the registered holding; raises ``LookupError`` when nobody registered it."""
    return _holdings[name]


def names():
    """Return the names of all holdings."""
    return sorted(_holdings)


def held(user, organisation_id=None):
    """Return ``[Held, …]`` of all that the person holds, for one organisation or any."""
    return [each for name in names() for each in _holdings[name].held(user, organisation_id)]


def when_left(function):
    """Register ``(user, organisation_id, *, by)``, called in the transaction in which somebody's place ends."""
    _when_left.append(function)
    return function


def has_left(user, organisation_id, *, by):
    """Tell every listener that somebody is no longer staff of an organisation."""
    for listener in _when_left:
        listener(user, organisation_id, by=by)


@dataclass(frozen=True)
class Carried:
    """What goes on in the successor of an organisation: how much there is, and how it is carried over."""

    label: str
    count: Callable
    carry: Callable


def carried(label, *, count):
    """Register the decorated ``(organisation, successor, *, on)`` that carries something over on that day.

    ``count(organisation)`` says how much there is, for those who decide. Where a row goes on in another it returns
    ``{holding: {old id: new id}}``, so that what is being handed on is found again.
    """

    def register(carry):
        _carried.append(Carried(label, count, carry))
        return carry

    return register


def all_carried():
    """Return everything that goes on in a successor."""
    return list(_carried)
