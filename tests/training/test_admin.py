"""Coordinators run the events of their own programme, and what they change reaches those who booked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from collaborative.audit.models import Event as AuditEvent
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter, News
from collaborative.search.models import SearchEntry
from tests import factories
from tests.admin_forms import enter, fields_of
from tests.house.world import world
from training import services, states
from training.models import Booking, Event
from training.states import EventState

pytestmark = pytest.mark.django_db

ADD = "/admin/training/event/add/"


def change(event):
    return f"/admin/training/event/{event.pk}/change/"


def act(event):
    return f"/admin/training/event/{event.pk}/act/"


@pytest.fixture
def run():
    return factories.programme()


@pytest.fixture
def coordinator(client, run):
    by = factories.coordinator(run)
    enter(client, by)
    return by


STEPS = {
    states.OPEN: lambda event, by: services.open_event(event, by=by),
    states.CLOSE: lambda event, by: services.close_event(event, by=by),
    states.DELIVER: lambda event, by: services.deliver_event(event, by=by),
    states.CANCEL: lambda event, by: services.cancel_event(event, by=by, reason="Flooded."),
}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.verb)
def test_every_move_by_every_kind_of_person_from_every_state(step):
    from tests.evidence.test_publishing import outcome

    scene = world()
    people = {kind: user for kind, user in scene.people.items() if user}
    began = timezone.now() + timedelta(hours=-1 if step == states.DELIVER else 1)
    for state in EventState:
        event = factories.event(scene.programme, state=state, starts_at=began, ends_at=began + timedelta(hours=2))
        answers = {kind: outcome(lambda by=user, e=event: STEPS[step](e, by)) for kind, user in people.items()}
        may = {"coordinator", "administrator"}
        if state in step.sources:
            assert answers == {kind: "done" if kind in may else "PermissionDenied" for kind in people}, state
        else:
            assert {answers[kind] for kind in may} == {"Refused"}, state
            assert "done" not in answers.values(), state


def test_an_event_is_neither_opened_after_it_began_nor_delivered_before():
    programme = factories.programme()
    by = factories.coordinator(programme)
    now = timezone.now()
    begun = factories.event(programme, state="planned", starts_at=now - timedelta(hours=1), ends_at=now)
    with pytest.raises(Refused, match="already begun"):
        services.open_event(begun, by=by)
    with pytest.raises(Refused, match="not begun yet"):
        services.deliver_event(factories.event(programme), by=by)


def test_an_event_is_added_and_opened(client, run, coordinator):
    body, kind = factories.partner(run), factories.term("training_kind", "workshop")
    starts_at = timezone.localtime() + timedelta(days=9)
    data = fields_of(client, ADD) | {
        "title": "Red teaming", "slug": "red-teaming", "summary": "How.", "kind_of": kind.pk, "programme": run.pk,
        "organiser": body.pk, "starts_at_0": starts_at.date().isoformat(), "starts_at_1": "10:00",
        "ends_at_0": starts_at.date().isoformat(), "ends_at_1": "09:00", "time_zone": "Mars/Base", "places": "12",
    }  # fmt: skip
    answer = client.post(ADD, data | {"slug": "calendar"})
    errors = answer.context["adminform"].form.errors
    assert errors["ends_at"] == ["The event must end after it begins."]
    assert errors["time_zone"] == ["Give the zone by its name, such as Europe/London."]
    assert errors["slug"] == ["This word stands for another page. Choose another address."]
    assert answer.context["adminform"].form["title"].value() == "Red teaming"
    answer = client.post(ADD, data | {"ends_at_1": "12:00", "time_zone": "Europe/London"})
    assert answer.status_code == 302
    event = Event.objects.get(slug="red-teaming")
    assert (event.state, timezone.localtime(event.starts_at).hour) == ("planned", 10)
    assert SearchEntry.objects.get(kind="event", object_id=event.pk).public_from is None
    assert client.post(act(event), {"act": "open"}).status_code == 302
    event.refresh_from_db()
    assert event.state == "open"
    assert SearchEntry.objects.get(kind="event", object_id=event.pk).public_from is not None
    assert News.objects.get().event == f"event.opened:{event.pk}"


def test_more_places_go_to_those_who_wait(client, run, coordinator):
    event = factories.event(run, places=1)
    people = [factories.person() for _each in range(4)]
    for person in people:
        services.book(event, by=person)
    client.post(change(event), fields_of(client, change(event)) | {"places": "3"})
    bookings = Booking.objects.filter(event=event).order_by("pk")
    assert list(bookings.values_list("state", flat=True)) == ["confirmed"] * 3 + ["waitlisted"]
    promoted = Letter.objects.filter(key="booking.promoted", channel="mail").values_list("recipient_id", flat=True)
    assert sorted(promoted) == sorted(person.pk for person in people[1:3])
    event.refresh_from_db()
    assert event.sequence == 0


def test_a_new_time_or_place_reaches_diaries_search_and_those_who_booked(client, run, coordinator):
    event = factories.event(run, places=1, place="Lowick")
    holder, waiting, left = (factories.person() for _each in range(3))
    for person in (holder, waiting, left):
        booking = services.book(event, by=person)
    services.cancel(booking, by=left)
    client.post(change(event), fields_of(client, change(event)) | {"place": "Westmere"})
    event.refresh_from_db()
    assert (event.place, event.sequence) == ("Westmere", 1)
    letters = Letter.objects.filter(key="event.changed", channel="mail")
    assert sorted(letters.values_list("recipient_id", flat=True)) == sorted([holder.pk, waiting.pk])
    assert "Westmere" in SearchEntry.objects.get(kind="event", object_id=event.pk).body
    client.post(change(event), fields_of(client, change(event)) | {"title": "Another name"})
    event.refresh_from_db()
    assert (event.title, event.sequence, letters.count()) == ("Another name", 1, 2)
    assert AuditEvent.objects.about(event).filter(verb="event.changed", actor=coordinator).count() == 2


def test_a_planned_event_may_move_without_a_word(client, run, coordinator):
    event = factories.event(run, state="planned", place="Lowick")
    client.post(change(event), fields_of(client, change(event)) | {"place": "Westmere"})
    event.refresh_from_db()
    assert (event.place, event.sequence, Letter.objects.count()) == ("Westmere", 0, 0)


def test_cancelling_needs_a_reason_and_keeps_what_was_chosen(client, run, coordinator):
    event = factories.event(run)
    services.book(event, by=factories.person(name="Ada Harper"))
    page = client.get(act(event)).content.decode()
    assert "Ada Harper" in page
    answer = client.post(act(event), {"act": "cancel", "reason": "  "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"reason": ["Give the reason: those concerned read it."]}
    assert 'value="cancel" required' not in page
    assert 'value="cancel"' in page
    assert answer.context["form"]["act"].value() == "cancel"
    event.refresh_from_db()
    assert event.state == "open"
    assert client.post(act(event), {"act": "cancel", "reason": "Flooded."}).status_code == 302
    event.refresh_from_db()
    assert (event.state, event.cancelled_reason, event.sequence) == ("cancelled", "Flooded.", 1)
    answer = client.post(act(event), {"act": "cancel", "reason": "Typed for long."})
    assert answer.status_code == 422
    assert answer.context["form"].errors["act"] == ["This cannot be done now: someone may have been faster."]
    assert "Typed for long." in answer.content.decode()


@pytest.mark.parametrize("chosen", ["", "open", "nonsense", "\x00"])
def test_only_what_is_offered_can_be_done(client, run, coordinator, chosen):
    event = factories.event(run)
    assert client.post(act(event), {"act": chosen}).status_code == 422
    event.refresh_from_db()
    assert event.state == "open"


def test_another_programmes_events_and_bookings_do_not_exist(client, run, coordinator):
    event = factories.event()
    booking = services.book(event, by=factories.person())
    for address in (act(event), f"/admin/training/booking/{booking.pk}/act/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"act": "cancel", "reason": "x"}).status_code == 404
    assert client.get(change(event)).status_code == 302
    own = factories.event(run)
    data = fields_of(client, ADD) | {"programme": event.programme_id, "title": "T", "slug": "t", "summary": "S"}
    assert "programme" in client.post(ADD, data).context["adminform"].form.errors
    moved = fields_of(client, change(own)) | {"programme": event.programme_id, "state": "cancelled"}
    client.post(change(own), moved)
    own.refresh_from_db()
    assert (own.programme, own.state) == (run, "open")


def test_a_coordinator_cancels_a_booking_for_someone(client, run, coordinator):
    event = factories.event(run, places=1)
    booking, waits = services.book(event, by=factories.person()), services.book(event, by=factories.person())
    assert client.post(f"/admin/training/booking/{booking.pk}/act/", {"act": "cancel"}).status_code == 302
    booking.refresh_from_db()
    waits.refresh_from_db()
    assert (booking.state, waits.state) == ("cancelled", "confirmed")
    told = Letter.objects.filter(key="booking.cancelled", channel="mail").values_list("recipient_id", flat=True)
    assert list(told) == [booking.user_id]


def test_what_waits_leads_to_the_list_of_just_that(client, run, coordinator):
    waiting = factories.event(run, state="planned")
    factories.event(run)
    factories.event(state="planned")
    for address in (reverse("admin:index"), reverse("me")):
        page = client.get(address).content.decode()
        assert "1 event is planned" in page
        assert 'href="/admin/training/event/?waiting=yes"' in page
    assert list(client.get("/admin/training/event/?waiting=yes").context["cl"].queryset) == [waiting]
    client.force_login(factories.person())
    assert "planned" not in client.get(reverse("me")).content.decode()
