"""How fast the portal's search answers among 20,000 things (``BENCH_ROWS`` changes the number)."""

import os
import random
import sys
from statistics import median
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.search import services
from collaborative.search.models import SearchEntry
from collaborative.search.queries import best_first, search
from collaborative.search.registry import ALWAYS
from collaborative.vocabulary.models import Theme

ROWS = int(os.environ.get("BENCH_ROWS", "20000"))
RUNS = 7
WORDS_IN_A_TEXT = 400
SEARCHES = {
    "one rare word": "kestrel",
    "a word of one in six": "burglary",
    "a word of nearly all": "police",
    "two words": "burglary youth",
    "a phrase": '"police research"',
    "an exclusion": "rural -police",
    "a beginning": "po*",
    "nothing": "zeppelin",
}


def say(line):
    """Write a figure."""
    sys.stdout.write(f"{line}\n")


def vocabulary(chance):
    """Return words of which a few are common and most are rare, as in real texts."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    rare = ["".join(chance.choices(letters, k=chance.randint(4, 10))) for _ in range(8000)]
    words = ["police", "research", *rare]
    for place, word in ((300, "burglary"), (400, "youth"), (500, "rural")):
        words.insert(place, word)
    return words, [1 / (place + 8) for place in range(len(words))]


@pytest.fixture
def library(db):
    chance = random.Random(1)
    words, weights = vocabulary(chance)
    now = timezone.now()
    Theme.objects.bulk_create(
        [Theme(slug=f"bench-{n}", name=f"Theme {n}", summary="-") for n in range(ROWS)], batch_size=1000
    )
    ids = list(Theme.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, ROWS, 1000):
        SearchEntry.objects.bulk_create(entry(pk, chance, words, weights, now) for pk in ids[start : start + 1000])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def entry(pk, chance, words, weights, now):
    text = chance.choices(words, weights, k=WORDS_IN_A_TEXT)
    if pk % 2000 == 0:
        text.append("kestrel")
    return SearchEntry(
        kind="theme",
        object_id=pk,
        title=" ".join(text[:8]),
        summary=" ".join(text[8:50]),
        body=" ".join(text[50:]),
        public_from=ALWAYS,
        changed_at=now,
    )


def milliseconds(work):
    """Return the median of some runs, after one that warms up."""
    took = []
    for _ in range(RUNS + 1):
        begun = perf_counter()
        work()
        took.append((perf_counter() - begun) * 1000)
    return median(took[1:])


def test_search_among_many(library, client):
    say(f"\n{connection.vendor}, {ROWS} entries of {WORDS_IN_A_TEXT} words; medians of {RUNS} in ms")
    say(f"{'search':<24}{'found':>8}{'counts':>9}{'20 hits':>9}{'page':>9}{'list':>9}{'queries':>9}")
    for name, text in SEARCHES.items():
        found = search(text, None)
        counts = milliseconds(lambda text=text: search(text, None).total)
        both = milliseconds(lambda text=text: search(text, None)[:20])
        page = milliseconds(lambda text=text: client.get("/search/", {"q": text}))
        listed = milliseconds(lambda text=text: list(best_first(Theme.objects.all(), text, "theme", None)[:20]))
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/", {"q": text})
        row = f"{found.total:>8}{counts:>9.1f}{both:>9.1f}{page:>9.1f}{listed:>9.1f}{len(queries):>9}"
        say(f"{name:<24}{row}")


def test_a_save_among_many(library):
    theme = Theme.objects.first()
    say(f"\n{connection.vendor}: indexing a thing again {milliseconds(lambda: services.index(theme)):.1f} ms")
