"""The ledger follows the index: what goes out, since when, what is gone, and which addresses lead on."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.core import kinds
from collaborative.outputs import services, tasks
from collaborative.outputs.models import OldAddress, Record, RecordSet
from collaborative.outputs.registry import kinds_out
from collaborative.outputs.services import repair
from collaborative.search.services import index, index_each, remove
from evidence.models import Review, Version
from tests import factories as make
from tests.races import at_once
from tests.search.things import MAKERS

pytestmark = pytest.mark.django_db


def record(review):
    """Return the row of a review."""
    return Record.objects.get(kind="review", object_id=review.pk)


def test_what_is_published_goes_out_in_its_sets():
    theme = make.theme()
    review = make.review(themes=[theme])
    index(review)
    row = record(review)
    assert not row.gone
    assert row in Record.objects.public()
    assert set(row.sets.values_list("spec", flat=True)) == {"kind:review", f"theme:{theme.slug}"}


def test_what_did_not_change_keeps_its_stamp():
    review = make.review()
    index(review)
    Record.objects.update(stamp=timezone.now() - timezone.timedelta(days=9))
    before = record(review).stamp
    index(review)
    assert record(review).stamp == before
    review.title = "Another"
    review.save()
    index(review)
    assert record(review).stamp > before


def test_what_is_gone_stays_known_as_gone():
    review = make.review()
    index(review)
    remove("review", review.pk)
    assert record(review).gone
    index(review)
    assert not record(review).gone


def test_an_old_address_is_kept_and_given_back():
    review = make.review(slug="first")
    index(review)
    review.slug = "second"
    review.save()
    index(review)
    assert OldAddress.objects.get(kind="review", slug="first").object_id == review.pk
    review.slug = "first"
    review.save()
    index(review)
    assert list(OldAddress.objects.values_list("slug", flat=True)) == ["second"]


def again(review, **fields):
    """Change a review's published text past the services, and index it as it then is; return its row."""
    Version.objects.filter(review=review).update(**fields)
    index(Review.objects.get(pk=review.pk))
    return record(review)


def aged(**ago):
    """Let everything in the ledger be of some time ago."""
    Record.objects.update(stamp=timezone.now().replace(microsecond=0) - timedelta(**ago))


@pytest.mark.parametrize("kind", kinds_out())
def test_what_is_public_in_the_ledger_is_what_everyone_may_see(kind):
    made = {thing.pk for thing in MAKERS[kind](make.programme())}
    services.rebuild(kind)
    seen = kinds.model_of(kind).objects.visible_to(AnonymousUser()).filter(pk__in=made)
    known = Record.objects.public().filter(kind=kind, object_id__in=made)
    assert set(known.values_list("object_id", flat=True)) == set(seen.values_list("pk", flat=True))
    assert services.drift(kind) == []


def test_an_embargo_ends_at_its_moment_and_nothing_has_to_run_for_that():
    review, ends = make.review(), timezone.now() + timedelta(hours=1, microseconds=5)
    row = again(review, public_from=ends)
    assert (row.gone, 0 <= (row.stamp - ends).total_seconds() < 1) == (False, True)
    assert row not in Record.objects.out()
    assert row in Record.objects.public(ends + timedelta(seconds=1))
    assert again(review, public_from=ends + timedelta(days=1)).stamp > row.stamp
    assert again(review, public_from=None).stamp <= timezone.now()


def test_what_only_partners_read_from_now_on_is_gone_and_an_embargo_that_never_ended_leaves_nothing():
    review = make.review()
    again(review, public_from=timezone.now() + timedelta(hours=1))
    assert again(review, handling="OFFICIAL").stamp is None
    again(review, handling="PUBLIC", public_from=None)
    aged(days=1)
    row = again(review, handling="OFFICIAL")
    assert (row.gone, row.digest, row.stamp > timezone.now() - timedelta(minutes=1)) == (True, "", True)


def test_what_was_gone_stays_so_under_a_new_embargo_and_returns_after_it():
    review = make.review()
    again(review)
    again(review, handling="OFFICIAL")
    aged(days=1)
    row = again(review, handling="PUBLIC", public_from=timezone.now() + timedelta(hours=1))
    assert (row.gone, row.stamp < timezone.now() - timedelta(hours=23)) == (True, True)
    row = again(review, public_from=timezone.now() - timedelta(seconds=2))
    assert (row.gone, row.stamp > timezone.now() - timedelta(minutes=1)) == (False, True)


def test_what_is_archived_goes_on_going_out_and_counts_as_changed():
    review = make.review()
    again(review)
    aged(days=1)
    before = record(review).stamp
    row = again(review, state="archived", archived_at=timezone.now(), archived_reason="Its subject has gone.")
    assert (row.gone, row.stamp > before) == (False, True)


def test_a_row_that_was_deleted_is_gone_when_the_world_knew_it_and_forgotten_when_not():
    known, unknown = make.theme(), make.sheet(state="draft")
    index(known)
    Record.objects.create(kind="sheet", object_id=unknown.pk)
    lost = [("sheet", unknown.pk), ("theme", known.pk)]
    known.delete()
    unknown.delete()
    assert sorted(each for each in services.rebuild() if each in lost) == lost
    Record.objects.exclude(kind__in=["sheet", "theme"]).delete()
    assert list(Record.objects.values_list("kind", "gone")) == [("theme", True)]


def test_the_repair_finds_and_mends_all_that_differs_in_few_queries(monkeypatch):
    monkeypatch.setattr(repair, "CHUNK", 2)
    themes = [make.theme() for _each in range(5)]
    assert services.rebuild("theme") == [("theme", theme.pk) for theme in themes]
    Record.objects.filter(object_id=themes[0].pk).update(digest="")
    Record.objects.filter(object_id=themes[1].pk).update(gone=True)
    Record.objects.filter(object_id=themes[2].pk).update(slug="elsewhere")
    RecordSet.objects.filter(record__object_id=themes[3].pk).delete()
    stamp = Record.objects.get(object_id=themes[4].pk).stamp
    with pytest.raises(CommandError, match="differs"):
        call_command("rebuild_outputs", "theme", check=True)
    tasks.repair()
    assert services.drift("theme") == []
    assert Record.objects.get(object_id=themes[4].pk).stamp == stamp
    assert OldAddress.objects.get().slug == "elsewhere"
    assert "outputs.repair" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_writing_costs_the_same_however_many_there_are():
    def written(count):
        things = [make.review() for _each in range(count)]
        with CaptureQueriesContext(connection) as queries:
            index_each("review", [thing.pk for thing in things])
        return len(queries)

    assert written(1) == written(6)


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_thing_leave_one_row_that_is_right():
    review = make.review()

    def write(change):
        def act():
            for _turn in range(4):
                with transaction.atomic():
                    Review.objects.select_for_update().get(pk=review.pk)
                    change()

        return act

    public = write(lambda: index(Review.objects.get(pk=review.pk)))
    gone = write(lambda: remove("review", review.pk))
    assert at_once(public, gone, public) == [None, None, None]
    index(Review.objects.get(pk=review.pk))
    assert not record(review).gone
    assert record(review).sets.count() == 1
    assert services.drift("review") == []


@pytest.mark.django_db(transaction=True)
def test_writers_who_hold_no_lock_of_the_thing_follow_each_other_too():
    review = make.review()
    assert at_once(*[lambda: index(review)] * 6) == [None] * 6
    assert Record.objects.filter(kind="review").count() == 1
    assert services.drift("review") == []
