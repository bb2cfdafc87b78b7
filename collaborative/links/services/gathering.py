"""Keeping the table of links equal to what the texts say."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from collaborative.core import kinds
from collaborative.links.fetching import OutOfBounds, target_of
from collaborative.links.models import Link, Place
from collaborative.links.registry import kinds_with_links, links_of

CHUNK = 200
"""Things whose texts are read at a time."""
WRITTEN = 500
"""Rows that one statement writes, or asks for by their addresses."""
LONGEST = 500
MOST = 2000
"""Addresses that are kept of one thing."""
KEPT = timedelta(days=90)
"""How long a link stays known after no text leads there any more."""


def gather(now=None):
    """Make places and links equal to the texts of all kinds, some things at a time; links of no text are not wanted.

    May run twice, or at once with another, without harm.
    """
    for kind in kinds_with_links():
        for ids in _chunks(kind):
            gather_each(kind, ids)
        there = kinds.model_of(kind)._base_manager.values("pk")
        _leave(Place.objects.filter(kind_of=kind).exclude(object_id__in=there))
    _leave(Place.objects.exclude(kind_of__in=kinds_with_links()))
    old = (now or timezone.now()) - KEPT
    Link.objects.filter(wanted=False).filter(Q(checked_at=None) | Q(checked_at__lt=old)).delete()


@transaction.atomic
def gather_each(kind, ids):
    """Make the places of some things, and their links, equal to their texts as they now are."""
    found = _found(kind, ids)
    links = _links({url for _pk, url in found})
    kept = {(each.object_id, each.link_id): each for each in Place.objects.filter(kind_of=kind, object_id__in=ids)}
    wanted = {(pk, links[url]): beside for (pk, url), beside in found.items() if url in links}
    rows = [
        Place(kind_of=kind, object_id=pk, link_id=link, beside=beside)
        for (pk, link), beside in sorted(wanted.items())
        if (pk, link) not in kept or kept[pk, link].beside != beside
    ]
    Place.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["link", "kind_of", "object_id"],
        update_fields=["beside"],
        batch_size=WRITTEN,
    )
    for some in _some(sorted({link for _pk, link in wanted})):
        Link.objects.filter(pk__in=some, wanted=False).update(wanted=True)
    for some in _some([each.pk for key, each in kept.items() if key not in wanted]):
        _leave(Place.objects.filter(pk__in=some))


def _found(kind, ids):
    """Return ``{(id, address): beside}`` of some things; the first place of an address is the one that is named."""
    found, counts = {}, {}
    for each in links_of(kind)(ids):
        key = (each.object_id, each.url)
        counts[each.object_id] = counts.get(each.object_id, 0) + 1
        if key not in found and counts[each.object_id] <= MOST and site_of(each.url):
            found[key] = each.beside[:200]
    return found


def site_of(url):
    """Return the site of an address, or nothing when it is none that is looked at: our own among them."""
    if len(url) > LONGEST or not url.startswith(("http://", "https://")):
        return ""
    try:
        host = target_of(url).host
    except OutOfBounds:
        return ""
    return "" if host == settings.SITE_HOST or len(host) > 253 else host


def _links(urls):
    """Return ``{address: link's id}``; addresses that nobody named before get a row."""
    known = {}
    for some in _some(sorted(urls)):
        known |= dict(Link.objects.filter(url__in=some).values_list("url", "pk"))
        new = [url for url in some if url not in known]
        if new:
            Link.objects.bulk_create([Link(url=url, host=site_of(url)) for url in new], ignore_conflicts=True)
            known |= dict(Link.objects.filter(url__in=new).values_list("url", "pk"))
    return known


def _leave(places):
    """Take places away; links that lose their last one are no longer wanted."""
    left = sorted(set(places.values_list("link_id", flat=True)))
    places.delete()
    for some in _some(left):
        rows = Link.objects.filter(pk__in=some)
        rows.exclude(Exists(Place.objects.filter(link=OuterRef("pk")))).update(wanted=False)


def _some(values):
    return (values[start : start + WRITTEN] for start in range(0, len(values), WRITTEN))


def _chunks(kind):
    rows, last = kinds.model_of(kind)._base_manager.order_by("pk").values_list("pk", flat=True), 0
    while ids := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield ids
        last = ids[-1]
