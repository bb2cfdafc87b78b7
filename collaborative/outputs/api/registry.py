"""What is offered: each feature registers its resources."""

from django.contrib.auth.models import AnonymousUser

from collaborative.core import kinds
from collaborative.outputs.models import OldAddress

READER = AnonymousUser()
"""For whom everything is read, whoever asks."""


class Resource:
    """Things of one kind: their list, and the whole record of each.

    ``filters`` are those of the pages' list. ``summary`` is what a row of the list says, ``detail`` the whole record;
    ``for_list`` and ``for_detail`` fetch what ``summarise`` and ``describe`` read. With ``listed = False`` there is
    no list of its own. ``dated`` says that the ledger knows of every change, so that the record can tell since when
    it is as it is. ``one`` and ``many`` name the operations, ``path`` is that of one thing below ``name``.
    """

    kind = name = one = many = order = None
    filters = summary = detail = None
    path = "{slug:slug}/"
    listed = True
    dated = False

    def rows(self):
        """Return all that everyone may read."""
        return kinds.model_of(self.kind)._default_manager.visible_to(READER)

    def for_list(self, rows):
        """Fetch what ``summarise`` reads of each."""
        return rows

    def for_detail(self, rows):
        """Fetch what ``describe`` reads of one."""
        return self.for_list(rows)

    def prepare(self, things):
        """Read what ``summarise`` needs of all things of one page, in as many queries for one as for a hundred."""

    def summarise(self, thing):
        """Return what a list says of one thing."""
        raise NotImplementedError

    def describe(self, thing):
        """Return the whole record of one thing."""
        raise NotImplementedError

    def find(self, slug):
        """Return the thing at an address, or None."""
        return self.for_detail(self.rows()).filter(slug=slug).first()

    def gone(self, slug):
        """Return the ``Tombstone`` of what could once be read at an address, or None."""
        return None

    def moved(self, slug):
        """Return the slug under which what once had this address is read now, or None."""
        old = OldAddress.objects.filter(kind=self.kind, slug=slug).values("object_id")
        return self.rows().filter(pk__in=old).values_list("slug", flat=True).first()


_resources = {}


def resource(kind, name, *, one, order=50):
    """Register the decorated ``Resource`` for things of a kind, below ``name`` in the address."""

    def register(declared):
        declared.kind, declared.name, declared.order = kind, name, order
        declared.one, declared.many = f"get_{one}", f"list_{name}"
        if one in _resources:
            raise ValueError(f"two resources claim to be {one}")
        _resources[one] = declared()
        return declared

    return register


def resources():
    """Return what is offered, in order."""
    return sorted(_resources.values(), key=lambda each: (each.order, each.one))


def one_of(kind):
    """Return the name of the operation that reads one thing of a kind; raises ``LookupError`` without any."""
    found = next((each for each in resources() if each.kind == kind and each.listed), None)
    if found is None:
        raise LookupError(kind)
    return found.one
