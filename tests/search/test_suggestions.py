"""Other spellings, and names while somebody types: of what this reader may see, and of nothing else."""

import json

import pytest
from django.utils import timezone

from collaborative.search import services
from collaborative.search.models import SearchEntry, Word
from collaborative.search.queries import SUGGESTED, search, suggested
from collaborative.search.registry import ALWAYS, Entry
from tests import factories as make

pytestmark = pytest.mark.django_db


def put(pk, title, **fields):
    services.store("theme", pk, Entry(title=title, **{"public_from": ALWAYS} | fields))


@pytest.fixture
def library(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        put(1, "Burglary in Gŵyr", aliases="Break-ins · Bwrgleriaeth")
        put(2, "Safeguarding children")
        put(3, "Quetzal surveillance", public_from=None, staff=True)
        put(4, "Ocelot patrols", public_from=timezone.now() + timezone.timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("burglery", "burglary"),
        ("Burglray gwyr", "burglary gwyr"),
        ("saefguarding -drones", "safeguarding -drones"),
        ('"safegarding children"', '"safeguarding children"'),
        ("bwrgleriath", "bwrgleriaeth"),
        ("burglary", ""),
        ("burglery zeppelins", ""),
        ("burglery children", ""),
        ("xyz", ""),
        ("burgl*", ""),
        ("quetzel", ""),
        ("ocelit", ""),
        ("-burglery", ""),
        ("", ""),
    ],
)
def test_another_spelling_is_offered_only_when_it_finds_more(library, text, meant):
    assert search(text, None).meant == meant


def test_a_word_that_only_hidden_things_hold_is_offered_to_nobody_and_never_kept(library):
    words = set(Word.objects.values_list("word", flat=True))
    assert words == {"burglary", "gwyr", "break", "bwrgleriaeth", "safeguarding", "children"}
    assert search("quetzel", make.administrator()).meant == ""


def test_the_repair_makes_the_words_those_that_everyone_reads_now(library):
    SearchEntry.objects.filter(object_id=2).update(public_from=None)
    SearchEntry.objects.filter(object_id=4).update(public_from=timezone.now())
    services.relearn()
    assert {"ocelot", "patrols"} <= set(Word.objects.values_list("word", flat=True))
    assert not Word.objects.filter(word="safeguarding").exists()
    services.forget("theme", 1)
    assert not Word.objects.filter(word="burglary").exists()


def test_what_is_known_only_costs_one_query(library, django_assert_num_queries):
    found = search("burglary", None)
    assert found.total == 1
    with django_assert_num_queries(1):
        assert found.meant == ""


def test_the_page_and_a_list_link_to_the_other_spelling(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        services.index(make.project(title="Burglary in rural towns", stage="active"))
    page = client.get("/search/?q=burglery&kind=project").content.decode()
    assert 'Did you mean <a href="?q=burglary&amp;kind=project">burglary</a>?' in page
    listed = client.get("/projects/?q=burglery&stage=active").content.decode()
    assert 'Did you mean <a href="?q=burglary">burglary</a>?' in listed


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("bur", ["Burglary in Gŵyr"]),
        ("gŵ", ["Burglary in Gŵyr"]),
        ("break", ["Burglary in Gŵyr"]),
        ("children saf", ["Safeguarding children"]),
        ("saf ", []),
        ("b", []),
        ("quet", []),
        ("oce", []),
        ("", []),
    ],
)
def test_names_are_suggested_as_they_begin(library, typed, names, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert suggested(typed, None) == names


def test_suggestions_are_the_reader_s_own_and_kept_for_nobody_else(client, library):
    answer = client.get("/search/suggest/", {"q": "quet"})
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "application/x-suggestions+json",
        "private, max-age=60",
    )
    assert "Cookie" in answer["Vary"]
    assert json.loads(answer.content) == ["quet", [], [], []]
    client.force_login(make.member(make.partner(make.programme())))
    typed, names, _said, addresses = json.loads(client.get("/search/suggest/", {"q": "quet"}).content)
    assert (names, addresses) == (["Quetzal surveillance"], ["http://testserver/search/?q=Quetzal+surveillance"])


def test_few_names_are_suggested_however_many_begin_so(client):
    for number in range(20):
        put(number + 1, f"Drones {number % 15}")
    assert len(suggested("drone", None)) == SUGGESTED


@pytest.mark.parametrize("typed", ['"', "a" * 5000, "\x00", "x'; --", "NEAR(", "-", "%", "😀", "a* OR"])
def test_whatever_is_typed_is_answered(client, library, typed):
    assert client.get("/search/suggest/", {"q": typed}).status_code == 200
    assert search(typed, None).meant == ""
