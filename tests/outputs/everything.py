"""Every output that machines read, each with how it is read; ``test_leaks.py`` opens them all for every kind of reader.

Whoever adds a route that answers anything but a page adds a function here::

    @output("oai")                                  # the names of the routes that it opens
    def harvest(get, here):
        text = get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
        while token := TOKEN.search(text):          # follow what the answer names, to its end
            text = get(…)
        for thing in here.of("review"):
            get(f"/evidence/{thing.slug}.bib", of=thing)

``get(address)`` opens an address as the reader, checks every word of the answer, and returns its text. With
``of=thing`` it is an answer about that thing alone: 200 is right only for whoever may see it. ``here.things`` is every
thing of every kind that goes out, in every state; ``here.word`` stands in all their words, so that a search for it
would find them all.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from urllib.parse import quote

from django.conf import settings
from django.test import override_settings

TOKEN = re.compile(r"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
LOCATION = re.compile(r"<loc>[^<]*?//[^/]+(/[^<]*)</loc>")
NEXT = re.compile(r'<link rel="next"[^>]*href="[^"]*?//[^/]+(/[^"]*)"')
API_NEXT = re.compile(r'"next":"[^"]*?//[^/]+(/[^"]*)"')
OUTPUTS = []


@dataclass
class Here:
    """What the outputs could tell of: the things, the word that all share, a theme of theirs."""

    word: str
    theme: object
    things: list = field(default_factory=list)
    versions: dict = field(default_factory=dict)

    def of(self, kind):
        """Return the things of a kind."""
        return [thing for thing in self.things if thing.kind == kind]


def output(*routes):
    """Register the decorated ``(get, here)``, which opens all addresses of these routes."""

    def register(function):
        function.routes = routes
        OUTPUTS.append(function)
        return function

    return register


def is_for_machines(route):
    """Say whether a route's pattern looks as if machines read it: it has an ending, or stands with other such."""
    return bool(re.search(r"\\?\.(?!\*|\+)[\[(a-z]", route)) or bool(re.match(r"(api|oai|feed|sitemap)\b", route))


@output("robots")
def robots(get, here):
    """The rules for crawlers."""
    get("/robots.txt")


@output("evidence:pdf", "evidence:version_pdf")
def pdfs(get, here):
    """The made PDFs: those that are made, and what is said in the place of the others."""
    for review in here.of("review"):
        get(f"/evidence/{review.slug}.pdf", of=review)
        for version in here.versions[review.pk]:
            get(f"/evidence/{review.slug}/v/{version.number}.pdf", of=version)


@output("training:calendar")
def calendars(get, here):
    """An event for one's own calendar."""
    for event in here.of("event"):
        get(f"/training/{event.slug}/calendar.ics", of=event)


ENDINGS = ("bib", "ris", "csl.json", "jsonld", "linkset.json")


@output("evidence:cite", "evidence:cite_version", "practices:cite")
def citations(get, here):
    """Reviews, their versions and practice sheets as reference managers read them."""
    for ending in ENDINGS:
        for review in here.of("review"):
            get(f"/evidence/{review.slug}.{ending}", of=review)
            for version in here.versions[review.pk]:
                get(f"/evidence/{review.slug}/v/{version.number}.{ending}", of=version)
        for sheet in here.of("sheet"):
            get(f"/evidence/practices/{sheet.slug}.{ending}", of=sheet)


@output("oai")
@override_settings(OAI_SETTLING=timedelta(), OAI_PAGE=5)
def harvest(get, here):
    """Everything that a harvester gets, list after list, and each thing that it could ask for."""
    for thing in here.things:
        get(f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:{settings.SITE_HOST}:{thing.kind}/{thing.pk}")
    for verb in ("ListRecords", "ListIdentifiers"):
        text = get(f"/oai?verb={verb}&metadataPrefix=oai_dc")
        while token := TOKEN.search(text):
            text = get(f"/oai?verb={verb}&resumptionToken={quote(token[1])}")
    get("/oai?verb=Identify")
    get("/oai?verb=ListSets")


@output("sitemap", "sitemap_pages", "sitemap_of")
def sitemap(get, here):
    """The index and every file that it names."""
    for file in LOCATION.findall(get("/sitemap.xml")):
        get(file)


@output("opensearch")
def opensearch(get, here):
    """How to search here."""
    get("/opensearch.xml")


@output("evidence:feed", "practices:feed", "theme_feed", "search_feed")
def feeds(get, here):
    """The feeds: whole, narrowed, of a theme, of a search for the word that all share; every page."""
    first = ["/evidence/feed.atom", "/evidence/practices/feed.atom", f"/themes/{here.theme.slug}/feed.atom"]
    first += [f"/search/feed.atom?q={here.word}", f"/evidence/feed.atom?theme={here.theme.slug}"]
    for address in first:
        while address:
            following = NEXT.search(get(address))
            address = following and unescape(following[1])


API = {
    "review": ("reviews", "review"),
    "sheet": ("practices", "practice"),
    "project": ("projects", "project"),
    "theme": ("themes", "theme"),
    "event": ("events", "event"),
    "organisation": ("organisations", "organisation"),
    "programme": ("programmes", "programme"),
    "profile": ("people", "person"),
}
"""The lists of the interface for programs and what it calls one of their things, by kind."""


def _to_the_end(get, address):
    """Open a list of the interface and every page that follows."""
    while address:
        following = API_NEXT.search(get(address))
        address = following and following[1]


@output(
    *("api:docs", "api:openapi", "api:nowhere", "api:get_entrance", "api:get_review_version"),
    *(f"api:list_{name}" for name, _one in API.values()),
    *(f"api:get_{one}" for _name, one in API.values()),
)
def interface(get, here):
    """The interface for programs: each list to its last page, whole and searched, each thing and each version."""
    for fixed in ("", "docs/", "openapi.json", "nothing/"):
        get(f"/api/v1/{fixed}")
    for name, _one in API.values():
        for query in ("limit=3", f"q={here.word}"):
            _to_its_end(get, f"/api/v1/{name}/?{query}")
    for thing in here.things:
        get(f"/api/v1/{API[thing.kind][0]}/{thing.slug}/", of=thing)
    for review in here.of("review"):
        for version in here.versions[review.pk]:
            get(f"/api/v1/reviews/{review.slug}/versions/{version.number}/", of=version)


def _to_its_end(get, address):
    while address:
        following = API_NEXT.search(get(address))
        address = following and following[1]
