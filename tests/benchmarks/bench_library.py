"""How fast the lists of evidence answer among 1,000 and among 10,000 things, and whether jobs find theirs by an index.

The ratio of the two sizes does not depend on the machine; ten would mean that a page grows as its list does.
``BENCH_ROWS`` changes the larger number. The plans are PostgreSQL's.
"""

import os
import sys
from datetime import timedelta
from statistics import median
from time import perf_counter
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evidence import states
from evidence.models import (
    FormatRequest,
    Pdf,
    PeerReview,
    Review,
    ReviewPerson,
    ReviewTheme,
    Round,
    Sheet,
    Tried,
    Version,
)
from tests import factories as make

LARGE = int(os.environ.get("BENCH_ROWS", "10000"))
SMALL = LARGE // 10
RUNS = 5
NOTES = 3
LISTS = (
    ("library", "evidence:list", ""),
    ("library, theme and kind", "evidence:list", "?theme={theme}&kind=rapid_evidence_review"),
    ("library, page 40", "evidence:list", "?page=40"),
    ("practices", "practices:list", ""),
    ("practices, theme", "practices:list", "?theme={theme}"),
    ("my desk", "evidence:desks", ""),
    ("requests", "evidence:asked", ""),
)


def say(line):
    """Write a figure."""
    sys.stdout.write(f"{line}\n")


class Shelves:
    """A programme that fills up: reviews, sheets with notes, requests, peer reviews and PDFs."""

    def __init__(self):
        self.programme, self.person = make.programme(), make.person()
        self.body = make.partner(self.programme)
        self.themes = [make.theme() for _n in range(20)]
        self.kind, self.filled = make.term("review_kind", "rapid_evidence_review"), 0
        self.reviewers = [make.person() for _n in range(50)]

    def fill(self, upto):
        """Add until there are so many of each."""
        numbers, now = range(self.filled, upto), timezone.now()
        reviews = Review.objects.bulk_create(
            [
                Review(slug=f"bench-{n}", title=f"Review {n}", summary="Known.", kind_of=self.kind, year=2000 + n % 25,
                       programme=self.programme, published_at=now - timedelta(hours=n))
                for n in numbers
            ]
        )  # fmt: skip
        versions = Version.objects.bulk_create(
            Version(review=each, title=each.title, state="published", published_at=now,
                    update_due_on=timezone.localdate() + timedelta(days=30 + each.pk % 900), announced_at=now)
            for each in reviews
        )  # fmt: skip
        for review, version in zip(reviews, versions, strict=True):
            review.current = version
        Review.objects.bulk_update(reviews, ["current"], batch_size=1000)
        ReviewTheme.objects.bulk_create(ReviewTheme(review=each, theme=self._theme(each.pk)) for each in reviews)
        Pdf.objects.bulk_create(Pdf(version=each, state="made", stored="evidence/x.pdf") for each in versions)
        ReviewPerson.objects.bulk_create(
            ReviewPerson(review=each, user=self.reviewers[each.pk % 50], part="editor") for each in reviews
        )
        FormatRequest.objects.bulk_create(self._request(each) for each in reviews)
        self._reviewed(versions)
        self._sheets(numbers, now)
        self.filled = upto
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _theme(self, n):
        return self.themes[n % len(self.themes)]

    def _request(self, review):
        open_still = review.pk % 10 == 0
        answered = {} if open_still else {"answer": "Here.", "answered_at": timezone.now(), "state": "answered"}
        due_on = timezone.localdate() + timedelta(days=review.pk % 20)
        return FormatRequest(
            review=review, wanted="format", format="audio", form_key=uuid4(), due_on=due_on, **answered
        )

    def _reviewed(self, versions):
        closed, due_on = timezone.now(), timezone.localdate()
        rounds = Round.objects.bulk_create(
            Round(version=each, number=1, due_on=due_on, closed_at=closed) for each in versions
        )
        PeerReview.objects.bulk_create(
            PeerReview(round=each, number=1, user=self.reviewers[each.pk % 50], part="methods", state="submitted",
                       opinion="minor", submitted_at=closed, has_conflict=False, due_on=due_on)
            for each in rounds
        )  # fmt: skip

    def _sheets(self, numbers, now):
        sheets = Sheet.objects.bulk_create(
            Sheet(slug=f"bench-{n}", title=f"Sheet {n}", programme=self.programme, state="published", published_at=now)
            for n in numbers
        )
        through = Sheet.themes.through
        through.objects.bulk_create(through(sheet=each, theme=self._theme(each.pk)) for each in sheets)
        Tried.objects.bulk_create(
            Tried(sheet=each, user=self.person, organisation=self.body, place="Lowick", result="worked", text="Well.")
            for each in sheets
            for _n in range(NOTES)
        )


