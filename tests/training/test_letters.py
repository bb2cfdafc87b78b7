"""What the letters about places say, in the reader's own time zone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from collaborative.notifications.models import Letter
from collaborative.notifications.rendering import as_reader, message
from collaborative.notifications.sending import deliver
from tests import factories
from training import services
from training.models import Event

pytestmark = pytest.mark.django_db


def mail(key, person):
    """Return subject and text of the letter as it would go out."""
    letter = Letter.objects.get(key=key, channel="mail", recipient=person)
    thing = services.Booking.objects.select_related("event") if letter.kind_of == "booking" else Event.objects
    with as_reader(person):
        made = message(letter, thing.get(pk=letter.object_id))
    return made.subject, made.body


@pytest.fixture
def event():
    starts_at = datetime(timezone.now().year + 1, 7, 1, 9, 30, tzinfo=UTC)
    return factories.event(
        title="Trust & “more” <b>", place="Room 1, Lowick", places=1, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
    )  # fmt: skip


def test_every_letter_says_what_when_and_where(event):
    by = factories.coordinator(event.programme)
    holder, waits = factories.person(), factories.person(time_zone="Europe/Paris")
    first = services.book(event, by=holder)
    services.book(event, by=waits)
    services.cancel(first, by=holder)
    services.event_changed(event, ["place"], by=by)
    services.cancel_event(event, by=by, reason="The room *flooded*.")
    year = event.starts_at.year
    expected = {
        ("booking.confirmed", holder): "Booked: Trust & “more” <b>",
        ("booking.cancelled", holder): "Booking cancelled: Trust & “more” <b>",
        ("booking.waitlisted", waits): "On the waiting list: Trust & “more” <b>",
        ("booking.promoted", waits): "You have a place now: Trust & “more” <b>",
        ("event.changed", waits): "New time or place: Trust & “more” <b>",
        ("event.cancelled", waits): "Event cancelled: Trust & “more” <b>",
    }
    for (key, person), subject in expected.items():
        said, text = mail(key, person)
        assert said == subject
        clock = "10:30–12:30 BST" if person == holder else "11:30–13:30 CEST"
        assert f"July {year}, {clock}" in text, key
        assert "Where: Room 1, Lowick" in text, key
        assert f"/training/{event.slug}/" in text, key
    assert "The room *flooded*." in mail("event.cancelled", waits)[1]
    assert f"/training/{event.slug}/calendar.ics" in mail("event.changed", waits)[1]


def test_what_no_longer_holds_is_not_sent(event, smtp_sink):
    by = factories.coordinator(event.programme)
    person = factories.person()
    services.book(event, by=person)
    services.event_changed(event, ["place"], by=by)
    services.event_changed(event, ["starts_at"], by=by)
    while deliver():
        pass
    letters = Letter.objects.filter(channel="mail", recipient=person).order_by("pk")
    assert list(letters.values_list("key", "state")) == [
        ("booking.confirmed", "sent"),
        ("event.changed", "suppressed"),
        ("event.changed", "sent"),
    ]
    assert len(smtp_sink.envelopes) == 2
