"""What happens at its minute: publication, the end of an embargo, the day of an update; with a clock in our hands."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter, News
from collaborative.search.queries import matching
from evidence import services
from evidence.forms.moments import at_the_clock
from evidence.models import Review, Version
from tests import factories
from tests.evidence.texts import approved
from tests.races import at_once

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)


def clock(words):
    """Return the moment at which the clocks of London show this."""
    with timezone.override(LONDON):
        return at_the_clock(datetime.fromisoformat(words))


def state_of(version):
    version.refresh_from_db()
    return version.state


def told(key):
    """Return the ids of those who have a letter."""
    return sorted(Letter.objects.filter(key=key, channel="portal").values_list("recipient_id", flat=True))


@pytest.mark.parametrize(
    ("shown", "moment"),
    [
        ("2027-03-28T00:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        ("2027-03-28T02:01", datetime(2027, 3, 28, 1, 1, tzinfo=UTC)),
        ("2026-10-25T00:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25T02:01", datetime(2026, 10, 25, 2, 1, tzinfo=UTC)),
    ],
)
def test_a_schedule_fires_at_its_minute_on_the_night_of_a_clock_change(shown, moment):
    programme = factories.programme()
    by, version = factories.coordinator(programme), approved(programme)
    at = clock(shown)
    assert at == moment
    services.schedule(version, by=by, at=at, now=at - timedelta(days=1))
    assert services.publish_due(now=moment - MINUTE) == 0
    assert state_of(version) == "approved"
    assert services.publish_due(now=moment) == 1
    assert (state_of(version), version.published_at, version.publish_at) == ("published", moment, None)
    assert services.publish_due(now=moment + MINUTE) == 0


@pytest.mark.parametrize(
    ("shown", "said"), [("2027-03-28T01:30", "does not exist"), ("2026-10-25T01:30", "comes twice")]
)
def test_a_time_that_the_clocks_skip_or_show_twice_is_told(shown, said):
    with pytest.raises(ValidationError, match=said):
        clock(shown)


def test_a_time_is_set_only_for_what_could_be_published_by_who_may():
    programme = factories.programme()
    by, now = factories.coordinator(programme), timezone.now()
    version = approved(programme)
    for at, who, error in (
        (now - MINUTE, by, Refused),
        (now + MINUTE, factories.author(version.review), PermissionDenied),
    ):
        with pytest.raises(error):
            services.schedule(version, by=who, at=at)
    Version.objects.filter(pk=version.pk).update(summary="")
    with pytest.raises(Refused, match="Write the summary"):
        services.schedule(version, by=by, at=now + MINUTE)
    with pytest.raises(Refused, match="No time is set"):
        services.unschedule(version, by=by)


def test_what_lacks_something_by_then_is_not_published_and_its_editors_are_told_once():
    programme = factories.programme()
    version = approved(programme)
    by, editor = factories.coordinator(programme), factories.editor(version.review)
    due = timezone.now() + MINUTE
    services.schedule(version, by=by, at=due)
    version.authors.all().delete()
    for _each in range(2):
        assert services.publish_due(now=due + MINUTE) == 0
    assert (state_of(version), version.publish_at, version.publish_by) == ("approved", None, None)
    assert told("version.not_published") == sorted([by.pk, editor.pk])


def test_it_is_not_published_for_somebody_who_may_no_longer():
    programme = factories.programme()
    version = approved(programme)
    by, due = factories.editor(version.review), timezone.now() + MINUTE
    services.schedule(version, by=by, at=due)
    version.review.people.update(ends_on=timezone.localdate())
    other = factories.coordinator(programme)
    assert services.publish_due(now=due) == 0
    assert state_of(version) == "approved"
    assert other.pk in told("version.not_published")


def test_sending_back_and_withdrawing_take_the_time_back():
    programme = factories.programme()
    by, due = factories.coordinator(programme), timezone.now() + MINUTE
    version = services.schedule(approved(programme), by=by, at=due)
    services.send_back(version, by=by, reason="Say where.")
    assert (state_of(version), version.publish_at) == ("drafting", None)
    review = services.publish(approved(programme), by=by).review
    newer = services.new_version(review, by=by)
    Version.objects.filter(pk=newer.pk).update(state="approved", publish_at=due, publish_by=by)
    services.withdraw(review.versions.get(number=1), by=by, reason="Found wrong.")
    assert services.publish_due(now=due + MINUTE) == 0
    assert (state_of(newer), Review.objects.get(pk=review.pk).current) == ("approved", None)


def test_an_embargo_ends_by_itself_and_is_told_once():
    programme = factories.programme()
    by, inside = factories.coordinator(programme), factories.member(factories.partner(programme))
    end = timezone.now() + timedelta(days=2)
    version = services.publish(approved(programme), by=by, until=end)
    review, others = version.review, factories.editor(version.review)
    for now, everyone in ((end - MINUTE, False), (end, True)):
        assert Review.objects.visible_to(None, now).filter(pk=review.pk).exists() == everyone
        assert Version.objects.visible_to(None, now).filter(pk=version.pk).exists() == everyone
        assert Review.objects.visible_to(inside, now).filter(pk=review.pk).exists()
    found = {who: matching("known", "review", who).exists() for who in (None, inside, factories.person())}
    assert list(found.values()) == [False, True, False]
    assert (News.objects.count(), services.lift_due(now=end - MINUTE)) == (0, 0)
    assert [services.lift_due(now=end), services.lift_due(now=end + MINUTE)] == [1, 0]
    assert News.objects.count() == 1
    assert others.pk in told("review.published")


def test_what_was_withdrawn_under_embargo_is_never_announced():
    programme = factories.programme()
    by, end = factories.coordinator(programme), timezone.now() + timedelta(days=2)
    version = services.publish(approved(programme), by=by, until=end)
    services.withdraw(version, by=by, reason="Found wrong.")
    assert services.lift_due(now=end) == 0
    assert (News.objects.count(), told("review.published")) == (0, [])
    assert not Version.objects.visible_to(None, end + MINUTE).exists()


def test_an_embargo_hides_nothing_that_everyone_reads():
    programme = factories.programme()
    by, end = factories.coordinator(programme), timezone.now() + timedelta(days=2)
    review = services.publish(approved(programme), by=by).review
    newer = services.new_version(review, by=by)
    Version.objects.filter(pk=newer.pk).update(state="approved")
    newer.ticks.bulk_create(
        type(tick)(version=newer, check_of_id=tick.check_of_id, by=by) for tick in review.current.ticks.all()
    )
    with pytest.raises(Refused, match="would hide what everyone reads"):
        services.publish(newer, by=by, until=end)
    Version.objects.filter(pk=newer.pk).update(handling="OFFICIAL")
    with pytest.raises(Refused, match="Withdraw the version that everyone reads first"):
        services.publish(newer, by=by)


def test_the_day_of_an_update_is_said_once_to_its_editors():
    programme = factories.programme()
    review = services.publish(approved(programme), by=factories.coordinator(programme)).review
    editor, version = factories.editor(review), review.versions.get()
    Version.objects.filter(pk=version.pk).update(update_due_on=date(2027, 5, 1))
    assert services.updates_due(now=datetime(2027, 4, 30, 23, tzinfo=UTC)) == 0
    day = datetime(2027, 5, 1, tzinfo=UTC)
    assert [services.updates_due(now=day), services.updates_due(now=day)] == [1, 0]
    assert state_of(version) == "update_due"
    assert editor.pk in told("version.update_due")


@pytest.mark.django_db(transaction=True)
def test_two_workers_publish_once_and_sending_back_or_publishing_comes_first_or_not_at_all():
    programme = factories.programme()
    by, due = factories.coordinator(programme), timezone.now() + MINUTE
    version = services.schedule(approved(programme), by=by, at=due)
    assert sorted(at_once(*[lambda: services.publish_due(now=due)] * 2)) == [0, 1]
    assert (state_of(version), News.objects.count()) == ("published", 1)
    other = approved(programme)
    results = at_once(
        lambda: services.publish(other, by=by), lambda: services.send_back(other, by=by, reason="Say where.")
    )
    assert sorted(type(each).__name__ for each in results) == ["Refused", "Version"]
    assert (state_of(other), Review.objects.get(pk=other.review_id).current_id) in (
        ("published", other.pk),
        ("drafting", None),
    )
