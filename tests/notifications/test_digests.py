"""The daily mail: its window, its day, its contents."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.accounts.models import User
from collaborative.notifications import digests, sending, services
from collaborative.notifications.models import Digest, Follow, Letter, News, Preference
from evidence.models import Review
from evidence.states import VersionState
from tests import factories
from tests.smtp_sink import html, plain

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def london(day, hour, minute=0, month=11):
    """Return a moment of 2026 by the clock in London."""
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


def follower(*topics, since=None, **fields):
    """Make someone who has followed themes since a moment, long ago by default."""
    person = factories.person(**fields)
    for topic in topics:
        services.follow(person, topic.kind, topic.pk)
    Follow.objects.filter(user=person).update(created_at=since or london(1, 12, month=10))
    return person


def news(theme, at, *, title="Sleep and shifts", by=None, **fields):
    """Publish a review on a theme and announce it at a moment; return it."""
    review = factories.review(themes=[theme], title=title, **fields)
    topics = [("theme", theme.pk), ("programme", review.programme_id)]
    services.announce(review, event=f"review.published:{review.pk}", topics=topics, by=by)
    News.objects.filter(object_id=review.pk).update(at=at)
    return review


def write_and_send(now):
    """Do what the schedule does at a moment, then send; return how many digests were written."""
    written = digests.write_digests(now)
    send()
    return written


def send():
    """Send what waits; the tests' days lie in the future, so that it is made due first."""
    Letter.objects.filter(state="queued").update(due_at=timezone.now())
    while sending.deliver():
        pass


def test_a_digest_tells_what_is_new_once_and_ends_at_seven_whenever_it_runs(smtp_sink):
    theme = factories.theme(name="Custody & care")
    person = follower(theme)
    review = news(theme, london(22, 15), title="Cells * and sleep")
    assert write_and_send(london(23, 9, 41)) == 1
    [message] = smtp_sink.to(person.email)
    assert message["Subject"] == "1 thing new for you on 23 November"
    assert "Custody & care\n--------------\n" in plain(message)
    assert f"- Cells * and sleep\n  http://testserver/evidence/{review.slug}/\n" in plain(message)
    link = rf'<a href="http://testserver/evidence/{review.slug}/"[^>]*>Cells \* and sleep</a>'
    assert re.search(link, html(message))
    assert ">Custody &amp; care</h2>" in html(message)
    digest = Digest.objects.get()
    assert (digest.day.isoformat(), digest.window_to) == ("2026-11-23", london(23, 7))


def test_windows_are_half_open_and_join_without_gap_or_overlap(smtp_sink):
    theme = factories.theme()
    follower(theme)
    first = news(theme, london(23, 7) - timedelta(microseconds=1), title="Just before")
    second = news(theme, london(23, 7), title="On the hour")
    assert write_and_send(london(23, 8)) == 1
    assert write_and_send(london(24, 8)) == 1
    early, late = (plain(message) for message in smtp_sink.messages)
    assert (first.title in early, second.title in early) == (True, False)
    assert (first.title in late, second.title in late) == (False, True)


def test_what_happens_on_the_hour_alone_waits_for_the_next_day(smtp_sink):
    theme = factories.theme()
    follower(theme)
    news(theme, london(23, 7))
    assert [write_and_send(london(day, 8)) for day in (23, 24)] == [0, 1]


def test_news_from_before_one_followed_a_theme_are_not_told(smtp_sink):
    old, late = factories.theme(), factories.theme()
    person = follower(old)
    news(old, london(22, 9), title="Of the old theme")
    news(late, london(22, 10), title="Before following")
    services.follow(person, "theme", late.pk)
    Follow.objects.filter(object_id=late.pk).update(created_at=london(22, 11))
    news(late, london(22, 12), title="After following")
    write_and_send(london(23, 8))
    [message] = smtp_sink.messages
    told = [title for title in ("Of the old theme", "Before following", "After following") if title in plain(message)]
    assert told == ["Of the old theme", "After following"]


def test_one_a_local_day_however_often_it_runs(smtp_sink):
    theme = factories.theme()
    follower(theme)
    news(theme, london(22, 12))
    written = [write_and_send(london(23, 7, 15))]
    news(theme, london(23, 8))
    written += [write_and_send(london(23, hour)) for hour in (8, 12, 23)]
    assert (written, len(smtp_sink.messages)) == ([1, 0, 0, 0], 1)
    assert write_and_send(london(24, 7, 15)) == 1


