"""The library's search, facets, order and pages, whatever stands in the address."""

import pytest
from django.urls import reverse

from collaborative.search import services as search
from evidence.models import Review
from tests import factories

pytestmark = pytest.mark.django_db

LIBRARY = reverse("evidence:list")


def titles(client, query=""):
    return [review.title for review in client.get(LIBRARY + query).context["reviews"]]


def test_each_facets_counts_are_what_choosing_finds(client):
    programmes, themes = [factories.programme() for _each in range(2)], [factories.theme() for _each in range(3)]
    kinds = [factories.term("review_kind", code) for code in ("systematic_review", "evaluation")]
    for number in range(12):
        chosen = [themes[number % 3], themes[(number + number // 3) % 3]]
        factories.review(
            programmes[number % 2], kind_of=kinds[number % 5 == 0], year=2020 + number % 4, themes=set(chosen)
        )
    factories.review(programmes[0], state="drafting", year=2031)
    for narrowed in ("", "?year=2021", f"?theme={themes[0].slug}&kind=evaluation"):
        page = client.get(LIBRARY + narrowed)
        for facet in page.context["filter"].facets:
            for option in facet["options"]:
                if not option["checked"]:
                    others = [(n, v) for n, v in page.wsgi_request.GET.items() if n != facet["name"]]
                    query = "&".join(f"{n}={v}" for n, v in [*others, (facet["name"], option["value"])])
                    found = client.get(f"{LIBRARY}?{query}").context["page_obj"].paginator.count
                    assert option["count"] == found, (narrowed, facet["name"], option)
    assert "2031" not in client.get(LIBRARY).content.decode()


def test_the_order_is_newest_first_unless_chosen(client):
    made = [factories.review(title=title) for title in ("Beta", "Alpha", "Gamma")]
    assert titles(client) == ["Gamma", "Alpha", "Beta"]
    assert titles(client, "?sort=oldest") == ["Beta", "Alpha", "Gamma"]
    assert titles(client, "?sort=title") == ["Alpha", "Beta", "Gamma"]
    assert titles(client, "?sort=nonsense") == titles(client)
    assert len(made) == 3


def test_a_search_finds_by_title_and_text(client):
    for title in ("Foot patrols at night", "Something else"):
        search.index(Review.objects.get(pk=factories.review(title=title).pk))
    assert titles(client, "?q=patrol") == ["Foot patrols at night"]


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=%F0%9F%94%8D", "q=%22", "q=%27%3B--", "q=%28%29*%3A%5E", "q=-only", "q=" + "a" * 3000, "q=%FF%FE",
        "page=0", "page=-1", "page=x", "page=999999999999999999999", "page=last", "kind=%00", "kind=nothing",
        "theme=%F0%9F%94%8D", "year=0", "year=99999999999999999999", "year=%C2%B2", "year=abcd", "programme=%27",
        "sort=%00", "unknown=1", "kind=" + "&kind=".join(str(n) for n in range(200)),
    ],
)  # fmt: skip
def test_no_address_is_an_error(client, query):
    factories.review()
    assert client.get(f"{LIBRARY}?{query}").status_code in (200, 404)


@pytest.mark.parametrize("slug", ["nothing-here", "a" * 300, "%00", "%F0%9F%94%8D", "map", "x/preview"])
def test_a_wrong_address_is_a_helpful_404(client, slug):
    assert client.get(f"/evidence/{slug}/").status_code == 404


def test_a_searched_library_stands_best_match_first_until_another_order_is_chosen(client):
    told, mentioned = factories.review(title="Foot patrols"), factories.review(title="Burglary")
    mentioned.summary = "One study of foot patrols among forty."
    mentioned.save()
    for review in (told, mentioned):
        search.index(review)
    assert titles(client, "?q=foot+patrols") == ["Foot patrols", "Burglary"]
    assert titles(client, "?q=foot+patrols&sort=title") == ["Burglary", "Foot patrols"]


def test_best_match_is_offered_only_to_who_searches(client):
    def orders(query):
        return [order["value"] for order in client.get(LIBRARY + query).context["filter"].orders]

    assert (orders("?q=patrols")[0], orders("")[0]) == ("best", "newest")
