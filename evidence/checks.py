"""The checklist of a version: the lines for every kind of text and for its own, and which are done."""

from django.db.models import Q

from evidence.models import Check


def checks_of(version):
    """Return the lines that a version goes through, in their order."""
    return Check.objects.filter(Q(kind_of=None) | Q(kind_of=version.review.kind_of_id))


def checklist(version):
    """Return ``[(line, tick or None), …]``."""
    ticks = {tick.check_of_id: tick for tick in version.ticks.select_related("by")}
    return [(line, ticks.get(line.pk)) for line in checks_of(version)]


def open_checks(version):
    """Return the needed lines that nobody has ticked yet."""
    if version.checklist_read is not None:
        return [line for line, tick in version.checklist_read if line.required and not tick]
    return checks_of(version).filter(required=True).exclude(pk__in=version.ticks.values("check_of_id"))
