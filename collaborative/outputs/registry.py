"""What each app says of its things to those who read them by machine.

One description feeds harvests, feeds, the sitemap and social cards, so that these cannot differ. Who sees a thing is
not said here: ``public_from`` is that of its search entry, and whatever is shown is fetched through ``visible_to``.
"""

import datetime
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import translation

from collaborative.core import kinds


@dataclass(frozen=True)
class Name:
    """A person, or a body when ``given`` is empty; ``orcid`` without its address."""

    family: str
    given: str = ""
    orcid: str = ""

    def __str__(self):
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True)
class Description:
    """What a thing says of itself in the fifteen elements of Dublin Core (https://www.dublincore.org/documents/dces/).

    ``sets`` are ``(spec, name)`` such as ``("theme:mental-health", "Mental health")``; the kind's own set is added.
    ``identifiers`` and ``relations`` are whole addresses (a DOI as ``https://doi.org/…``). Texts are plain.
    """

    title: str
    summary: str = ""
    creators: tuple = ()
    contributors: tuple = ()
    publisher: str = ""
    date: datetime.date | None = None
    type: str = ""
    subjects: tuple = ()
    coverage: tuple = ()
    language: str = ""
    rights: str = ""
    identifiers: tuple = ()
    relations: tuple = ()
    formats: tuple = ("text/html",)
    sets: tuple = field(default=())


@dataclass(frozen=True)
class Outgoing:
    """A kind that goes out: how its rows are read in bulk, and how one describes itself.

    ``namespace`` is that of its pages' URL names, below which an old address is led on. ``harvested`` kinds are
    records of the library, which OAI-PMH and the feeds hand on; the others only stand in sitemap and interface.
    ``addresses_kept`` is false where an address is a person's name, and nothing leads on from one given up.
    ``buried(user)`` are the things whose tombstone the reader sees in their place.
    """

    kind: str
    describe: object
    rows: object
    namespace: str
    harvested: bool
    order: int
    addresses_kept: bool = True
    buried: object = None

    def described(self, thing):
        """Return the thing's ``Description`` in the portal's own language, whoever asks."""
        with translation.override(settings.LANGUAGE_CODE):
            return self.describe(thing)

    def page_of(self, slug):
        """Return the address of the page of the thing that has a slug."""
        return reverse(f"{self.namespace}:page", args=[slug])

    def open(self):
        """Return what everyone may see of this kind, without what ``describe`` reads."""
        return kinds.model_of(self.kind)._default_manager.visible_to(AnonymousUser())

    def all_rows(self):
        """Return the things of this kind, with what ``describe`` reads of each already fetched."""
        every = kinds.model_of(self.kind)._base_manager.all()
        return self.rows(every) if self.rows else every

    def seen(self, user):
        """Return what the reader may see of this kind, with what ``describe`` reads of each already fetched."""
        seen = kinds.model_of(self.kind)._default_manager.visible_to(user)
        return self.rows(seen) if self.rows else seen


_outgoing = {}


def outgoing(kind, *, namespace, rows=None, harvested=False, order=50, addresses_kept=True, buried=None):
    """Register the decorated ``thing -> Description`` for things of a kind that is also searchable."""

    def register(describe):
        if kind in _outgoing:
            raise ValueError(f"two descriptions claim the kind {kind}")
        _outgoing[kind] = Outgoing(kind, describe, rows, namespace, harvested, order, addresses_kept, buried)
        return describe

    return register


def outgoing_of(kind):
    """Return what is registered for a kind; raises ``LookupError`` when nothing is."""
    return _outgoing[kind]


def kinds_out(*, harvested=False):
    """Return the kinds that go out, in order; with ``harvested``, those of the library only."""
    wanted = [each for each in _outgoing.values() if each.harvested or not harvested]
    return [each.kind for each in sorted(wanted, key=lambda each: (each.order, each.kind))]
