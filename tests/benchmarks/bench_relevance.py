"""How well the search puts first what a person would want: 60 judged queries among 10,000 distractors.

Reciprocal rank is one divided by the place of the first wanted answer (nothing below the first page counts), success
at 5 whether one stands among the first five. Both are told for the queries that weights were chosen with and for those
that were held out. ``BENCH_DISTRACTORS`` changes the number; ``BENCH_SHOW=1`` prints what stood first in each miss.
"""

import os
import sys
from collections import defaultdict
from dataclasses import dataclass
from time import perf_counter

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from collaborative.search.queries import search
from collaborative.search.services import relearn
from tests.benchmarks.shelves import Shelves
from tests.demonstration import load
from tests.relevance.judged import queries
from tests.relevance.library import write

DISTRACTORS = int(os.environ.get("BENCH_DISTRACTORS", "10000"))
PAGE = 20
FIRST = 5


def say(line):
    """Write a figure at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Answered:
    """A query, the place of its first wanted answer (None: not on the first page), and what stood before it.

    Where nothing wanted stood there and another spelling was ``suggested``, the places are those after following it.
    """

    asked: object
    place: int | None
    before: list
    total: int
    seconds: float
    suggested: str

    @property
    def reciprocal(self):
        """One divided by the place."""
        return 1 / self.place if self.place else 0.0

    @property
    def succeeded(self):
        """True when one stands among the first five."""
        return bool(self.place) and self.place <= FIRST


def answered(asked, keys):
    """Search as a visitor does, and look for what was wanted."""
    begun = perf_counter()
    found = search(asked.text, AnonymousUser(), loosely=True)
    hits = found[:PAGE]
    seconds = perf_counter() - begun
    names, suggested = [_name(hit, keys) for hit in hits], ""
    if not set(names) & set(asked.wanted) and found.meant:
        suggested, again = found.meant, search(found.meant, AnonymousUser(), loosely=True)
        names = [_name(hit, keys) for hit in again[:PAGE]]
    place = next((n for n, name in enumerate(names, 1) if name in asked.wanted), None)
    return Answered(asked, place, names[: (place or FIRST + 1) - 1], found.total, seconds, suggested)


def _name(hit, keys):
    return keys.get((hit.kind, hit.thing.pk)) or f"{hit.kind}: {hit.thing}"


def show(answers):
    """Print the two measures for each part and case, and name the misses."""
    say(f"\n{connection.vendor}, {DISTRACTORS:,} distractors")
    say(f"{'':<22}{'queries':>9}{'reciprocal rank':>17}{'success at 5':>14}{'found':>8}")
    parts = {"all": answers}
    parts["chosen with"] = [each for each in answers if not each.asked.held_out]
    parts["held out"] = [each for each in answers if each.asked.held_out]
    cases = defaultdict(list)
    for each in answers:
        cases[each.asked.case].append(each)
    for name, some in (parts | dict(sorted(cases.items()))).items():
        rank, success, found = (sum(values) / len(some) for values in zip(*map(_measures, some), strict=True))
        say(f"{name:<22}{len(some):>9}{rank:>17.3f}{success:>14.3f}{found:>8.2f}")
    followed = [each for each in answers if each.suggested]
    say(f"another spelling was followed in {len(followed)}: {', '.join(each.suggested for each in followed)}")
    slowest = max(answers, key=lambda each: each.seconds)
    say(f"slowest: {slowest.seconds * 1000:.0f} ms, {slowest.asked.text!r}")
    for each in answers:
        if not each.succeeded or (os.environ.get("BENCH_SHOW") and each.place > 1):
            say(_miss(each))


def _measures(answer):
    return answer.reciprocal, answer.succeeded, bool(answer.place)


def _miss(answer):
    mark = " (held out)" if answer.asked.held_out else ""
    what = "below" if answer.succeeded else "miss"
    said = f"{what}{mark}: {answer.asked.text!r}, place {answer.place or '-'} of {answer.total}"
    return f"{said}; wanted {answer.asked.wanted[0]}; first {answer.before}" if os.environ.get("BENCH_SHOW") else said


@pytest.mark.django_db
def test_relevance():
    load()
    keys = write()
    begun = perf_counter()
    Shelves(repeated=1).fill(DISTRACTORS)
    say(f"\n{DISTRACTORS:,} distractors made and indexed in {perf_counter() - begun:.0f} s")
    relearn()
    show([answered(asked, keys) for asked in queries()])
