"""What a harvester is given of the ledger: records by their stamps, one page after the other, and the sets."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.text import capfirst

from collaborative.core import kinds
from collaborative.outputs.models import OldAddress, Record, RecordSet
from collaborative.outputs.oai.moments import settled, window
from collaborative.outputs.oai.protocol import Wrong, check_prefix
from collaborative.outputs.oai.tokens import Place
from collaborative.outputs.registry import kinds_out, outgoing_of
from collaborative.vocabulary.models import Theme

SPEC = re.compile(r"[A-Za-z0-9_.!~*'()-]+(:[A-Za-z0-9_.!~*'()-]+)*")
IDENTIFIER = re.compile(r"oai:([^:/]+):([a-z_]+)/([1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Page:
    """Some records in the order of their stamps; ``things`` are those that everyone may read, ``{record id: thing}``.

    ``told`` counts those on the pages before; ``next`` is where the list goes on, or None.
    """

    records: list
    things: dict
    told: int
    size: int
    next: Place | None


def records():
    """Return what harvesters are told of now."""
    return Record.objects.out(settled()).filter(kind__in=kinds_out(harvested=True))


def identifier(record):
    """Return the identifier of a record, which no change of address changes."""
    return f"oai:{settings.SITE_HOST}:{record.kind}/{record.object_id}"


def record_of(text):
    """Return the record of an identifier, with its thing or None; raises ``Wrong``."""
    parts = IDENTIFIER.fullmatch(text)
    rows = Record.objects.out().prefetch_related("sets").filter(kind__in=kinds_out(harvested=True))
    row = parts and parts[1] == settings.SITE_HOST and rows.filter(kind=parts[2], object_id=int(parts[3])).first()
    if not row:
        raise Wrong("idDoesNotExist", "There is no record of this identifier.")
    return row, things_of([row]).get(row.pk)


def page(verb, arguments, place=None):
    """Return the first page of a list, or the one after ``place``; raises ``Wrong`` when there is nothing."""
    rows = asked_for(arguments)
    told, size = (place.told, place.size) if place else (0, None)
    found = _after(rows, place)[: settings.OAI_PAGE + 1]
    found = list(found.prefetch_related("sets"))
    if not found:
        raise Wrong("noRecordsMatch", "There is no record, or none any more, of what was asked for.")
    more, found = len(found) > settings.OAI_PAGE, found[: settings.OAI_PAGE]
    if more and size is None:
        size = rows.count()
    by_then = told + len(found)
    last = found[-1]
    stopped = Place(verb, int(last.stamp.timestamp()), last.pk, by_then, size, arguments) if more else None
    return Page(found, things_of(found), told, size or by_then, stopped)


def asked_for(arguments):
    """Return the records that a list's arguments ask for, in order; raises ``Wrong``."""
    check_prefix(arguments["metadataPrefix"])
    since, until = window(arguments)
    rows = records().order_by("stamp", "pk")
    rows = rows.filter(stamp__gte=since) if since else rows
    rows = rows.filter(stamp__lte=until) if until else rows
    return rows.filter(_in_set(arguments["set"])) if "set" in arguments else rows


def _after(rows, place):
    """Return the rows that come after a place; those that change meanwhile move to the end, not past the reader."""
    if place is None:
        return rows
    later = Q(stamp__gt=place.moment) | Q(stamp=place.moment, pk__gt=place.pk)
    return rows.filter(later, stamp__gte=place.moment)


def _in_set(spec):
    """Hold for the records of a set, or of the sets below it."""
    if not SPEC.fullmatch(spec):
        raise Wrong("badArgument", "A set is named by its setSpec.")
    sets = RecordSet.objects.filter(record=OuterRef("pk"))
    inside = Q(spec=spec) if ":" in spec else Q(spec=spec) | Q(spec__startswith=f"{spec}:")
    return Exists(sets.filter(inside))


def things_of(found):
    """Return ``{record id: thing}`` of those records that everyone may read, fetched as a visitor."""
    wanted = {}
    for row in found:
        if not row.gone:
            wanted.setdefault(row.kind, {})[row.object_id] = row.pk
    return {
        rows[thing.pk]: thing
        for kind, rows in wanted.items()
        for thing in outgoing_of(kind).seen(AnonymousUser()).filter(pk__in=list(rows))
    }


def sets():
    """Return ``[(spec, name), …]``: every kind, every theme that has records, and above each the set of them all.

    Asked of each theme instead of the ledger, so that this costs the same however much has been written. A theme's
    earlier address still names what went from the library under it.
    """
    models = {kind: kinds.model_of(kind) for kind in kinds_out(harvested=True)}
    named = [(f"kind:{kind}", capfirst(model._meta.verbose_name_plural)) for kind, model in models.items()]
    themes = Theme.objects.visible_to(AnonymousUser())
    names = dict(themes.values_list("pk", "name"))
    old = OldAddress.objects.filter(kind="theme", object_id__in=list(names))
    about = {spec: names[pk] for pk, spec in [*_with_records(old, "object_id"), *_with_records(themes, "pk")]}
    above = [("theme", "By theme")] if about else []
    return [("kind", "By kind"), *named, *above, *sorted(about.items())]


def _with_records(rows, pk):
    """Return ``(id, spec)`` of the themes whose sets have records that are told now."""
    spec = Concat(Value("theme:"), "slug", output_field=CharField())
    inside = RecordSet.objects.filter(spec=OuterRef("spec"), record__in=records())
    return rows.annotate(spec=spec).filter(Exists(inside)).values_list(pk, "spec")
