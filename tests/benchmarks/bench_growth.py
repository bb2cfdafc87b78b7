"""What grows with the library: every page at 1,000 and 10,000 reviews, and on PostgreSQL at 100,000, in one run.

For each: milliseconds (the median, warm), queries, the factor over those queries alone, sent again without Django,
and how much longer it takes than with the fewest reviews. The ratios do not depend on the machine. ``BENCH_REVIEWS``
changes the sizes (``1000,10000``), ``BENCH_EXPLAIN=1`` prints how PostgreSQL reads for whatever grew most.
"""

import os
import re
import sys
from statistics import median
from time import perf_counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.benchmarks.shelves import FIRST, Shelves

SIZES = [1000, 10_000] + [100_000] * (connection.vendor == "postgresql")
SIZES = [int(each) for each in os.environ.get("BENCH_REVIEWS", "").split(",") if each] or SIZES
RUNS = 5
LONG = 2000
"""Milliseconds from which one run must do."""

GROWN = 2
"""A page that takes so many times as long is called growing."""

OAI = "/oai?verb=ListRecords"
PAGES = {
    "list": "/evidence/",
    "list, page 40": "/evidence/?page=40",
    "list, by title": "/evidence/?sort=title",
    "list, a theme": "/evidence/?theme=bench-1",
    "list, combined facets": "/evidence/?theme=bench-1&theme=bench-2&kind=systematic_review&year=2020&year=2021",
    "list, a common word": "/evidence/?q=officers",
    "list, word and facets": "/evidence/?q=officers&theme=bench-1&kind=systematic_review",
    "search, nearly all": "/search/?q=figures",
    "search, a common word": "/search/?q=officers",
    "search, two words": "/search/?q=officers+patrols",
    "search, a phrase": '/search/?q="charging+points"',
    "search, rare words": "/search/?q=bracken+helicopters+nobody",
    "search, no such word": "/search/?q=zzyzx",
    "search, a slip": "/search/?q=ofifcers+patrlos",
    "search, a question": "/search/?q=how+long+should+officers+stay+at+the+hospital+after+an+assault+at+night",
    "suggestion": "/search/suggest/?q=cha",
    "suggestion, two letters": "/search/suggest/?q=ch",
    "review": f"/evidence/bench-{FIRST}/",
    "theme": "/themes/bench-1/",
    "themes": "/themes/",
    "home": "/",
    "feed": "/evidence/feed.atom",
    "feed of a theme": "/themes/bench-1/feed.atom",
    "OAI": f"{OAI}&metadataPrefix=oai_dc",
    "OAI, a set": f"{OAI}&metadataPrefix=oai_dc&set=theme:bench-1",
    "OAI, three pages on": f"{OAI}&resumptionToken={{token}}",
    "API": "/api/v1/reviews",
    "API, facets": "/api/v1/reviews?theme=bench-1&kind=systematic_review",
    "API, a word": "/api/v1/reviews?q=officers",
    "sitemap": "/sitemap.xml",
}
OF_PARTNERS = {
    "list, a partner": "/evidence/",
    "search, a partner": "/search/?q=officers",
    "API, a partner": "/api/v1/reviews",
    "workshop, a coordinator": "/admin/evidence/review/",
}


