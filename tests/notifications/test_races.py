"""Two workers at once, two schedules by mistake: real threads on a real database."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from collaborative.notifications import digests, sending, services
from collaborative.notifications.models import Digest, Follow, Letter, News
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(*acts):
    """Run acts at once; return their results, raise what one of them raised."""
    results = at_once(*acts)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def until_done():
    """Send until nothing is left."""
    while sending.deliver():
        pass


def test_two_workers_send_each_letter_once(told, smtp_sink, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 7)
    people = [factories.person() for _number in range(20)]
    services.tell("test.told", factories.project(), to=[p.pk for p in people], event="told:1")
    all_at_once(until_done, until_done, until_done)
    until_done()
    assert sorted(envelope[0] for envelope in smtp_sink.envelopes) == sorted(p.email for p in people)
    assert set(Letter.objects.filter(channel="mail").values_list("state", "attempts")) == {("sent", 1)}


def test_only_one_of_many_takes_a_letter(told):
    services.tell("test.told", factories.project(), to=[factories.person().pk], event="told:1")

    def take():
        return sending.claim(Letter.objects.get(channel="mail"))

    assert sorted(all_at_once(take, take, take, take)) == [False, False, False, True]


def test_only_one_of_many_takes_a_letter_whose_claim_ran_out(told):
    services.tell("test.told", factories.project(), to=[factories.person().pk], event="told:1")
    past = timezone.now() - timedelta(seconds=1)
    Letter.objects.filter(channel="mail").update(state="sending", due_at=past, claimed_until=past)

    def take():
        return sending.claim(Letter.objects.get(channel="mail"))

    assert sorted(all_at_once(take, take, take)) == [False, False, True]


def test_an_event_told_by_two_at_once_is_told_once(told):
    project, people = factories.project(), [factories.person().pk for _number in range(5)]

    def tell():
        services.tell("test.told", project, to=people, event="told:1")

    all_at_once(tell, tell, tell)
    assert Letter.objects.count() == 10


def test_two_schedules_at_once_write_one_digest_a_person(smtp_sink):
    theme = factories.theme()
    now = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Europe/London"))
    people = [factories.person() for _number in range(10)]
    for person in people:
        services.follow(person, "theme", theme.pk)
    Follow.objects.update(created_at=now - timedelta(days=3))
    review = factories.review(themes=[theme])
    services.announce(review, event="review.published:1", topics=[("theme", theme.pk)])

    News.objects.update(at=now - timedelta(days=1))

    def write():
        return digests.write_digests(now)

    written = all_at_once(write, write, write)
    assert sum(written) == 10
    assert (Digest.objects.count(), Letter.objects.filter(key="news.digest").count()) == (10, 10)
    Letter.objects.update(due_at=timezone.now())
    all_at_once(until_done, until_done)
    assert sorted(envelope[0] for envelope in smtp_sink.envelopes) == sorted(p.email for p in people)


def test_a_follow_pressed_twice_at_once_is_one_follow():
    person, theme = factories.person(), factories.theme()

    def press():
        services.follow(person, "theme", theme.pk)

    all_at_once(press, press, press)
    assert Follow.objects.count() == 1
