"""Facets count what the reader would find, whatever stands in the address."""

import itertools
import random
from datetime import timedelta

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone, translation

from collaborative.core.dated import holds_on
from collaborative.core.facets import ConditionFacet, Facet, FacetFilterSet, Sort, year
from partners.models import Organisation, ProgrammePartner
from tests import factories

pytestmark = pytest.mark.django_db

REGIONS = ["Wales", "North West", "London", ""]
HOSTILE = [
    "kind=%00", "kind=" + "x" * 5000, "region='%20OR%201=1--", "founded=99999999999999999999", "founded=abc",
    "founded=-1", "founded=0000", "founded=%F0%9F%92%A9", "programme[]=1", "sort=pk;drop", "sort=&sort=name", "q=%00",
    "q=" + "a" * 9000, "q=%25_%5C", "q=%22%27%3Cscript%3E", "past=perhaps", "&".join(f"kind=k{n}" for n in range(500)),
    "kind=%ff%fe", "q=%ed%a0%80", "founded=%D9%A2%D9%A0%D9%A2%D9%A0",
]  # fmt: skip


def conditions():
    return {"yes": ("Past", ~Q(valid_to=None)), "no": ("Present", Q(valid_to=None))}


class Filters(FacetFilterSet):
    """A list of organisations with every sort of facet."""

    kind = Facet("kind_of__code", label="Kind", names="kind_of__label")
    region = Facet("region", label="Region")
    programme = Facet(
        "partnerships__programme__slug",
        label="Programme",
        names="partnerships__programme__name",
        where=lambda: holds_on(starts="partnerships__starts_on", ends="partnerships__ends_on"),
    )
    founded = Facet("valid_from__year", label="Founded", read=year, newest_first=True)
    past = ConditionFacet(conditions, label="Past")
    sort = Sort({"name": ("Name", ["name"]), "last": ("Last first", ["-name"])})

    def search(self, rows, text):
        return rows.filter(name__icontains=text)


def filters(query="", rows=None):
    return Filters(QueryDict(query), Organisation.objects.all() if rows is None else rows)


def counts(filterset):
    """Return {(facet, value): count} of what is shown."""
    return {(f["name"], o["value"]): o["count"] for f in filterset.facets for o in f["options"]}


@pytest.fixture
def directory():
    """Forty organisations with chance facts, some in several programmes, some no longer."""
    chance = random.Random(7)
    programmes = [factories.programme() for _ in range(3)]
    today = timezone.localdate()
    for number in range(40):
        body = factories.organisation(
            chance.choice(["university", "police_force", "charity"]),
            region=chance.choice(REGIONS),
            valid_from=chance.choice([None, today.replace(year=1974, day=1), today.replace(year=2013, day=1)]),
            valid_to=chance.choice([None, None, today + timedelta(days=number)]),
        )
        for run in chance.sample(programmes, chance.randrange(4)):
            factories.partner(run, body, ends_on=chance.choice([None, today, today + timedelta(days=1)]))
    return programmes


def test_every_count_is_what_choosing_it_finds(directory):
    """Each number beside a choice is the length of the list with just that chosen in its facet."""
    run = directory[0].slug
    queries = ["", "kind=university", f"programme={run}", "region=Wales&past=no", "founded=1974&founded=2013", "q=1"]
    queries += ["&".join(pair) for pair in itertools.combinations(queries[1:], 2)]
    checked = 0
    for query in queries:
        for (name, value), count in counts(filters(query)).items():
            chosen = QueryDict(query, mutable=True)
            chosen.setlist(name, [value])
            assert Filters(chosen, Organisation.objects.all()).qs.count() == count, (query, name, value)
            checked += 1
    assert checked > 150


def test_an_ended_partnership_is_not_counted():
    run = factories.programme()
    factories.partner(run, ends_on=timezone.localdate())
    assert ("programme", run.slug) not in counts(filters())
    assert filters(f"programme={run.slug}").qs.count() == 0


def test_an_old_part_in_one_programme_does_not_count_for_a_present_one_in_another():
    old, new = factories.programme(), factories.programme()
    body = factories.partner(old, ends_on=timezone.localdate())
    factories.partner(new, body)
    found = counts(filters())
    assert ("programme", old.slug) not in found
    assert found["programme", new.slug] == 1


def test_choices_of_one_facet_widen_and_facets_narrow_each_other():
    for region, kind in [("Wales", "university"), ("Wales", "police_force"), ("London", "university")]:
        factories.organisation(kind, region=region)
    assert filters("region=Wales&region=London").qs.count() == 3
    narrowed = counts(filters("region=Wales&kind=university"))
    assert narrowed["region", "London"] == 1
    assert narrowed["kind", "police_force"] == 1
    assert narrowed["kind", "university"] == 1


def test_only_what_the_view_hands_over_is_counted():
    seen, hidden = factories.organisation(region="Wales"), factories.organisation(region="London")
    found = counts(filters(rows=Organisation.objects.exclude(pk=hidden.pk)))
    assert found["region", "Wales"] == 1
    assert ("region", "London") not in found
    assert seen in filters(rows=Organisation.objects.exclude(pk=hidden.pk)).qs


@pytest.mark.parametrize("query", HOSTILE)
def test_nothing_in_an_address_raises(query):
    factories.partner(factories.programme())
    shown = filters(query)
    assert len(shown.qs) in (0, 1)
    assert [shown.facets, shown.chips, shown.orders, shown.query, shown.clear_url]


def test_an_unknown_choice_finds_nothing_and_can_be_taken_away():
    factories.organisation(region="Wales")
    shown = filters("region=Atlantis&sort=last")
    assert list(shown.qs) == []
    assert shown.chips == [{"label": "Atlantis", "url": "?sort=last"}]


def test_a_chip_takes_away_only_its_own_filter():
    factories.organisation("university", region="Wales")
    shown = filters("q=org&region=Wales&kind=university&page=3")
    assert [chip["label"] for chip in shown.chips] == ["“org”", "University", "Wales"]
    assert [chip["url"] for chip in shown.chips] == [
        "?kind=university&region=Wales",
        "?q=org&region=Wales",
        "?q=org&kind=university",
    ]
    assert shown.query == "q=org&kind=university&region=Wales"


def test_labels_are_in_the_readers_language_where_there_is_one():
    body = factories.organisation("university")
    factories.organisation("charity")
    body.kind_of.label_cy = "Prifysgol"
    body.kind_of.save()
    with translation.override("cy"):
        labels = [option["label"] for option in filters().facets[0]["options"]]
    assert labels == ["Charity", "Prifysgol"]


def test_all_facets_and_the_whole_cost_two_queries_however_many_rows(directory, django_assert_num_queries):
    with django_assert_num_queries(2):
        shown = filters("kind=university")
        assert len(shown.facets) == 5
        assert shown.total > 1
    ProgrammePartner.objects.all().delete()
    Organisation.objects.exclude(pk=Organisation.objects.first().pk).delete()
    with django_assert_num_queries(2):
        assert filters().facets


def test_years_come_newest_first(directory):
    years = [o["value"] for f in filters().facets if f["name"] == "founded" for o in f["options"]]
    assert years == ["2013", "1974"]


def test_an_order_that_does_not_exist_is_the_default():
    factories.organisation(name="B"), factories.organisation(name="A")
    assert [body.name for body in filters("sort=sideways").qs] == ["A", "B"]
    assert [body.name for body in filters("sort=last").qs] == ["B", "A"]
    assert [order["checked"] for order in filters("sort=sideways").orders] == [True, False]
