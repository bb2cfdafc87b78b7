"""The states of events and bookings and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from collaborative.workflow.moves import move


class EventState(TextChoices):
    """An event's way; that it is full is counted, never stored."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open for booking")
    CLOSED = "closed", _("Booking closed")
    DELIVERED = "delivered", _("Delivered")
    EVALUATED = "evaluated", _("Evaluated")
    ARCHIVED = "archived", _("Archived")
    CANCELLED = "cancelled", _("Cancelled")


PUBLIC_STATES = tuple(state for state in EventState if state != EventState.PLANNED)
"""States in which everyone sees an event."""

STANDING = (EventState.OPEN, EventState.CLOSED)
"""States in which people have places on an event that is still to come."""

WAITING = (EventState.PLANNED,)
"""States in which an event waits for a coordinator."""

OPEN = move("event.opened", (EventState.PLANNED, EventState.CLOSED), EventState.OPEN, "training.manage")
CLOSE = move("event.closed", EventState.OPEN, EventState.CLOSED, "training.manage")
DELIVER = move("event.delivered", (EventState.OPEN, EventState.CLOSED), EventState.DELIVERED, "training.manage")
CANCEL = move(
    "event.cancelled", (EventState.PLANNED, EventState.OPEN, EventState.CLOSED), EventState.CANCELLED, "training.manage"
)


class BookingState(TextChoices):
    """What became of a booking."""

    REQUESTED = "requested", _("Requested")
    CONFIRMED = "confirmed", _("Confirmed")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Offered a place")
    ATTENDED = "attended", _("Attended")
    DID_NOT_ATTEND = "did_not_attend", _("Did not attend")
    EXCUSED = "excused", _("Excused")
    CANCELLED = "cancelled", _("Cancelled")


LIVE = (BookingState.REQUESTED, BookingState.CONFIRMED, BookingState.WAITLISTED, BookingState.OFFERED)
"""Bookings that still count."""

HOLDS_A_PLACE = (BookingState.CONFIRMED, BookingState.OFFERED, BookingState.ATTENDED)
"""Bookings that take one of the places."""

PROMOTE = move("booking.promoted", BookingState.WAITLISTED, BookingState.CONFIRMED, "training.manage")
CALL_OFF = move("booking.called_off", LIVE, BookingState.CANCELLED, "training.manage")
CANCEL_BOOKING = move("booking.cancelled", LIVE, BookingState.CANCELLED, "training.cancel")
