"""How fast the directory, the expertise finder and an organisation's list of its people answer.

At 500 organisations and 50,000 people, one organisation having 3,000 of them.

Each figure stands beside the same at 50 organisations and 500 people, and as the ratio of the two, which does not
depend on the machine. ``BENCH_PEOPLE`` and ``BENCH_ORGANISATIONS`` change the larger size; ``BENCH_EXPLAIN=1``
prints how PostgreSQL reads for each page.
"""

import os
import random
import sys
from statistics import median
from time import perf_counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from collaborative.accounts.models import User
from collaborative.search.services import index, index_each
from collaborative.vocabulary.models import Term, Theme
from partners.models import Expertise, Membership, Organisation, Profile, ProgrammePartner
from tests import factories as make

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "50000"))
ORGANISATIONS = int(os.environ.get("BENCH_ORGANISATIONS", "500"))
SMALL = (50, 500)
RUNS = 3
BATCH = 2000
MEMBERS = 3000
"""People of the organisation whose own list is read."""

LISTED = 0.6
"""The part of all people who chose to be listed to everyone."""

SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()
PAGES = {
    "directory": "/partners/",
    "directory, a word": "/partners/?q=force",
    "directory, facets": "/partners/?kind=police_force&region=Region+3&programme=bench-1",
    "directory, last page": "/partners/?page={last_organisations}",
    "finder": "/people/",
    "finder, a common word": "/people/?q=analysis",
    "finder, a rare word": "/people/?q=kestrel",
    "finder, two words": "/people/?q=analysis+survey",
    "finder, part of a word": "/people/?q=ana",
    "finder, no such word": "/people/?q=zeppelin",
    "finder, one facet": "/people/?method=survey",
    "finder, four facets": "/people/?method=survey&language=en&offer=advice&kind=police_force",
    "finder, word and facets": "/people/?q=analysis&method=survey&region=Region+3",
    "finder, an organisation": "/people/?organisation=bench-7",
    "finder, last page": "/people/?page={last_people}",
    "an organisation": "/partners/bench-7/",
    "a person": "/people/bench-7/",
}
LED = {
    "its people": "/partners/bench-0/people/",
    "its people, a name": "/partners/bench-0/people/?q=ba",
    "its people, no such": "/partners/bench-0/people/?q=zeppelin",
    "its people, page 100": "/partners/bench-0/people/?page={deep_members}",
}
"""Pages of an organisation's lead."""


