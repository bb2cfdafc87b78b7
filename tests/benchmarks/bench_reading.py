"""How fast a review of 200 pages is read, beside one of ten: made anew, and when its text is still known.

The ratio of the two does not depend on the machine. The larger text is twenty times the smaller, so a ratio
well over twenty would mean that something grows faster than the text.
"""

import sys
from statistics import median
from time import perf_counter

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories as make
from tests.evidence.big import SECTIONS, big_review

RUNS = 5
SMALL = 2
"""Sections of the smaller review: a twentieth of the text."""


def say(line):
    """Write a line at once."""
    sys.stdout.write(f"{line}\n")


def milliseconds(client, url, *, anew):
    """Return the median of the milliseconds until a page is there, and its size."""
    took, size = [], 0
    for _run in range(RUNS):
        if anew:
            cache.clear()
        started = perf_counter()
        answer = client.get(url)
        took.append((perf_counter() - started) * 1000)
        assert answer.status_code == 200
        size = len(answer.content)
    return median(took), size


@pytest.mark.django_db
def test_reading():
    programme = make.programme()
    small, large = big_review(programme, sections=SMALL), big_review(programme)
    reader = make.with_second_factor(make.coordinator(programme))
    visitor, coordinator = Client(), Client()
    coordinator.force_login(reader)
    say(f"\nA review of {SECTIONS} sections beside one of {SMALL}; milliseconds until the page is there")
    say(f"{'':32}{'small':>9}{'large':>9}{'ratio':>8}")
    for name, client, anew in (
        ("visitor, made anew", visitor, True),
        ("visitor, text known", visitor, False),
        ("coordinator, text known", coordinator, False),
    ):
        for review in (small, large):
            client.get(review.get_absolute_url())
        (few, few_bytes), (many, many_bytes) = (
            milliseconds(client, review.get_absolute_url(), anew=anew) for review in (small, large)
        )
        say(f"{name:32}{few:>9.1f}{many:>9.1f}{many / few:>8.1f}")
    say(f"{'kilobytes of HTML':32}{few_bytes / 1000:>9.0f}{many_bytes / 1000:>9.0f}{many_bytes / few_bytes:>8.1f}")
