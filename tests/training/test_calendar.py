"""The calendar file, read back by a calendar library."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from tests import factories
from training import services
from training.models import Event

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def read(client, event):
    """Return the answer, the calendar, its one entry and its one zone."""
    answer = client.get(reverse("training:calendar", args=[event.slug]))
    whole = Calendar.from_ical(answer.content)
    (entry,) = whole.walk("VEVENT")
    (zone,) = whole.walk("VTIMEZONE")
    assert [component.errors for component in whole.walk()] == [[] for _each in whole.walk()]
    assert answer.content.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75
    return answer, whole, entry, zone


def test_an_event_is_entered_with_all_that_a_diary_needs(client):
    event = factories.event(
        title="Trust; two, towns\nand “more”", place="Room 1, Lowick", description="x" * 200,
        starts_at=datetime(2027, 3, 26, 9, 30, tzinfo=UTC), ends_at=datetime(2027, 3, 26, 11, 0, tzinfo=UTC),
    )  # fmt: skip
    answer, whole, entry, zone = read(client, event)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer["Content-Disposition"] == f'attachment; filename="{event.slug}.ics"'
    assert (whole["VERSION"], whole["METHOD"], zone["TZID"]) == ("2.0", "PUBLISH", "Europe/London")
    assert entry["SUMMARY"] == event.title
    assert (entry["LOCATION"], entry["STATUS"], entry["SEQUENCE"]) == ("Room 1, Lowick", "CONFIRMED", 0)
    assert entry["URL"].endswith(event.get_absolute_url())
    assert entry["ORGANIZER"].params["CN"] == event.organiser.name
    assert entry["DTSTART"].params["TZID"] == "Europe/London"
    assert entry["DTSTAMP"].to_ical().endswith(b"Z")


@pytest.mark.parametrize(
    ("starts_at", "clock"),
    [
        (datetime(2027, 3, 27, 10, 0, tzinfo=UTC), "10:00"),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "00:30"),
        (datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "02:30"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "01:30"),
        (datetime(2027, 10, 31, 10, 0, tzinfo=UTC), "10:00"),
        (datetime(2027, 7, 1, 10, 0, tzinfo=UTC), "11:00"),
    ],
)
def test_the_hour_is_right_on_both_sides_of_the_clock_change(client, starts_at, clock):
    event = factories.event(starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    _answer, whole, entry, zone = read(client, event)
    assert entry["DTSTART"].dt.strftime("%H:%M") == clock
    rules = zone.to_tz()
    for name, moment in (("DTSTART", starts_at), ("DTEND", event.ends_at)):
        local = entry[name].dt.replace(tzinfo=None)
        assert local == moment.astimezone(LONDON).replace(tzinfo=None)
        assert local.replace(tzinfo=rules).utcoffset() == moment.astimezone(LONDON).utcoffset()


def test_a_change_keeps_the_uid_and_raises_the_sequence_and_a_cancellation_takes_it_out(client):
    programme = factories.programme()
    event, by = factories.event(programme), factories.coordinator(programme)
    first = read(client, event)[2]
    services.event_changed(event, ["place"], by=by)
    changed = read(client, event)[2]
    services.cancel_event(event, by=by, reason="The room flooded.")
    answer, whole, gone, _zone = read(client, event)
    assert first["UID"] == changed["UID"] == gone["UID"]
    assert [each["SEQUENCE"] for each in (first, changed, gone)] == [0, 1, 2]
    assert (whole["METHOD"], gone["STATUS"]) == ("CANCEL", "CANCELLED")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=CANCEL"


def test_another_zone_comes_with_its_own_rules(client):
    event = factories.event()
    Event.objects.update(time_zone="America/New_York")
    zone = read(client, event)[3]
    assert zone["TZID"] == "America/New_York"


def test_what_is_not_announced_has_no_file(client):
    event = factories.event(state="planned")
    assert client.get(reverse("training:calendar", args=[event.slug])).status_code == 404
