"""The contract of both engines: the same results in kind, whichever stands behind."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from collaborative.search import services
from collaborative.search.engines import engine
from collaborative.search.queries import best_first, matching, search, why
from collaborative.search.registry import ALWAYS, Entry
from collaborative.vocabulary.models import Theme
from tests import factories as make

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def put(pk, title, **fields):
    services.store("theme", pk, Entry(title=title, **{"public_from": ALWAYS} | fields))


def find(text):
    return list(matching(text, "theme", VISITOR).values_list("object_id", flat=True))


@pytest.fixture
def library():
    put(1, "Burglaries in rural towns", body="Farm machinery is stolen by night.")
    put(2, "Evidence-based policing", summary="How a café in Gŵyr became a police/university meeting place.")
    put(
        3, "Body-worn cameras", body="Officers search people less often. They stop complaints. Hot spots are patrolled."
    )
    put(4, "Stop and search", body="The victim's account, told to A. N. Officer (a.n@force.example) in 2019.")
    put(5, "Cybercrime units", aliases="NCCU · Troseddau seiber", body="The rate of change since 2019.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("burglary", {1}),
        ("burglar*", {1}),
        ("BURGLARIES", {1}),
        ("patrolling hotspots", set()),
        ("patrol hot spot", {3}),
        ("stop search", {3, 4}),
        ('"stop search"', set()),
        ('"stop and search"', {4}),
        ('"search stop"', set()),
        ("search -stop", set()),
        ("stop -complaints", {4}),
        ('search -"stop and search"', {3}),
        ("officer -victim", {3}),
        ("cafe gwyr", {2}),
        ("CAFÉ", {2}),
        ("cafe\u0301", {2}),
        ("gŵyr", {2}),
        ("troseddau", {5}),
        ("nccu", {5}),
        ("cyber", set()),
        ("cyber*", {5}),
        ("pol*", {2}),
        ("the*", set()),
        ("university", {2}),
        ("police", {2}),
        ("evidence based", {2}),
        ("evidence-based", {2}),
        ("based evidence", {2}),
        ('"based evidence"', set()),
        ("body-worn", {3}),
        ("victims", {4}),
        ("force", {4}),
        ("2019", {4, 5}),
        ('"rate of change"', {5}),
        ("rural farm machinery", {1}),
        ("rural farm drones", set()),
        ("the", set()),
        ("-drones", set()),
        ("", set()),
    ],
)
def test_a_search_finds(library, text, found):
    assert set(find(text)) == found


def test_a_word_in_the_title_counts_more_than_in_names_summary_or_text():
    put(1, "Something else", body="It speaks of trafficking once.")
    put(2, "Something else", summary="It speaks of trafficking once.")
    put(3, "Something else", aliases="Trafficking")
    put(4, "Trafficking")
    assert find("trafficking") == [4, 3, 2, 1]


def test_a_long_text_with_the_words_in_its_name_comes_before_a_short_one_that_mentions_them():
    put(1, "A note", summary="County lines trafficking.")
    put(2, "Trafficking along county lines: a review", body="Much is said of other matters. " * 500)
    put(3, "County lines", body="Trafficking.")
    assert find("county lines trafficking")[0] == 2


def test_of_two_that_answer_equally_the_newer_comes_first():
    put(1, "Drones", date=date(2019, 1, 1))
    put(2, "Drones")
    put(3, "Drones", date=date(2024, 1, 1))
    assert find("drones") == [3, 1, 2]


def test_another_kind_is_not_found():
    services.store("programme", 1, Entry(title="Drones", public_from=ALWAYS))
    assert find("drones") == []


def test_a_changed_entry_is_found_by_its_new_words_alone():
    put(1, "Drones")
    put(1, "Horses")
    assert (find("drones"), find("horses")) == ([], [1])


def test_a_removed_entry_is_not_found():
    put(1, "Drones")
    services.remove("theme", 1)
    assert find("drones") == []


def test_what_no_database_keeps_is_left_out_of_the_index():
    put(1, "Dro\x00nes", body="A \ue000sign\ue001 and a \ud800 half letter")
    assert (find("sign"), find("half")) == ([1], [1])


def test_a_very_long_text_is_indexed_to_its_limit():
    put(1, "Long", body="words and " * 30_000 + "ending")
    assert (find("words"), find("ending")) == ([1], [])


def test_a_very_long_word_harms_nobody():
    put(1, "Long " + "x" * 5000, body="y" * 100_000)
    assert find("long") == [1]


def test_things_are_put_best_first_within_a_list_of_their_own():
    weak, strong, other = (make.theme(name=name) for name in ("On roads", "Drones", "Drones elsewhere"))
    Theme.objects.filter(pk=weak.pk).update(summary="Drones, once.")
    for theme in Theme.objects.all():
        services.index(theme)
    listed = Theme.objects.exclude(pk=other.pk)
    assert list(best_first(listed, "drones", "theme", VISITOR)) == [strong, weak]
    assert list(best_first(listed, "zeppelin", "theme", VISITOR)) == []


@pytest.mark.postgres
def test_of_very_many_matches_the_newest_are_ranked(monkeypatch):
    monkeypatch.setattr(engine(), "RANKED_AT_MOST", 2)
    old, middle, new = (make.theme(name=f"Theme {n}") for n in range(3))
    for theme, title, day in ((old, "Drones", 1), (middle, "Drones", 2), (new, "Else", 3)):
        entry = Entry(title=title, summary="Drones", date=date(2020, 1, day), public_from=ALWAYS)
        services.store("theme", theme.pk, entry)
    found = search("drones", VISITOR)
    assert (found.total, [hit.thing for hit in found[:20]]) == (3, [middle, new])


def test_hits_come_by_the_slice_alone():
    with pytest.raises(TypeError):
        search("drones", VISITOR)["query"]


def test_what_answered_is_told_part_by_part():
    theme = make.theme()
    put(theme.pk, "Café drones", aliases="Drones · Horse riding · Öre", summary="Of drones.", body="Kent · Drone Force")
    told = why("drone -zeppelin", "theme", [theme.pk], VISITOR)[theme.pk]
    assert (told.title, told.named) == ("Café <mark>drones</mark>", True)
    assert (told.aliases, told.body) == (["Drones"], ["Drone Force"])
    assert told.extract == "Of <mark>drones</mark>."
    other = why("ore riding", "theme", [theme.pk], VISITOR)[theme.pk]
    assert (other.title, other.named, other.aliases) == ("Café drones", False, ["Horse riding", "Öre"])
    assert (other.body, other.extract) == ([], "")


def test_nothing_is_told_of_what_the_reader_may_not_find_or_did_not_ask_for():
    theme = make.theme()
    put(theme.pk, "Drones", public_from=None, staff=True)
    assert why("drones", "theme", [theme.pk], VISITOR) == {}
    assert list(why("drones", "theme", [theme.pk], make.member(make.partner(make.programme())))) == [theme.pk]
    assert why("", "theme", [theme.pk], make.administrator()) == {}
    assert why("drones", "theme", [], make.administrator()) == {}
