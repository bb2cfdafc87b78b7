"""What is handed on, read for pages and letters."""

from django.utils.translation import gettext as _

from collaborative.core import holdings


def title_of(handover):
    """Return what is handed on in words that anybody may read: what it is, and of which organisation."""
    label = holdings.find(handover.holding).label
    return _("%(what)s, %(organisation)s") % {"what": label, "organisation": handover.organisation}


def named(handovers, user):
    """Return ``[(handover, Held), …]`` of those whose thing the reader may see, in one query for each sort."""
    handovers = list(handovers)
    sorts = {}
    for each in handovers:
        sorts.setdefault(each.holding, []).append(each.object_id)
    found = {sort: holdings.find(sort).named(pks, user) for sort, pks in sorts.items()}
    pairs = ((each, found[each.holding].get(each.object_id)) for each in handovers)
    return [(each, held) for each, held in pairs if held is not None]