def test_before_seven_nothing_is_written(smtp_sink):
    theme = factories.theme()
    follower(theme)
    news(theme, london(22, 12))
    assert [write_and_send(london(23, *clock)) for clock in ((0, 5), (6, 59), (7, 1))] == [0, 0, 0]
    assert write_and_send(london(23, 7, 2)) == 1


def test_seven_is_the_readers_own_seven(smtp_sink):
    theme = factories.theme()
    here = follower(theme)
    there = follower(theme, time_zone="Pacific/Auckland")
    news(theme, london(21, 12))
    write_and_send(datetime(2026, 11, 22, 18, 30, tzinfo=UTC))  # 07:30 on the 23rd in Auckland, 18:30 in London
    assert [message["To"] for message in smtp_sink.messages] == [here.email, there.email]
    days = dict(Digest.objects.values_list("user", "day"))
    assert (days[here.pk].isoformat(), days[there.pk].isoformat()) == ("2026-11-22", "2026-11-23")


@pytest.mark.parametrize(
    ("before", "sunday", "hours"),
    [((2026, 3, 28), (2026, 3, 29), 23), ((2026, 10, 24), (2026, 10, 25), 25)],
)
def test_a_clock_change_makes_a_shorter_or_longer_window_and_loses_nothing(smtp_sink, before, sunday, hours):
    theme = factories.theme()
    follower(theme, since=datetime(2026, 3, 1, tzinfo=UTC))
    start = datetime(*before, 7, tzinfo=LONDON)
    news(theme, start - timedelta(hours=1), title="The day before")
    write_and_send(start + timedelta(minutes=10))
    in_between = [start.astimezone(UTC) + timedelta(hours=n) for n in range(hours)]
    for number, at in enumerate(in_between):
        news(theme, at, title=f"Hour {number:02}")
    seven = datetime(*sunday, 7, tzinfo=LONDON)
    assert write_and_send(seven + timedelta(minutes=1)) == 0
    assert write_and_send(seven + timedelta(minutes=3)) == 1
    last = Digest.objects.first()
    assert last.window_to - last.window_from == timedelta(hours=hours)
    assert smtp_sink.messages[-1]["Subject"].startswith(f"{hours} things new")


def test_a_missed_day_is_caught_up_once(smtp_sink):
    theme = factories.theme()
    follower(theme)
    news(theme, london(19, 12), title="Three days ago")
    news(theme, london(21, 12), title="Yesterday")
    assert write_and_send(london(22, 21)) == 1
    [message] = smtp_sink.messages
    assert plain(message).index("Yesterday") < plain(message).index("Three days ago")
    assert write_and_send(london(23, 8)) == 0


def test_a_digest_is_never_empty(smtp_sink):
    theme, other = factories.theme(), factories.theme()
    follower(theme)
    news(other, london(22, 12))
    assert write_and_send(london(23, 8)) == 0
    hidden = news(theme, london(23, 12))
    Review.objects.filter(pk=hidden.pk).update(current=None)
    write_and_send(london(24, 8))
    assert smtp_sink.messages == []
    assert Letter.objects.get().state == "suppressed"


def test_ten_hidden_things_and_one_visible_make_a_digest_of_one(smtp_sink):
    theme = factories.theme()
    follower(theme)
    for number in range(10):
        hidden = news(theme, london(22, 10), title=f"Hidden {number}")
        Review.objects.filter(pk=hidden.pk).update(current=None)
    news(theme, london(22, 12), title="Seen")
    write_and_send(london(23, 8))
    [message] = smtp_sink.messages
    assert message["Subject"].startswith("1 thing new")
    assert "Hidden" not in plain(message) + html(message)


def test_each_thing_stands_once_under_a_theme_before_other_topics_newest_first(smtp_sink):
    programme = factories.programme(name="A programme")
    custody, trust = factories.theme(name="Custody"), factories.theme(name="Trust")
    follower(programme, trust, custody)
    old = news(custody, london(21, 9), title="Older in custody", in_programme=programme)
    services.announce(old, event="again", topics=[("theme", trust.pk), ("theme", custody.pk)])
    News.objects.filter(event="again").update(at=london(21, 10))
    news(custody, london(22, 9), title="Newer in custody", in_programme=programme)
    news(factories.theme(), london(22, 10), title="Only of the programme", in_programme=programme)
    write_and_send(london(23, 8))
    [message] = smtp_sink.messages
    words = ["Custody\n---", "- Newer in custody", "- Older in custody", "A programme\n---", "- Only of the programme"]
    places = [plain(message).index(word) for word in words]
    assert places == sorted(places)
    assert plain(message).count("Older in custody") == 1
    assert "Trust" not in plain(message)


