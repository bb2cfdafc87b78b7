"""Keeping the ledger: it follows the index, in the transaction that changed a thing."""

import hashlib
from dataclasses import fields

from django.utils import timezone

from collaborative.outputs.models import OldAddress, Record, RecordSet
from collaborative.outputs.registry import kinds_out, outgoing_of
from collaborative.search.following import follows_index

KEPT = ("slug", "stamp", "gone", "digest")


@follows_index
def keep(kind, entries):
    """Write down how some things of a kind now go out; ``entries`` are ``{id: Entry or None}`` of the index."""
    if kind not in kinds_out():
        return
    things = {thing.pk: thing for thing in outgoing_of(kind).all_rows().filter(pk__in=list(entries))}
    rows = {row.object_id: row for row in Record.objects.filter(kind=kind, object_id__in=list(entries))}
    now = timezone.now().replace(microsecond=0)
    for pk, entry in entries.items():
        row = rows.setdefault(pk, Record(kind=kind, object_id=pk))
        thing = things.get(pk)
        if thing is not None:
            _move(row, thing.slug, now)
        _stamp(row, thing, entry, now)
    Record.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=KEPT
    )
    _keep_sets(kind, things, entries)


def forget(kind, pk):
    """Leave no word of a thing: its old addresses go, and its row keeps only that something is gone."""
    OldAddress.objects.filter(kind=kind, object_id=pk).delete()
    Record.objects.filter(kind=kind, object_id=pk).update(slug="", digest="")


def _move(row, slug, now):
    """Note the address that a thing had until now, when it has another."""
    if row.slug and row.slug != slug:
        moved = OldAddress(kind=row.kind, slug=row.slug, object_id=row.object_id, since=now)
        OldAddress.objects.bulk_create(
            [moved], update_conflicts=True, unique_fields=["kind", "slug"], update_fields=["object_id", "since"]
        )
        OldAddress.objects.filter(kind=row.kind, slug=slug).delete()
    row.slug = slug


def _stamp(row, thing, entry, now):
    """Say since when the thing is as it is, and whether it is gone."""
    public_from = entry.public_from if entry is not None and thing is not None else None
    if public_from is None:
        if row.stamp is not None and row.stamp > now and not row.gone:
            row.stamp = None
        elif row.stamp is not None and not row.gone:
            row.stamp, row.gone = now, True
        row.digest = ""
        return
    digest = _digest(outgoing_of(row.kind).describe(thing), entry)
    if digest != row.digest or row.gone or row.stamp is None:
        row.stamp, row.gone, row.digest = max(now, _whole_second_after(public_from)), False, digest


def _whole_second_after(moment):
    whole = moment.replace(microsecond=0)
    return whole if whole == moment else whole + timezone.timedelta(seconds=1)


def _digest(description, entry):
    said = [repr(getattr(description, each.name)) for each in fields(description)]
    found = [repr(getattr(entry, each.name)) for each in fields(entry)]
    return hashlib.sha256("\x1f".join(said + found).encode()).hexdigest()


def _keep_sets(kind, things, entries):
    """Put what is public into its sets; what is gone stays in those it had."""
    wanted = {}
    for pk, thing in things.items():
        entry = entries[pk]
        if entry is not None and entry.public_from is not None:
            specs = [spec for spec, _name in outgoing_of(kind).describe(thing).sets]
            wanted[pk] = {f"kind:{kind}", *specs}
    rows = dict(Record.objects.filter(kind=kind, object_id__in=list(wanted)).values_list("object_id", "pk"))
    kept = set(RecordSet.objects.filter(record__in=rows.values()).values_list("record_id", "spec"))
    now = {(rows[pk], spec) for pk, specs in wanted.items() for spec in specs}
    RecordSet.objects.bulk_create(
        (RecordSet(record_id=pk, spec=spec) for pk, spec in now - kept), ignore_conflicts=True
    )
    for pk, spec in kept - now:
        RecordSet.objects.filter(record_id=pk, spec=spec).delete()
