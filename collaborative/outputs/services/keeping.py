"""The ledger follows the index, in the transaction that changed a thing."""

from django.db import transaction
from django.utils import timezone

from collaborative.outputs.models import OldAddress, Record, RecordSet
from collaborative.outputs.reading import settle, standings
from collaborative.outputs.registry import kinds_out
from collaborative.outputs.services.addresses import note_move
from collaborative.search.following import follows_index, forgets_with_index

KEPT = ("slug", "stamp", "gone", "digest")


@follows_index
@transaction.atomic
def keep(kind, entries):
    """Write down how some things of a kind now go out; ``entries`` are ``{id: Entry or None}`` of the index.

    Two writers of one thing follow each other: the rows are locked before the things are read.
    """
    if kind not in kinds_out() or not entries:
        return
    rows = _locked(kind, entries)
    now = timezone.now().replace(microsecond=0)
    standing = standings(kind, {pk: entries[pk] for pk in rows})
    changed = [row for pk, row in rows.items() if _keep_one(row, standing[pk], entries[pk], now)]
    lost = [row.pk for pk, row in rows.items() if row.stamp is None and not standing[pk].there]
    Record.objects.bulk_update(changed, KEPT)
    Record.objects.filter(pk__in=lost).delete()
    _keep_sets(rows, standing)


@forgets_with_index
@transaction.atomic
def forget(kind, pk):
    """Leave no word of a thing: its old addresses go; of what the world knew, the row says only that it is gone."""
    OldAddress.objects.filter(kind=kind, object_id=pk).delete()
    rows = Record.objects.filter(kind=kind, object_id=pk)
    rows.filter(gone=False).delete()
    rows.update(slug="", digest="")


def _locked(kind, entries):
    """Return ``{id: row}`` of the things, each locked, after making one for what is found for the first time."""
    rows = {row.object_id: row for row in _lock(kind, entries)}
    if new := sorted(pk for pk, entry in entries.items() if entry is not None and pk not in rows):
        Record.objects.bulk_create((Record(kind=kind, object_id=pk) for pk in new), ignore_conflicts=True)
        rows |= {row.object_id: row for row in _lock(kind, new)}
    return rows


def _lock(kind, ids):
    return Record.objects.select_for_update().filter(kind=kind, object_id__in=list(ids)).order_by("pk")


def _keep_one(row, standing, entry, now):
    """Let a row say how its thing stands; return whether it has to be saved."""
    moved = standing.there and row.slug != standing.slug and bool(entry is not None or row.slug)
    if moved:
        note_move(row, standing.slug, now)
    return settle(row, standing, now) or moved


def _keep_sets(rows, standing):
    """Put what is or will be public into its sets; what is gone stays in those it had."""
    wanted = {(rows[pk].pk, spec) for pk, each in standing.items() for spec in each.specs}
    places = {place for place, _spec in wanted}
    kept = set(RecordSet.objects.filter(record__in=places).values_list("record_id", "spec"))
    new = sorted(wanted - kept)
    RecordSet.objects.bulk_create((RecordSet(record_id=pk, spec=spec) for pk, spec in new), ignore_conflicts=True)
    for pk, spec in kept - wanted:
        RecordSet.objects.filter(record_id=pk, spec=spec).delete()
