"""The index can always be made equal to the tables, and says where it was not."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collaborative.core.triggers import declared, installed, lifted
from collaborative.search import services, tasks, triggers
from collaborative.search.models import SearchEntry
from collaborative.search.queries import matching
from collaborative.search.registry import ALWAYS, Entry
from collaborative.vocabulary.models import Theme
from tests import factories as make
from tests.search.things import MAKERS, WORD, indexed, named_only

pytestmark = pytest.mark.django_db


def run(*args):
    out = StringIO()
    call_command("rebuild_search", *args, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def drifted():
    """Return a missing, a stale and a right theme; an orphan of theirs and one of no kind stand beside."""
    missing, stale, right = make.theme(), make.theme(), make.theme()
    services.index(stale)
    services.index(right)
    Theme.objects.filter(pk=stale.pk).update(name="Horses")
    services.store("theme", right.pk + 1000, Entry(title="Gone", public_from=ALWAYS))
    services.store("unheard_of", 7, Entry(title="Gone", public_from=ALWAYS))
    return missing, stale, right


def test_drift_names_what_is_missing_stale_and_orphaned_and_changes_nothing(drifted):
    missing, stale, right = drifted
    before = list(SearchEntry.objects.values())
    found = services.drift()
    assert found.missing == [("theme", missing.pk)]
    assert found.stale == [("theme", stale.pk)]
    assert found.orphaned == [("theme", right.pk + 1000), ("unheard_of", 7)]
    assert list(SearchEntry.objects.values()) == before


def test_reindex_makes_the_index_equal_to_the_tables(drifted):
    missing, stale, right = drifted
    assert bool(services.reindex())
    assert not services.drift()
    assert set(SearchEntry.objects.values_list("kind", "object_id")) == {("theme", t.pk) for t in drifted}
    assert list(matching("horses", "theme", None).values_list("object_id", flat=True)) == [stale.pk]


def test_reindex_of_one_kind_leaves_the_others(drifted):
    services.reindex("programme")
    assert services.drift().missing == [("theme", drifted[0].pk)]


def test_reindex_leaves_what_is_right_as_it_is(drifted):
    right = SearchEntry.objects.get(object_id=drifted[2].pk)
    services.reindex()
    assert SearchEntry.objects.get(object_id=drifted[2].pk).changed_at == right.changed_at


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_a_thing_read_in_bulk_is_indexed_as_one_read_alone(kind):
    things = indexed(kind, make.programme())
    found = services.drift(kind)
    assert not found
    SearchEntry.objects.filter(kind=kind).delete()
    assert {pk for _kind, pk in services.reindex(kind).missing} >= {t.pk for t in things} - named_only(things)
    assert not services.drift(kind)


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_comparing_costs_the_same_however_many_there_are(kind):
    make_some = MAKERS[kind]
    make_some(make.programme())
    with CaptureQueriesContext(connection) as few:
        services.drift(kind)
    make_some(make.programme())
    with CaptureQueriesContext(connection) as many:
        services.drift(kind)
    assert len(many) == len(few)


def test_a_thing_that_now_has_named_readers_only_is_an_orphan():
    project = make.project(title=WORD)
    services.index(project)
    type(project).objects.filter(pk=project.pk).update(stage="draft")
    assert services.reindex("project").orphaned == [("project", project.pk)]
    assert SearchEntry.objects.count() == 0


def test_repair_goes_on_over_more_things_than_one_chunk(monkeypatch):
    monkeypatch.setattr(services, "CHUNK", 2)
    themes = [make.theme() for _ in range(5)]
    assert services.reindex("theme").missing == [("theme", theme.pk) for theme in themes]
    assert SearchEntry.objects.count() == 5


def test_the_command_says_what_it_mended(drifted):
    lines = run()
    assert [line for line in lines if not line.startswith(" ")] == [
        "everything: 1 missing",
        "everything: 1 stale",
        "everything: 2 orphaned",
    ]
    assert run()[0] == "everything: 0 missing"


def test_the_command_can_only_look(drifted):
    with pytest.raises(CommandError, match="differs"):
        run("--check")
    assert bool(services.drift())


def test_the_command_refuses_a_kind_that_does_not_exist():
    with pytest.raises(CommandError, match="unheard_of"):
        run("unheard_of")


def test_the_daily_repair_mends_and_says_so(drifted, caplog):
    tasks.repair()
    assert not services.drift()
    assert [record.message for record in caplog.records] == ["the search index was mended"]


def test_the_repair_is_scheduled():
    assert "search.repair" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_the_database_has_the_triggers_that_are_declared():
    assert installed(connection) == {trigger.name for trigger in declared(connection)}


@pytest.mark.sqlite
def test_the_full_text_table_is_made_anew_after_writes_without_its_triggers():
    theme = make.theme(name="Drones")
    with lifted(connection, triggers.TABLE):
        services.index(theme)
    assert not matching("drones", "theme", None).exists()
    services.reindex()
    assert matching("drones", "theme", None).exists()


@pytest.mark.django_db(transaction=True)
def test_the_full_text_table_is_empty_before():
    services.index(make.theme(name="Kestrel"))


@pytest.mark.django_db(transaction=True)
def test_a_flush_between_tests_leaves_no_words_behind():
    services.index(make.theme(name="Heron"))
    assert not matching("kestrel", "theme", None).exists()
    assert matching("heron", "theme", None).exists()