def milliseconds(client, url):
    """Return the median of some runs, after one that warms up."""
    took = []
    for _run in range(RUNS + 1):
        begun = perf_counter()
        assert client.get(url).status_code == 200
        took.append((perf_counter() - begun) * 1000)
    return median(took[1:])


def measured(clients, theme):
    """Return ``{(list, person): milliseconds}``."""
    return {
        (name, who): milliseconds(client, reverse(route) + query.format(theme=theme))
        for name, route, query in LISTS
        for who, client in clients.items()
        if who != "visitor" or route.endswith("list")
    }


def due():
    """Return the rows that each job looks for."""
    now, today = timezone.now(), timezone.localdate()
    soon, free = today + timedelta(days=3), Q(claimed_until=None) | Q(claimed_until__lt=now)
    return {
        "to be published": Version.objects.filter(publish_at__lte=now).order_by("publish_at", "pk"),
        "embargo ended": Version.objects.filter(public_from__lte=now, announced_at=None).order_by("public_from", "pk"),
        "update due": Version.objects.filter(state="published", update_due_on__lte=today),
        "reviewers to remind": PeerReview.objects.with_text_open().filter(state="accepted", due_on__lte=soon),
        "nobody answered": PeerReview.objects.filter(state="invited", round__closed_at=None),
        "requests late": FormatRequest.objects.open().filter(due_on__lt=today, chased__lt=2)[:100],
        "PDFs that wait": Pdf.objects.filter(free, state="waiting").order_by("asked_at", "pk")[:20],
        "PDFs never asked for": Version.objects.filter(state__in=states.READ_STATES, pdf=None).order_by("-pk")[:20],
    }


@pytest.mark.django_db
def test_lists():
    shelves = Shelves()
    people = {"editor": shelves.reviewers[0], "coordinator": make.coordinator(shelves.programme)}
    clients = {"visitor": Client()}
    for who, person in people.items():
        clients[who] = Client()
        clients[who].force_login(make.with_second_factor(person))
    figures = []
    for rows in (SMALL, LARGE):
        shelves.fill(rows)
        figures.append(measured(clients, shelves.themes[0].slug))
    say(f"\nLists among {SMALL} and {LARGE} reviews, sheets (with {NOTES} notes each) and requests; milliseconds")
    say(f"{'':40}{'small':>9}{'large':>9}{'ratio':>8}")
    for (name, who), few in figures[0].items():
        many = figures[1][name, who]
        say(f"{f'{name}, {who}':40}{few:>9.1f}{many:>9.1f}{many / few:>8.1f}")
    for name, rows in due().items() if connection.vendor == "postgresql" else ():
        begun = perf_counter()
        list(rows)
        took, plan = (perf_counter() - begun) * 1000, rows.explain()
        whole = [line.split(" on ")[1].split()[0] for line in plan.splitlines() if "Seq Scan on evidence" in line]
        say(f"{name:40}{took:>9.1f} ms  {'reads all of ' + ', '.join(whole) if whole else 'by an index'}")