def say(line):
    """Write a figure."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Towns:
    """Invented organisations, people and what they say of themselves."""

    def __init__(self):
        self.chance = random.Random(1)
        self.themes = [Theme.objects.create(slug=f"bench-{n}", name=self.name(2), summary="-") for n in range(15)]
        self.programmes = [make.programme(slug=f"bench-{n}", name=f"Programme {n}") for n in range(8)]
        self.terms = {scheme: list(Term.objects.filter(scheme=scheme)) for scheme in ("method", "language", "offer")}
        words = [
            "network analysis",
            "crime analysis",
            "kestrel",
            *(self.name(self.chance.randint(1, 3)) for _ in range(3000)),
        ]
        Expertise.objects.bulk_create([Expertise(name=word) for word in dict.fromkeys(words)])
        self.words = list(Expertise.objects.exclude(name="kestrel").order_by("pk"))
        self.weights = [1 / (place + 3) for place in range(len(self.words))]
        self.rare = Expertise.objects.get(name="kestrel")
        self.people = self.bodies = 0

    def name(self, words):
        """Return an invented name of some words."""
        said = ("".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 4))) for _ in range(words))
        return " ".join(word.capitalize() for word in said)

    def grow(self, bodies, people):
        """Add organisations and people until there are so many."""
        self.add_bodies(range(self.bodies, bodies))
        self.bodies = bodies
        for start in range(self.people, people, BATCH):
            self.add_people(range(start, min(start + BATCH, people)))
        self.people = people
        self.fill(Organisation.objects.get(slug="bench-0"))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def add_bodies(self, numbers):
        """Add organisations, each in one to three programmes."""
        kinds = [make.term("organisation_kind", code) for code in ("police_force", "university", "opcc")]
        role = make.term("programme_role", "collaborating_partner")
        for n in numbers:
            body = Organisation.objects.create(
                slug=f"bench-{n}", name=f"{self.name(1)} {'Force' if n % 3 else 'University'}",
                kind_of=kinds[n % 3], region=f"Region {n % 12}",
            )  # fmt: skip
            for programme in self.chance.sample(self.programmes, self.chance.randint(1, 3)):
                ProgrammePartner.objects.create(
                    programme=programme, organisation=body, role=role, starts_on=make.yesterday()
                )
            index(body)

    def add_people(self, numbers):
        """Add people, one in ten of whom belongs to two organisations."""
        chance, day = self.chance, make.yesterday()
        users = User.objects.bulk_create(
            User(email=f"bench{n}@people.example", name=self.name(2), password="!") for n in numbers
        )
        bodies = list(Organisation.objects.filter(slug__startswith="bench-").values_list("pk", flat=True))
        places = [(user, body) for user in users for body in chance.sample(bodies, 2 if user.pk % 10 == 0 else 1)]
        Membership.objects.bulk_create(
            Membership(user=u, organisation_id=b, starts_on=day, title="Officer") for u, b in places
        )
        made = Profile.objects.bulk_create(
            Profile(user=user, slug=f"bench-{n}", audience=self.audience(n), about=f"I work on {self.name(12)}.")
            for n, user in zip(numbers, users, strict=True)
        )
        self.add_words(made)
        index_each("profile", [profile.pk for profile in made if not profile.hidden])

    def fill(self, body):
        """Let an organisation have ``MEMBERS`` people, or all there are."""
        others = User.objects.filter(email__startswith="bench").exclude(memberships__organisation=body)
        wanted = MEMBERS - body.memberships.count()
        Membership.objects.bulk_create(
            Membership(user=user, organisation=body, starts_on=make.yesterday()) for user in others[:wanted]
        )

    def audience(self, n):
        """Say who sees the page of a person."""
        return "everyone" if n == 7 or self.chance.random() < LISTED else self.chance.choice(("staff", "nobody"))

    def add_words(self, profiles):
        """Let people say what they know, do, speak and offer."""
        chance = self.chance
        said = {name: [] for name in ("expertise", "themes", "methods", "languages", "offers")}
        for each in profiles:
            words = set(chance.choices(self.words, self.weights, k=chance.randint(1, 6)))
            words |= {self.rare} if each.pk % 2500 == 0 else set()
            said["expertise"] += [(each.pk, word.pk) for word in words]
            said["themes"] += [(each.pk, theme.pk) for theme in chance.sample(self.themes, chance.randint(0, 3))]
            for scheme, terms in self.terms.items():
                said[f"{scheme}s"] += [(each.pk, term.pk) for term in chance.sample(terms, chance.randint(1, 3))]
        for name, pairs in said.items():
            field = Profile._meta.get_field(name)
            through, one, other = field.remote_field.through, field.m2m_column_name(), field.m2m_reverse_name()
            through.objects.bulk_create((through(**{one: a, other: b}) for a, b in pairs), batch_size=5000)


def milliseconds(work):
    """Return the median of some runs, after one that warms up."""
    took = []
    for _ in range(RUNS + 1):
        begun = perf_counter()
        work()
        took.append((perf_counter() - begun) * 1000)
    return median(took[1:])


def addresses(size):
    """Return ``{name: address}`` of the pages, the last ones of this size."""
    last = {
        "last_organisations": -(-(size[0]) // 20),
        "last_people": max(1, Profile.objects.listed_to(None).count() // 20),
        "deep_members": min(100, Membership.objects.filter(organisation__slug="bench-0").count() // 20),
    }
    return {name: url.format(**last) for name, url in (PAGES | LED).items()}


def measured(visitor, lead, size):
    """Return ``{name: (milliseconds, queries)}``."""
    figures = {}
    for name, url in addresses(size).items():
        client = lead if name in LED else visitor
        assert client.get(url).status_code == 200, url
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        if os.environ.get("BENCH_EXPLAIN") and size != SMALL:
            explain(name, list(queries))
        asked = len(queries)
        figures[name] = milliseconds(lambda url=url, client=client: client.get(url)), asked
    return figures


def explain(name, queries):
    """Print how the slowest query of a page is read."""
    slowest = max(queries, key=lambda query: float(query["time"]))
    say(f"\n--- {name}: {slowest['time']} s of {sum(float(q['time']) for q in queries):.3f} s\n{slowest['sql'][:3000]}")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {slowest['sql']}")
        say("\n".join(line for (line,) in cursor.fetchall()))


@pytest.mark.django_db
def test_directory_and_finder_among_many():
    towns, visitor, lead = Towns(), Client(), Client()
    towns.grow(*SMALL)
    first = Organisation.objects.get(slug="bench-0")
    lead.force_login(make.with_second_factor(make.member(first, role="lead")))
    few = measured(visitor, lead, SMALL)
    begun = perf_counter()
    towns.grow(ORGANISATIONS, PEOPLE)
    listed = Profile.objects.listed_to(None).count()
    say(f"\n{connection.vendor}: {ORGANISATIONS} organisations, {PEOPLE} people, {listed} listed to everyone")
    say(f"(made in {perf_counter() - begun:.0f} s; medians of {RUNS} in ms; at {SMALL[0]} and {SMALL[1]}; their ratio)")
    many = measured(visitor, lead, (ORGANISATIONS, PEOPLE))
    say(f"{'page':<28}{'few':>9}{'many':>9}{'ratio':>8}{'queries':>9}")
    for name, (took, queries) in many.items():
        say(f"{name:<28}{few[name][0]:>9.1f}{took:>9.1f}{took / few[name][0]:>8.1f}{queries:>9}")
