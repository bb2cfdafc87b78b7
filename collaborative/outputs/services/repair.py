"""Proving that the ledger is equal to the tables, and making it so."""

from django.db import transaction
from django.utils import timezone

from collaborative.core import kinds
from collaborative.outputs.models import Record
from collaborative.outputs.reading import settle, standings
from collaborative.outputs.registry import kinds_out
from collaborative.outputs.services.keeping import keep
from collaborative.search.registry import searchable_of

CHUNK = 200
"""Things that are compared, and locked when they differ, at a time."""


def drift(kind=None):
    """Return ``[(kind, id), …]`` of everything that does not stand in the ledger as it is; change nothing."""
    return [(each, pk) for each in ([kind] if kind else kinds_out()) for pk in _differing(each)]


def rebuild(kind=None):
    """Make the ledger equal to the tables, of one kind or of all; return what ``drift`` had found.

    Each differing thing is locked and read again first, so that a change made meanwhile is not overwritten.
    """
    found = drift(kind)
    for each in dict.fromkeys(kind for kind, _pk in found):
        ids = sorted(pk for kind, pk in found if kind == each)
        for start in range(0, len(ids), CHUNK):
            _mend(each, ids[start : start + CHUNK])
    return found


@transaction.atomic
def _mend(kind, ids):
    list(kinds.model_of(kind)._base_manager.select_for_update().filter(pk__in=ids).order_by("pk").values("pk"))
    keep(kind, dict.fromkeys(ids) | _entries(kind, ids))


def _entries(kind, ids):
    registered = searchable_of(kind)
    return {thing.pk: registered.entry(thing) for thing in registered.all_rows().filter(pk__in=ids)}


def _differing(kind):
    """Return the ids of the things, and of the ledger's rows without one, that are not as they should be."""
    model, found, last = kinds.model_of(kind), [], 0
    while ids := list(model._base_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        found += _compared(kind, ids)
        last = ids[-1]
    lost = Record.objects.filter(kind=kind, gone=False).exclude(object_id__in=model._base_manager.values("pk"))
    return [*found, *lost.order_by("object_id").values_list("object_id", flat=True)]


def _compared(kind, ids):
    """Return those of some things that differ."""
    entries = _entries(kind, ids)
    rows = Record.objects.filter(kind=kind, object_id__in=ids).prefetch_related("sets")
    kept, now = {row.object_id: row for row in rows}, timezone.now().replace(microsecond=0)
    expected = standings(kind, entries)
    return [pk for pk in entries if _differs(kept.get(pk), expected[pk], entries[pk], now)]


def _differs(row, standing, entry, now):
    if row is None:
        return entry is not None
    moved = row.slug != standing.slug and (entry is not None or row.slug)
    specs = {each.spec for each in row.sets.all()}
    return bool(moved or settle(row, standing, now) or (standing.specs and specs != standing.specs))