@pytest.mark.parametrize("case", ["portal only", "automatic", "own", "before following", "withdrew", "left"])
def test_who_gets_no_digest(smtp_sink, case):
    theme = factories.theme()
    person = follower(theme)
    review = news(theme, london(22, 12), by=person if case == "own" else None)
    if case == "portal only":
        Preference.objects.create(user=person, group="news", frequency="portal")
    if case == "automatic":
        Follow.objects.update(automatic=True)
    if case == "before following":
        Follow.objects.update(created_at=london(22, 13))
    if case == "withdrew":
        services.unfollow(person, "theme", theme.pk)
    if case == "left":
        User.objects.filter(pk=person.pk).update(is_active=False)
    assert write_and_send(london(23, 8)) == 0
    assert (smtp_sink.messages, review.slug) == ([], review.slug)


def test_letters_wanted_daily_stand_first_and_leave_out_what_was_read(registered, smtp_sink):
    registered("test.asked", group="requests", label="Someone asks to join")
    theme = factories.theme()
    person = follower(theme)
    Preference.objects.create(user=person, group="requests", frequency="daily")
    news(theme, london(22, 12))
    for number, title in enumerate(("Read already", "Not read yet")):
        project = factories.project(title=title)
        services.tell("test.asked", project, to=[person.pk], event=f"asked:{number}")
    Letter.objects.update(created_at=london(22, 15))
    services.mark_read(person, Letter.objects.order_by("pk").first())
    write_and_send(london(23, 8))
    [message] = smtp_sink.messages
    words = ["What concerns you\n---", "- Not read yet", "Someone asks to join", theme.name]
    places = [plain(message).index(word) for word in words]
    assert places == sorted(places)
    assert "Read already" not in plain(message)


def test_daily_letters_alone_make_a_digest(registered, smtp_sink):
    registered("test.asked", group="requests")
    person = factories.person()
    Preference.objects.create(user=person, group="requests", frequency="daily")
    services.tell("test.asked", factories.project(), to=[person.pk], event="asked:1")
    Letter.objects.update(created_at=london(22, 15))
    assert write_and_send(london(23, 8)) == 1
    assert len(smtp_sink.to(person.email)) == 1


def test_after_a_failed_digest_the_next_begins_where_the_last_sent_one_ended(smtp_sink):
    theme = factories.theme()
    follower(theme)
    news(theme, london(21, 12), title="First")
    digests.write_digests(london(22, 8))
    Letter.objects.update(state="failed", reason="SMTPDataError 451")
    news(theme, london(22, 12), title="Second")
    assert write_and_send(london(23, 8)) == 1
    [message] = smtp_sink.messages
    assert ("First" in plain(message), "Second" in plain(message)) == (True, True)
    Letter.objects.filter(state="failed").update(state="queued", reason="")
    send()
    assert len(smtp_sink.messages) == 1


def test_dying_between_writing_and_sending_loses_nothing(smtp_sink):
    theme = factories.theme()
    follower(theme)
    news(theme, london(22, 12))
    digests.write_digests(london(23, 8))
    assert smtp_sink.messages == []
    assert write_and_send(london(23, 9)) == 0
    assert len(smtp_sink.messages) == 1


def test_digest_words_come_in_the_readers_language(smtp_sink):
    theme = factories.theme(name="Custody", name_cy="Dalfa")
    person = follower(theme, language="cy")
    news(theme, london(22, 12))
    write_and_send(london(23, 8))
    assert "Dalfa\n-----" in plain(smtp_sink.to(person.email)[0])


def test_writing_digests_costs_the_same_however_many_follow():
    theme = factories.theme()
    costs = []
    for number, day in ((1, 22), (30, 23)):
        for _person in range(number):
            follower(theme)
        news(theme, london(day - 1, 12))
        with CaptureQueriesContext(connection) as queries:
            digests.write_digests(london(day, 8))
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert Digest.objects.count() == 1 + 31


def test_a_digest_costs_the_same_however_long_it_is():
    costs = []
    for number in (1, 30):
        theme = factories.theme()
        person = follower(theme)
        for _review in range(number):
            news(theme, london(22, 12), state=VersionState.PUBLISHED)
        digests.write_digests(london(23, 8))
        digest = Digest.objects.get(user=person)
        with CaptureQueriesContext(connection) as queries:
            [part] = digests.contents(digest, person)
        assert len(part.things) == number
        costs.append(len(queries))
    assert costs[0] == costs[1]
