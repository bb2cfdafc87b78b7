"""Booking: places are never given twice, the right person moves up, and everyone hears of their own."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from collaborative.audit.models import Event as AuditEvent
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from tests import factories
from tests.races import at_once
from training import services
from training.models import Booking, Event

pytestmark = pytest.mark.django_db


def people(number):
    return [factories.person() for _each in range(number)]


def states_of(event):
    return list(Booking.objects.filter(event=event).order_by("pk").values_list("state", flat=True))


def told(key):
    letters = Letter.objects.filter(key=key, channel="mail").order_by("pk")
    return list(letters.values_list("recipient_id", flat=True))


def test_the_last_place_is_followed_by_the_waiting_list():
    event = factories.event(places=2)
    first, second, third = people(3)
    for person in (first, second, third):
        services.book(event, by=person)
    assert states_of(event) == ["confirmed", "confirmed", "waitlisted"]
    assert told("booking.confirmed") == [first.pk, second.pk]
    assert told("booking.waitlisted") == [third.pk]


def test_who_waits_longest_moves_up_and_who_left_is_not_offered_again():
    event = factories.event(places=1)
    holder, left, waits, later = people(4)
    bookings = {person: services.book(event, by=person) for person in (holder, left, waits, later)}
    services.cancel(bookings[left], by=left)
    services.cancel(bookings[holder], by=holder)
    assert states_of(event) == ["cancelled", "cancelled", "confirmed", "waitlisted"]
    assert told("booking.promoted") == [waits.pk]
    assert told("booking.cancelled") == [left.pk, holder.pk]


def test_a_place_given_back_can_be_booked_again_at_the_end_of_the_line():
    event = factories.event(places=1)
    one, two = people(2)
    booking = services.book(event, by=one)
    services.book(event, by=two)
    services.cancel(booking, by=one)
    again = services.book(event, by=one)
    assert (again.pk != booking.pk, again.state) == (True, "waitlisted")
    assert states_of(event) == ["cancelled", "confirmed", "waitlisted"]


def test_nobody_books_twice_or_cancels_twice():
    event, person = factories.event(), factories.person()
    booking = services.book(event, by=person)
    with pytest.raises(Refused, match="already booked"):
        services.book(event, by=person)
    services.cancel(booking, by=person)
    with pytest.raises(Refused, match="already “Cancelled”"):
        services.cancel(booking, by=person)


@pytest.mark.parametrize("state", ["planned", "closed", "delivered", "evaluated", "archived", "cancelled"])
def test_only_an_open_event_is_booked(state):
    with pytest.raises(PermissionDenied, match="not open for booking"):
        services.book(factories.event(state=state), by=factories.person())


def test_what_has_begun_is_neither_booked_nor_given_back():
    event, person = factories.event(places=1), factories.person()
    booking = services.book(event, by=person)
    now = timezone.now()
    Event.objects.update(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=1))
    with pytest.raises(PermissionDenied, match="already begun"):
        services.book(event, by=factories.person())
    with pytest.raises(PermissionDenied, match="already begun"):
        services.cancel(Booking.objects.get(pk=booking.pk), by=person)
    assert services.fill_places(event) == 0


def test_ones_own_booking_and_the_coordinators_are_the_only_ones_to_cancel():
    programme = factories.programme()
    event, person = factories.event(programme), factories.person()
    for by, allowed in (
        (person, True),
        (factories.coordinator(programme), True),
        (factories.administrator(), True),
        (factories.person(), False),
        (factories.coordinator(factories.programme()), False),
    ):
        booking = services.book(event, by=person)
        if allowed:
            assert services.cancel(booking, by=by).state == "cancelled"
        else:
            with pytest.raises(PermissionDenied, match="someone else"):
                services.cancel(booking, by=by)
            services.cancel(booking, by=person)


def test_the_organisation_is_stored_with_the_act_and_must_be_ones_own():
    event, body = factories.event(), factories.partner(factories.programme())
    person = factories.member(body)
    with pytest.raises(Refused, match="an organisation that you belong to"):
        services.book(event, by=person, organisation_id=factories.organisation().pk)
    booking = services.book(event, by=person, organisation_id=body.pk)
    assert booking.organisation_id == body.pk
    record = AuditEvent.objects.about(booking).get()
    assert (record.verb, record.actor_id, record.organisation_id) == ("booking.confirmed", person.pk, body.pk)


def test_one_books_for_the_organisation_that_one_chose(client):
    event, run = factories.event(), factories.programme()
    one, two, other = factories.partner(run), factories.partner(run), factories.partner(run)
    person = factories.member(two, user=factories.member(one))
    client.force_login(person)
    address = reverse("training:book", args=[event.slug])
    for chosen in ("", "x", "\x00", "🙂", str(other.pk), "9" * 40):
        assert client.post(address, {"organisation": chosen}).status_code == 409, chosen
    assert not Booking.objects.exists()
    client.post(address, {"organisation": two.pk})
    assert Booking.objects.get().organisation_id == two.pk


def test_the_only_organisation_is_taken_without_asking(client):
    body, event = factories.partner(factories.programme()), factories.event()
    client.force_login(factories.member(body))
    client.post(reverse("training:book", args=[event.slug]), {"organisation": "999"})
    assert Booking.objects.get().organisation_id == body.pk


def test_a_page_shows_what_one_can_do(client):
    event = factories.event(places=1)
    address = event.get_absolute_url()
    assert "Sign in to book" in client.get(address).content.decode()
    person, waiting = people(2)
    client.force_login(person)
    assert "Book a place" in client.get(address).content.decode()
    client.post(reverse("training:book", args=[event.slug]))
    page = client.get(address).content.decode()
    assert "Your place is booked" in page
    assert "Cancel my booking" in page
    client.force_login(waiting)
    assert "Join the waiting list" in client.get(address).content.decode()
    client.post(reverse("training:book", args=[event.slug]))
    assert "On the waiting list" in client.get(address).content.decode()
    client.post(reverse("training:cancel", args=[event.slug]))
    assert client.post(reverse("training:cancel", args=[event.slug])).status_code == 409
    assert client.get(reverse("training:book", args=[event.slug])).status_code == 405


def test_when_an_event_is_called_off_everyone_with_a_place_or_waiting_is_told():
    programme = factories.programme()
    event, by = factories.event(programme, places=1), factories.coordinator(programme)
    holder, waiting, left = people(3)
    for person in (holder, waiting, left):
        booking = services.book(event, by=person)
    services.cancel(booking, by=left)
    with pytest.raises(Refused, match="Say why"):
        services.cancel_event(event, by=by, reason=" ")
    cancelled = services.cancel_event(event, by=by, reason="The room flooded.")
    assert states_of(event) == ["cancelled"] * 3
    assert sorted(told("event.cancelled")) == sorted([holder.pk, waiting.pk])
    assert told("booking.promoted") == []
    assert (cancelled.sequence, cancelled.cancelled_reason) == (1, "The room flooded.")


@pytest.mark.django_db(transaction=True)
def test_the_last_places_are_given_once_however_many_want_them():
    event = factories.event(places=3)
    results = at_once(*(lambda person=person: services.book(event, by=person) for person in people(8)))
    assert [each for each in results if not isinstance(each, Booking)] == []
    assert sorted(states_of(event)) == ["confirmed"] * 3 + ["waitlisted"] * 5


@pytest.mark.django_db(transaction=True)
def test_a_person_who_presses_twice_has_one_booking():
    event, person = factories.event(places=1), factories.person()
    results = at_once(*[lambda: services.book(event, by=person)] * 4)
    assert sorted(type(each).__name__ for each in results) == ["Booking", "Refused", "Refused", "Refused"]
    assert told("booking.confirmed") == [person.pk]


@pytest.mark.django_db(transaction=True)
def test_places_given_back_at_once_go_to_the_first_who_wait():
    event = factories.event(places=3)
    everyone = people(7)
    bookings = [services.book(event, by=person) for person in everyone]
    given_back = list(zip(bookings[:3], everyone[:3], strict=True))
    new = factories.person()
    at_once(
        *(lambda pair=pair: services.cancel(pair[0], by=pair[1]) for pair in given_back),
        lambda: services.book(event, by=new),
    )
    assert states_of(event) == ["cancelled"] * 3 + ["confirmed"] * 3 + ["waitlisted"] * 2
    assert sorted(told("booking.promoted")) == sorted(person.pk for person in everyone[3:6])
