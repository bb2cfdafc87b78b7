"""The addresses that things once had: they lead on for ever, and no other thing gets them."""

from django.db.models import Q

from collaborative.core.slugs import knows_old_addresses
from collaborative.outputs.models import OldAddress, Record
from collaborative.outputs.registry import kinds_out, outgoing_of


@knows_old_addresses
def once_had(kind, start):
    """Return ``{address: id of the thing that has or once had it}`` of a kind, for addresses that begin with a word.

    One that stood for a thing that is gone stays that thing's.
    """
    if kind not in kinds_out() or not outgoing_of(kind).addresses_kept:
        return {}
    known = Q(kind=kind, slug__startswith=start)
    rows = Record.objects.filter(known).order_by().values_list("slug", "object_id")
    return dict(rows) | dict(OldAddress.objects.filter(known).values_list("slug", "object_id"))


def note_move(row, slug, now):
    """Note the address that the thing of a ledger's row had until now, when it has another."""
    if row.slug and row.slug != slug:
        moved = OldAddress(kind=row.kind, slug=row.slug, object_id=row.object_id, since=now)
        OldAddress.objects.bulk_create(
            [moved], update_conflicts=True, unique_fields=["kind", "slug"], update_fields=["object_id", "since"]
        )
        OldAddress.objects.filter(kind=row.kind, object_id=row.object_id, slug=slug).delete()
    row.slug = slug
