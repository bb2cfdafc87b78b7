"""The interface for programs: the same things as the pages, whoever asks, whole and in order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.outputs.api.registry import resources
from collaborative.search.services import index
from evidence.models import Review, Version
from tests import factories as make
from tests.api.worlds import MAKERS, full_review

pytestmark = pytest.mark.django_db
LISTS = sorted(MAKERS)
ROOT = "/api/v1/"


def read(path, status=200, **headers):
    """Return what an address answers."""
    answer = Client().get(path if path.startswith("/") else ROOT + path, headers=headers)
    assert answer.status_code == status, answer.content
    return answer.json()


def slugs(path):
    """Return the slugs of all rows of a list, page by page."""
    found = []
    while path:
        page = read(path)
        found += [row["slug"] for row in page["results"]]
        path = page["next"] and page["next"].removeprefix("http://testserver")
    return found


def in_handling(handling, **fields):
    """Make a review whose text is to be handled in a way."""
    made = make.review()
    Version.objects.filter(review=made).update(handling=handling, **fields)
    return made


@pytest.mark.parametrize("name", LISTS)
def test_a_row_of_a_list_leads_to_its_whole_record(name):
    made = MAKERS[name]()
    row = next(row for row in read(f"{name}/")["results"] if row["slug"] == made.slug)
    whole = read(row["api_url"].removeprefix("http://testserver"))
    row.pop("updated_at")
    assert {key: whole[key] for key in row} == row
    assert row["url"] == f"http://testserver{made.get_absolute_url()}"


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_is_not_for_everyone_is_nowhere_whoever_asks(signed_in):
    soon = timezone.now() + timedelta(days=1)
    open_review, embargoed = make.review(), in_handling("PUBLIC", public_from=soon)
    hidden = {
        "reviews": [embargoed, in_handling("OFFICIAL"), make.review(state="drafting"), make.review(state="approved")],
        "practices": [make.sheet(state="draft"), make.sheet(state="submitted")],
        "projects": [make.project(stage="proposed", submitted_at=soon), make.project(handling="OFFICIAL")],
        "events": [make.event(state="planned")],
        "people": [make.profile(audience="staff"), make.profile(audience="nobody")],
    }
    client = Client()
    if signed_in:
        client.force_login(make.administrator())
    for name, things in hidden.items():
        listed = [row["slug"] for row in client.get(f"{ROOT}{name}/").json()["results"]]
        assert listed == ([open_review.slug] if name == "reviews" else [])
        assert {client.get(f"{ROOT}{name}/{each.slug}/").status_code for each in things} == {404}
    Version.objects.filter(review=embargoed).update(public_from=timezone.now())
    assert set(slugs("reviews/")) == {open_review.slug, embargoed.slug}


@pytest.mark.parametrize("state", ["published", "update_due", "superseded", "archived"])
def test_what_is_out_of_date_is_there_and_says_so(state):
    made = make.review(state=state)
    assert read(f"reviews/{made.slug}/")["state"] == read("reviews/")["results"][0]["state"] == state


def test_what_is_withdrawn_leaves_its_tombstone():
    review, sheet = make.review(state="withdrawn"), make.sheet(state="withdrawn")
    gone = read(f"reviews/{review.slug}/", 410)
    assert (gone["name"], gone["reason"], gone["status"]) == (review.title, "Found wrong.", 410)
    assert review.title in gone["citation"]
    assert read(f"reviews/{review.slug}/versions/1/", 410)["reason"] == "Found wrong."
    assert read(f"practices/{sheet.slug}/", 410)["reason"] == "It did harm."
    assert slugs("reviews/") == slugs("practices/") == []


def test_a_review_says_all_that_its_page_says():
    made = full_review()
    whole = read(f"reviews/{made.slug}/")
    assert whole["doi"] == "https://doi.org/10.5555/full"
    assert [each["name"] for each in whole["authors"]] == ["Maja Lind"]
    assert whole["findings"] == [{"number": 1, "text": "It helps.", "section": "found"}]
    assert (
        whole["references"][0]["review"]["url"] == f"http://testserver{Review.objects.latest('pk').get_absolute_url()}"
    )
    assert whole["studies"][0]["reference"] == "lind"
    assert [each["slug"] for each in [whole]] == [made.slug]
    line = whole["versions"][0]
    version = read(line["api_url"].removeprefix("http://testserver"))
    assert (version["sections"], version["version"]) == (whole["sections"], 1)


def test_a_reference_does_not_tell_of_what_is_hidden():
    made = full_review()
    Version.objects.filter(review=Review.objects.latest("pk")).update(handling="OFFICIAL")
    assert read(f"reviews/{made.slug}/")["references"][0]["review"] is None


def test_an_old_address_leads_on():
    made = make.review(slug="first")
    index(made)
    Review.objects.filter(pk=made.pk).update(slug="second")
    index(Review.objects.get(pk=made.pk))
    answer = Client().get(f"{ROOT}reviews/first/")
    assert (answer.status_code, answer["Location"]) == (301, f"http://testserver{ROOT}reviews/second/")


def test_a_person_shows_no_more_than_their_page():
    shown = make.profile(make.member(make.organisation()), words=["Interviews"], about="I ask.")
    whole = read(f"people/{shown.slug}/")
    assert (whole["about"], whole["email"], whole["expertise"]) == ("I ask.", None, ["Interviews"])
    assert shown.user.email not in str(whole)


@pytest.mark.parametrize("number", [3, 4, 8])
def test_pages_lose_and_repeat_nothing_while_rows_are_added(number):
    before = [make.review().slug for _ in range(number)]
    found, path = [], "reviews/?limit=4"
    while path:
        page = read(path)
        assert len(page["results"]) <= 4
        found += [row["slug"] for row in page["results"]]
        path = page["next"] and page["next"].removeprefix("http://testserver")
        make.review()
    assert found == before[::-1]


@pytest.mark.parametrize(("name", "sort"), [("reviews", "title"), ("reviews", "oldest"), ("projects", "newest")])
def test_pages_go_by_any_order_even_among_equals(name, sort):
    title = {"title": "The same"} if sort == "title" else {}
    made = {MAKERS[name](**title).slug for _ in range(5)}
    found = slugs(f"{name}/?limit=2&sort={sort}")
    assert (len(found), set(found)) == (5, made)


def test_a_search_stands_best_first_and_has_pages():
    for title in ("Of lighting and streets", "Lighting", "Other"):
        index(make.review(title=title))
    found = slugs("reviews/?q=lighting&limit=1")
    assert found[0] == Review.objects.get(title="Lighting").slug
    assert len(found) == 2


def test_lists_take_the_filters_of_the_pages():
    theme = make.theme()
    made = make.review(themes=[theme])
    make.review()
    assert slugs(f"reviews/?theme={theme.slug}&kind=rapid_evidence_review") == [made.slug]
    assert slugs("reviews/?theme=nothing-of-the-kind") == []
    past = make.event(starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1))
    assert (slugs("events/"), slugs("events/?when=past")) == ([], [past.slug])


def test_what_changed_since_is_told_by_the_ledger():
    made = make.review()
    index(made)
    make.review()
    today = timezone.now().strftime("%Y-%m-%dT00:00:00Z")
    assert slugs(f"reviews/?updated_since={today}") == [made.slug]
    assert slugs("reviews/?updated_since=2999-01-01T00:00:00Z") == []


@pytest.mark.parametrize("name", LISTS)
def test_lists_and_records_cost_the_same_however_much_there_is(name):
    first = MAKERS[name]()
    costs = []
    for number in (0, 29):
        for _ in range(number):
            MAKERS[name]()
        for path in (f"{name}/?limit=100", f"{name}/{first.slug}/"):
            with CaptureQueriesContext(connection) as queries:
                read(path)
            costs.append(len(queries))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 12


def test_a_whole_review_keeps_to_the_budget():
    made = full_review()
    with CaptureQueriesContext(connection) as queries:
        read(f"reviews/{made.slug}/")
    assert len(queries) <= 12


def test_the_entrance_leads_to_every_list():
    lists = read("")["resources"]
    assert sorted(lists) == LISTS
    assert all(read(address.removeprefix("http://testserver"))["results"] == [] for address in lists.values())


def test_the_documentation_tells_of_every_operation_and_problem():
    page = Client().get(reverse("api:docs"))
    words = page.content.decode()
    assert [each.one for each in resources() if f'id="{each.one}"' not in words] == []
    assert 'id="problem-bad-cursor"' in words
    assert "<script" not in words.split("<main")[1].split("</main>")[0]
