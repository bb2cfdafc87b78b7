"""What is done with events and bookings: the only code that writes them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import announce, tell, topics_of
from collaborative.search import services as search
from collaborative.workflow.services import transition
from partners.rights import rights_of
from training import states
from training.models import Booking, Event
from training.states import BookingState


@transaction.atomic
def open_event(event, *, by):
    """Announce an event and take bookings for it; followers of its themes and programme hear of it once.

    Raises ``Refused`` from a wrong state or when it has begun, ``PermissionDenied`` for anyone but the
    programme's coordinators.
    """
    if event.starts_at <= timezone.now():
        raise Refused(_("This event has already begun. Change its time first."))
    opened = transition(event, states.OPEN, by=by)
    search.index(opened)
    announce(opened, event=f"event.opened:{opened.pk}", topics=topics_of(opened), by=by)
    return opened


MOVED = frozenset({"starts_at", "ends_at", "time_zone", "place", "online"})
"""What an entry in a diary says about when and where."""


@transaction.atomic
def event_changed(event, changed, *, by):
    """See to what follows when a coordinator has changed ``changed``, names of fields, of an event.

    Everyone with a place or waiting is told of a new time or place, and diaries take the new entry for
    the newer. Places that were added go to those who wait.
    """
    locked = Event.objects.select_for_update().get(pk=event.pk)
    policies.require("training.manage", by, locked)
    if MOVED & set(changed) and locked.state in states.STANDING:
        locked.sequence += 1
        locked.save(update_fields=["sequence"])
        happening = f"event.changed:{locked.pk}:{locked.sequence}"
        tell("event.changed", locked, to=booked(locked), event=happening, data={"sequence": locked.sequence})
    if "places" in changed:
        fill_places(locked)
    return locked


def booked(event):
    """Return the ids of those who have a place or wait for one."""
    return Booking.objects.filter(event=event).live().values("user_id")


@transaction.atomic
def close_event(event, *, by):
    """Take no more bookings; those made stay."""
    return transition(event, states.CLOSE, by=by)


@transaction.atomic
def deliver_event(event, *, by):
    """Record that an event took place. Raises ``Refused`` before it has begun."""
    if event.starts_at > timezone.now():
        raise Refused(_("This event has not begun yet."))
    return transition(event, states.DELIVER, by=by)


@transaction.atomic
def cancel_event(event, *, by, reason):
    """Call an event off and tell everyone who had a place or waited; diaries get the cancellation.

    Raises ``Refused`` without a reason or from a wrong state.
    """
    if not reason.strip():
        raise Refused(_("Say why the event is cancelled: everyone who booked is told."))
    locked = Event.objects.select_for_update().get(pk=event.pk)
    cancelled = transition(locked, states.CANCEL, by=by, cancelled_reason=reason.strip(), sequence=locked.sequence + 1)
    told = []
    for booking in Booking.objects.filter(event=cancelled).live().select_for_update():
        transition(booking, states.CALL_OFF, by=None, cancelled_at=timezone.now())
        told.append(booking.user_id)
    search.index(cancelled)
    tell("event.cancelled", cancelled, to=told, event=f"event.cancelled:{cancelled.pk}")
    return cancelled


@transaction.atomic
def book(event, *, by, organisation_id=None):
    """Give ``by`` a place, or the end of the waiting list when there is none; return the booking.

    Places are counted behind a lock on the event, so that they are never given twice. Raises
    ``Refused`` when the person has a booking already, ``PermissionDenied`` when booking is not open.
    """
    locked = Event.objects.select_for_update().get(pk=event.pk)
    policies.require("training.book", by, locked)
    if Booking.objects.filter(event=locked, user=by).live().exists():
        raise Refused(_("You have already booked this event."))
    if organisation_id is not None and organisation_id not in rights_of(by).organisations:
        raise Refused(_("You can only book for an organisation that you belong to."))
    free = _places_left(locked)
    queue = Booking.objects.filter(event=locked, state=BookingState.WAITLISTED).exists()
    state = BookingState.CONFIRMED if free is None or (free > 0 and not queue) else BookingState.WAITLISTED
    booking = Booking.objects.create(event=locked, user=by, organisation_id=organisation_id, state=state)
    record(f"booking.{state}", booking, by=by, organisation_id=organisation_id, to_state=state)
    tell(f"booking.{state}", booking, to=[by.pk], event=f"booking.{state}:{booking.pk}")
    return booking


@transaction.atomic
def cancel(booking, *, by):
    """Give a place back; the first on the waiting list gets it at once. Return the booking.

    Raises ``Refused`` when it no longer counts, ``PermissionDenied`` for another's or once the event has begun.
    """
    event = Event.objects.select_for_update().get(pk=booking.event_id)
    cancelled = transition(booking, states.CANCEL_BOOKING, by=by, cancelled_at=timezone.now())
    tell("booking.cancelled", cancelled, to=[cancelled.user_id], event=f"booking.cancelled:{cancelled.pk}")
    fill_places(event)
    return cancelled


@transaction.atomic
def fill_places(event):
    """Give free places to those who wait, in the order in which they came; return how many got one."""
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if locked.state not in states.STANDING or locked.starts_at <= timezone.now():
        return 0
    free = _places_left(locked)
    waiting = Booking.objects.filter(event=locked, state=BookingState.WAITLISTED).order_by("created_at", "pk")
    first = list(waiting if free is None else waiting[: max(0, free)])
    for booking in first:
        transition(booking, states.PROMOTE, by=None)
        tell("booking.promoted", booking, to=[booking.user_id], event=f"booking.promoted:{booking.pk}")
    return len(first)


def _places_left(event):
    if event.places is None:
        return None
    return event.places - Booking.objects.filter(event=event).holding_a_place().count()
