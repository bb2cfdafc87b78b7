"""A list has as many pages as it has rows, and crawlers find as many addresses as there are single choices."""

import re

import pytest
from django.http import QueryDict

from collaborative.core import facets
from collaborative.core.facets import Facet, FacetFilterSet, Sort
from collaborative.core.pages import LatePaginator
from evidence.models import Sheet
from partners.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db
LIBRARY = "/evidence/"


class Sheets(FacetFilterSet):
    """Facets over what several rows of one thing may say, and over a choice that shows all there is."""

    tag = Facet("examples__country", label="Country")
    mode = Facet("modes__term__code", label="Mode", names="modes__term__label")
    organiser = Facet("programme__partners__organisation__slug", label="Organisation")
    stage = Facet("stage__code", label="Stage", names="stage__label", single=True)
    sort = Sort({"title": ("Title", ["title"])})


def counts(query=""):
    """Return {(facet, value): count} of what is shown."""
    shown = Sheets(QueryDict(query), Sheet.objects.all())
    return {(f["name"], o["value"]): o["count"] for f in shown.facets for o in f["options"]}


def said(client, query):
    """Return what a page tells crawlers: its robots and the parameters of its canonical address."""
    page = client.get(LIBRARY + query).content.decode()
    robots = re.findall(r'<meta name="robots" content="([^"]*)">', page)
    (canonical,) = re.findall(r'<link rel="canonical" href="[^"]*/evidence/([^"]*)">', page)
    return (robots or [""])[0], canonical.replace("&amp;", "&")


@pytest.fixture
def library():
    """Two themes: one of 21 reviews, another of one of these."""
    run, wide, narrow = make.programme(), make.theme(slug="wide"), make.theme(slug="narrow")
    reviews = [make.review(run, themes=[wide], title=f"Review {n:02}") for n in range(21)]
    reviews[0].themes.add(narrow)
    return [each.title for each in reviews]


def test_a_list_and_one_choice_have_an_address_and_what_has_no_end_leads_no_further(client, library):
    deeper = {
        "?theme=wide&theme=narrow", "?theme=wide&kind=rapid_evidence_review", "?q=review", "?sort=title",
        "?theme=wide&sort=title", "?theme=wide&q=review&page=1",
    }  # fmt: skip
    assert {query: said(client, query) for query in deeper} == dict.fromkeys(deeper, ("noindex, nofollow", ""))
    assert said(client, "") == ("", "")
    assert said(client, "?theme=wide") == ("", "?theme=wide")
    assert said(client, "?theme=wide&utm=1") == ("", "?theme=wide")
    assert said(client, "?theme=wide&page=2") == ("noindex, follow", "?theme=wide&page=2")
    assert said(client, "?theme=nowhere") == ("noindex, nofollow", "")


def test_what_leads_to_other_choices_is_a_form_or_not_to_be_followed(client, library):
    page = client.get(f"{LIBRARY}?theme=wide").content.decode()
    assert '<link rel="next" href="?theme=wide&amp;page=2">' in page
    links = re.findall(r'<a [^>]*href="\?[^>]*>', page)
    assert [link for link in links if "page=" not in link and 'rel="nofollow"' not in link] == []
    assert (
        '<link rel="prev" href="?theme=wide&amp;page=1">' in client.get(f"{LIBRARY}?theme=wide&page=2").content.decode()
    )


def test_more_choices_than_are_read_are_cut(client, library):
    many = "&".join(f"theme=t{n}" for n in range(400))
    assert client.get(f"{LIBRARY}?theme=wide&{many}&sort=title").context["filter"].total == 21
    assert len(client.get(f"{LIBRARY}?{many}").context["filter"].choices) == facets.MOST_CHOICES


def test_a_page_that_no_list_has_is_refused_without_work(client, library, django_assert_num_queries):
    with django_assert_num_queries(0):
        for page in ("1000000000", "9" * 5000, "x", "-1e9"):
            assert client.get(f"{LIBRARY}?page={page}").status_code == 404
    assert [client.get(f"{LIBRARY}?page={page}").status_code for page in ("0", "3", "last")] == [404, 404, 200]


def test_every_row_stands_on_one_page_in_order_from_either_end(django_assert_num_queries):
    names = sorted(make.organisation(name=f"Body {n % 3}").pk for n in range(11))
    for order in (["name", "pk"], ["-name", "-pk"], ["region", "valid_from", "pk"]):
        rows = Organisation.objects.filter(pk__in=names).order_by(*order)
        pages = LatePaginator(rows, 2, counted=lambda: 11, shown=Organisation.objects.all())
        found = [[each.pk for each in pages.page(number).object_list] for number in pages.page_range]
        assert sum(found, []) == [each.pk for each in rows]
        assert [len(page) for page in found] == [2, 2, 2, 2, 2, 1]
    with django_assert_num_queries(2):
        assert len(pages.page(5).object_list) == 2


def test_one_thing_counts_once_however_many_of_its_rows_say_the_same():
    run, far = make.programme(), make.term("practice_stage", "far")
    body = make.partner(run)
    sheet = make.sheet(run, stage=far)
    make.sheet(make.programme())
    for at, country in enumerate(("GB", "GB", "FR")):
        sheet.examples.create(position=at, country=country, text="Done so.")
        sheet.modes.create(position=at, term=make.term("implementation_mode", "walk"), text="So.")
    expected = {("tag", "GB"): 1, ("tag", "FR"): 1, ("mode", "walk"): 1, ("organiser", body.slug): 1}
    found = counts()
    assert {key: found[key] for key in expected} == expected
    assert counts("tag=FR")["stage", "far"] == 1
    assert (counts("tag=XX")["stage", "far"], counts("tag=XX")["tag", "GB"]) == (0, 1)


def test_a_chosen_value_is_named_only_if_the_list_has_it():
    seen, hidden = make.theme(name="Seen"), make.theme(name="Hidden")
    make.sheet(make.programme(), title="One").themes.add(seen)
    other = make.sheet(make.programme(), title="Other")
    other.themes.add(hidden)

    class Themes(FacetFilterSet):
        theme = Facet("themes__slug", label="Theme", names="themes__name")

        def search(self, rows, text):
            return rows.filter(title=text)

    chosen = QueryDict(f"theme={seen.slug}&theme={hidden.slug}&q=nothing")
    shown = Themes(chosen, Sheet.objects.exclude(pk=other.pk))
    assert [chip["label"] for chip in shown.chips][1:] == ["Seen", hidden.slug]


def test_of_very_many_choices_those_that_most_things_have_are_shown(monkeypatch):
    monkeypatch.setattr(facets, "MOST_OPTIONS", 2)
    for region, number in (("A", 1), ("B", 3), ("C", 2), ("D", 1)):
        for _n in range(number):
            make.organisation(region=region)

    class Regions(FacetFilterSet):
        region = Facet("region", label="Region")

    def shown(query):
        return [
            option["value"] for option in Regions(QueryDict(query), Organisation.objects.all()).facets[0]["options"]
        ]

    assert (shown(""), shown("region=D")) == (["B", "C"], ["B", "D"])
