"""Questions in full sentences: what holds most of their words, where hardly anything holds all."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from collaborative.search import services
from collaborative.search.queries import search
from collaborative.search.registry import ALWAYS, Entry
from tests import factories as make

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def put(title, *, public_from=ALWAYS, **fields):
    theme = make.theme(name=title)
    services.store("theme", theme.pk, Entry(title=title, public_from=public_from, **fields))


def found(text, **how):
    hits = search(text, VISITOR, **{"loosely": True} | how)[:20]
    return [re.sub("</?mark>", "", hit.title) for hit in hits]


@pytest.fixture
def library():
    put("Hot spot patrols", body="Officers who stay a quarter of an hour change more than those who pass.")
    put("Officers and dogs", body="How a dog is trained.")
    for n in range(4):
        put(f"Officers at work {n}", body="Shifts and letters.")


def test_a_question_finds_what_holds_most_of_its_telling_words_first(library):
    assert found("How long should officers stay at a hot spot on patrol?")[0] == "Hot spot patrols"
    assert found("how should officers have their dogs clipped")[0] == "Officers and dogs"


def test_without_being_asked_to_a_search_stays_exact(library):
    assert found("How long should officers stay at a hot spot on patrol?", loosely=False) == []


def test_what_holds_all_words_is_left_alone_when_there_is_enough_of_it(library):
    assert search("officers at work", VISITOR, loosely=True).loose is None


def test_phrases_and_exclusions_stay_as_they_are(library):
    assert found('"hot patrols" officers stay long') == []
    assert found("officers stay dogs clipped -quarter") == ["Officers and dogs"]


def test_a_single_word_that_nothing_holds_finds_nothing(library):
    assert found("zeppelin") == []
    assert found("zeppelin balloon") == []


def test_what_nobody_may_see_is_not_near_either(library):
    put("Hot spots to come", public_from=timezone.now() + timezone.timedelta(days=1), body="Officers stay long.")
    assert "Hot spots to come" not in found("How long should officers stay at a hot spot on patrol?")


def test_the_page_says_that_no_page_has_all_words_and_marks_those_found(library, client):
    page = client.get("/search/", {"q": "how long should officers stay at a hot spot"}).content.decode()
    assert "No page has all of these words; these have most." in page
    assert "<mark>Hot</mark> <mark>spot</mark> patrols" in page