def say(line):
    """Write a figure at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def taken(work):
    """Return the milliseconds that something takes."""
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000


def typical(work):
    """Return the median of some runs, or the only one when it is long."""
    first = taken(work)
    return first if first > LONG else median(taken(work) for _run in range(RUNS))


def sent(queries):
    """Send statements to the engine again and read all that comes."""
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            cursor.fetchall()


class Measured:
    """A page at one size: ``milliseconds``, those of its ``bare`` SQL, and its statements; or that it is not there."""

    def __init__(self, client, url):
        self.status = client.get(url).status_code if url else 404
        if not self.there:
            return
        with CaptureQueriesContext(connection) as captured:
            self.milliseconds = taken(lambda: client.get(url))
        self.queries = [
            each["sql"] for each in captured if each["sql"].lstrip("( ").upper().startswith(("SELECT", "WITH"))
        ]
        self.asked = len(captured)
        if self.milliseconds < LONG:
            self.milliseconds = typical(lambda: client.get(url))
        self.bare = typical(lambda: sent(self.queries)) if connection.vendor == "postgresql" or self.queries else 0.0

    @property
    def there(self):
        """True when the address answers as it should."""
        return self.status == 200

    @property
    def factor(self):
        """How many times as long as its SQL alone it takes."""
        return self.milliseconds / self.bare if self.bare else 0.0


def a_token(client):
    """Return a harvester's token three pages on, or nothing when there is no harvest."""
    url, token = f"{OAI}&metadataPrefix=oai_dc", ""
    for _page in range(3):
        answer = client.get(url)
        found = re.search(rb"<resumptionToken[^>]*>([^<]+)<", answer.content)
        if answer.status_code != 200 or not found:
            return ""
        token = found[1].decode()
        url = f"{OAI}&resumptionToken={token}"
    return token


def measured(visitor, partner):
    """Return ``{page: Measured}`` at the present size."""
    token = a_token(visitor)
    urls = {name: url.format(token=token) if "{token}" not in url or token else "" for name, url in PAGES.items()}
    figures = {name: Measured(visitor, url) for name, url in urls.items()}
    return figures | {name: Measured(partner, url) for name, url in OF_PARTNERS.items()}


def show(sizes):
    """Print a line for each page, and name what grows."""
    say(f"\n{connection.vendor}: medians in ms; the factor over the page's bare SQL; and over the smallest library")
    say(f"{'reviews':<26}" + "".join(f"{size:>30,}" for size in sizes))
    say(f"{'':<26}" + f"{'queries':>9}{'ms':>8}{'×SQL':>6}{'×few':>7}" * len(sizes))
    few = sizes[min(sizes)]
    for name in few:
        cells = [_cell(figures[name], few[name]) for figures in sizes.values()]
        say(f"{name:<26}{''.join(cells)}")
    grown = sorted(((_times(sizes[max(sizes)][name], few[name]), name) for name in few), reverse=True)
    say("\nGrows: " + (", ".join(f"{name} ({times:.1f}×)" for times, name in grown if times >= GROWN) or "nothing"))


def _cell(figure, few):
    if not figure.there:
        return f"{'not there yet' if figure.status == 404 else figure.status:>30}"
    times = _times(figure, few)
    return f"{figure.asked:>9}{figure.milliseconds:>8.1f}{figure.factor:>6.1f}{times:>7.1f}"


def _times(figure, few):
    return figure.milliseconds / few.milliseconds if figure.there and few.there else 0


def explain(figure):
    """Print how PostgreSQL reads for the slowest statement of a page."""
    slowest = max(figure.queries, key=lambda query: taken(lambda: sent([query])))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {slowest}")
        say(f"\n{slowest[:2000]}\n" + "\n".join(line for (line,) in cursor.fetchall()))


@pytest.mark.django_db(transaction=True)
def test_growth():
    shelves, sizes = Shelves(), {}
    coordinator = make.with_second_factor(make.coordinator(shelves.programmes[0]))
    visitor, partner = Client(), Client()
    partner.force_login(coordinator)
    for size in SIZES:
        begun = perf_counter()
        shelves.fill(size)
        say(f"{connection.vendor}: {size:,} reviews made in {perf_counter() - begun:.0f} s")
        sizes[size] = measured(visitor, partner)
        show(sizes)
    if os.environ.get("BENCH_EXPLAIN") and connection.vendor == "postgresql":
        last, few = sizes[max(sizes)], sizes[min(sizes)]
        for name in sorted(few, key=lambda name: _times(last[name], few[name]), reverse=True)[:8]:
            say(f"\n--- {name}")
            explain(last[name])
