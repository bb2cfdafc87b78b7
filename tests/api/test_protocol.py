"""How the interface answers: caches, conditions, methods, limits, and problems as documents."""

import logging

import pytest
from django.core.cache import caches
from django.test import Client

from collaborative.outputs.api import doors, limits
from collaborative.search.services import index
from tests import factories as make

pytestmark = pytest.mark.django_db
REVIEWS = "/api/v1/reviews/"


@pytest.fixture
def few(settings):
    """Let an address ask three times a minute."""
    settings.API_REQUESTS_A_MINUTE = 3
    caches["counters"].clear()
    yield
    caches["counters"].clear()


def problem(answer):
    """Return a problem document, which says its own status."""
    assert answer["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == answer.status_code
    assert document["type"].startswith("http://testserver/api/v1/docs/#problem-")
    return document


def test_an_answer_may_be_kept_and_asked_for_again():
    made = make.review()
    index(made)
    first = Client().get(f"{REVIEWS}{made.slug}/")
    assert (first["Cache-Control"], first["Vary"]) == ("public, max-age=60", "Accept")
    assert not first.cookies
    again = Client().get(f"{REVIEWS}{made.slug}/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    by_date = Client().get(f"{REVIEWS}{made.slug}/", headers={"if-modified-since": first["Last-Modified"]})
    assert by_date.status_code == 304
    made.places.create(country="GB", place="Lowick")
    assert Client().get(f"{REVIEWS}{made.slug}/", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_session_and_a_language_change_nothing():
    make.review()
    client = Client()
    client.force_login(make.administrator())
    mine = client.get(REVIEWS, headers={"accept-language": "cy"})
    theirs = Client().get(REVIEWS)
    assert (mine.content, mine["ETag"], mine["Vary"]) == (theirs.content, theirs["ETag"], "Accept")


def test_pages_of_other_sites_may_ask_without_cookies():
    answer = Client().get(REVIEWS, headers={"origin": "https://elsewhere.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    before = Client().options(REVIEWS)
    assert (before.status_code, before["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert before["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_the_head_is_that_of_the_answer():
    make.review()
    head, whole = Client().head(REVIEWS), Client().get(REVIEWS)
    assert (head.status_code, head.content) == (200, b"")
    assert (head["ETag"], head["Content-Length"]) == (whole["ETag"], whole["Content-Length"])


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_reading_is_possible(method):
    answer = getattr(Client(enforce_csrf_checks=True), method)(REVIEWS)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    problem(answer)


@pytest.mark.parametrize(
    ("query", "kind", "parameter"),
    [
        ("limit=0", "bad-parameter", "limit"),
        ("limit=101", "bad-parameter", "limit"),
        ("limit=many", "bad-parameter", "limit"),
        ("limit=1&limit=2", "bad-parameter", "limit"),
        ("cursor=nonsense", "bad-cursor", "cursor"),
        ("cursor=" + "x" * 2000, "bad-parameter", "cursor"),
        ("updated_since=yesterday", "bad-parameter", "updated_since"),
        ("updated_since=2026-01-01T00:00:00", "bad-parameter", "updated_since"),
        ("sort=upside-down", "bad-parameter", "sort"),
        ("sort=best", "bad-parameter", "sort"),
        ("theme=", "bad-parameter", "theme"),
        ("&".join(f"theme=t{n}" for n in range(31)), "bad-parameter", "theme"),
        ("colour=red", "unknown-parameter", "colour"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(query, kind, parameter):
    document = problem(Client().get(f"{REVIEWS}?{query}"))
    assert (document["status"], document["type"].rpartition("#problem-")[2]) == (400, kind)
    assert document["parameter"] == parameter
    if kind == "unknown-parameter":
        assert {"q", "theme", "cursor", "limit"} <= set(document["known"])


def test_a_cursor_holds_for_its_own_list_and_order():
    make.review(), make.review()
    cursor = Client().get(f"{REVIEWS}?limit=1").json()["next"].partition("cursor=")[2]
    assert Client().get(f"{REVIEWS}?limit=1&cursor={cursor}").status_code == 200
    for other in (f"{REVIEWS}?sort=title&", "/api/v1/practices/?"):
        assert problem(Client().get(f"{other}cursor={cursor}"))["parameter"] == "cursor"


def test_the_next_page_stands_in_the_header():
    make.review(), make.review()
    answer = Client().get(f"{REVIEWS}?limit=1")
    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'


def test_nothing_there_and_nothing_acceptable():
    assert problem(Client().get("/api/v1/nothing/"))["status"] == 404
    assert problem(Client().get("/api/v1/reviews/none-such/"))["status"] == 404
    assert problem(Client().get(REVIEWS, headers={"accept": "text/html"}))["status"] == 406
    assert Client().get(REVIEWS, headers={"accept": "text/html,*/*;q=0.1"}).status_code == 200
    slash = Client().get("/api/v1/reviews?limit=1")
    assert (slash.status_code, slash["Location"]) == (301, "http://testserver/api/v1/reviews/?limit=1")


def test_too_many_fields_are_a_problem_not_a_page():
    query = "&".join(f"theme=t{n}" for n in range(1500))
    assert problem(Client().get(f"{REVIEWS}?{query}"))["status"] == 400


def test_our_own_mistake_is_noted_and_told(monkeypatch, caplog):
    monkeypatch.setattr("evidence.api.reviews.Reviews.for_list", lambda self, rows: 1 / 0)
    with caplog.at_level(logging.ERROR, logger=doors.__name__):
        document = problem(Client().get(REVIEWS))
    assert document["status"] == 500
    assert "division" not in str(document)
    noted = [record.getMessage() for record in caplog.records if record.name == doors.__name__]
    assert noted == ["the API could not answer"]


def test_who_asks_too_often_is_told_when_to_come_back(few):
    left = [Client().get(REVIEWS)["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    over = Client().get(REVIEWS)
    assert problem(over)["status"] == 429
    assert 0 < int(over["Retry-After"]) <= limits.WINDOW
    assert (over["RateLimit-Limit"], over["RateLimit-Remaining"]) == ("3", "0")
    assert Client().get(REVIEWS, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_neighbours_in_one_network_are_counted_together(few):
    for last in range(3):
        Client().get(REVIEWS, REMOTE_ADDR=f"2001:db8::{last}")
    assert Client().get(REVIEWS, REMOTE_ADDR="2001:db8::99").status_code == 429
    assert Client().get(REVIEWS, REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_nobody_is_refused_while_the_shared_cache_is_away(settings):
    settings.API_REQUESTS_A_MINUTE = 3
    settings.CACHES = settings.CACHES | {
        "counters": {
            "BACKEND": "collaborative.core.caching.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
    assert {Client().get(REVIEWS).status_code for _ in range(5)} == {200}
