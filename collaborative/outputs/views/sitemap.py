"""The sitemap (https://www.sitemaps.org/protocol.html): an index, and files of what everyone may see.

A file holds the things of one kind whose numbers lie in one range, so that a file's address goes on meaning the
same things, and none has to be counted to know where it begins.
"""

from django.db.models import F, Max
from django.http import Http404, StreamingHttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape

from collaborative.outputs.atom import whole, written
from collaborative.outputs.models import Record
from collaborative.outputs.registry import kinds_out, outgoing_of

FILE_SIZE = 5000
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
WORDS = ("home", "about", "accessibility", "privacy", "cookies")
"""The pages that are only words, or of everything."""


def index(request):
    """Name every file, with the moment of the last change in it."""
    return _xml("sitemapindex", "sitemap", _files())


index.policy = "public"


def _files():
    yield reverse("sitemap_pages"), None
    public = Record.objects.public().filter(kind__in=kinds_out()).order_by()
    number = F("object_id") / FILE_SIZE
    rows = public.values("kind").annotate(number=number, last=Max("stamp")).order_by("kind", "number")
    for row in rows.values_list("kind", "number", "last"):
        yield reverse("sitemap_of", args=[row[0], row[1] + 1]), row[2]


def pages(request):
    """Name the pages that are no one thing's: those of words, and the lists, which change with what stands in them."""
    return _xml("urlset", "url", _pages())


pages.policy = "public"


def _pages():
    for name in WORDS:
        yield reverse(name), None
    last = dict(Record.objects.out().order_by().values_list("kind").annotate(Max("stamp")))
    for kind in kinds_out():
        try:
            yield reverse(f"{outgoing_of(kind).namespace}:list"), last.get(kind)
        except NoReverseMatch:
            continue


def of_kind(request, kind, number):
    """Name the things of a kind whose numbers lie in a range; 404 for a file that is not in the index."""
    if kind not in kinds_out() or not 1 <= number < 2**40:
        raise Http404
    first, last = (number - 1) * FILE_SIZE, number * FILE_SIZE - 1
    stamps = Record.objects.public().filter(kind=kind, object_id__range=(first, last)).order_by()
    stamps = dict(stamps.values_list("object_id", "stamp"))
    if not stamps:
        raise Http404
    outgoing = outgoing_of(kind)
    things = outgoing.open().filter(pk__range=(first, last)).order_by("pk").values_list("pk", "slug")
    found = ((outgoing.page_of(slug), stamps[pk]) for pk, slug in things.iterator(1000) if pk in stamps)
    return _xml("urlset", "url", found)


of_kind.policy = "public"


def _xml(top, each, rows):
    return StreamingHttpResponse(_lines(top, each, rows), content_type="application/xml; charset=utf-8")


def _lines(top, each, rows):
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{top} xmlns="{SCHEMA}">\n'
    for path, moment in rows:
        last = f"<lastmod>{written(moment)}</lastmod>" if moment else ""
        yield f"<{each}><loc>{escape(whole(path))}</loc>{last}</{each}>\n"
    yield f"</{top}>\n"
