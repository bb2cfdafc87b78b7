"""The letters about bookings and events."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.notifications.notices import notice
from training.states import STANDING, BookingState, EventState


def when_and_where(event):
    """Return date and place as a letter shows them, in its reader's own time zone and language."""
    starts_at, ends_at = localtime(event.starts_at), localtime(event.ends_at)
    ends = "H:i T" if event.one_day else "l j F Y, H:i T"
    when = f"{date_format(starts_at, 'l j F Y, H:i')}–{date_format(ends_at, ends)}"
    return [(_("When"), when), *([(_("Where"), event.where)] if event.where else [])]


def _booking(name, label, state):
    notice(
        f"booking.{name}",
        kind="booking",
        label=label,
        group="bookings",
        required=True,
        template=f"training/letters/{name}.txt",
        related=("event",),
        context=lambda letter, booking: {"event": booking.event, "facts": when_and_where(booking.event)},
        still_true=lambda letter, booking: booking.state == state,
    )


def _event(name, label, still_true):
    notice(
        f"event.{name}",
        kind="event",
        label=label,
        group="bookings",
        required=True,
        template=f"training/letters/event_{name}.txt",
        context=lambda letter, event: {"event": event, "facts": when_and_where(event)},
        still_true=still_true,
    )


_booking("confirmed", gettext_lazy("A place is yours"), BookingState.CONFIRMED)
_booking("waitlisted", gettext_lazy("You are on a waiting list"), BookingState.WAITLISTED)
_booking("promoted", gettext_lazy("You have moved up from the waiting list"), BookingState.CONFIRMED)
_booking("cancelled", gettext_lazy("Your booking is cancelled"), BookingState.CANCELLED)
_event(
    "cancelled",
    gettext_lazy("An event you booked is cancelled"),
    lambda letter, event: event.state == EventState.CANCELLED,
)
_event(
    "changed",
    gettext_lazy("An event you booked has a new time or place"),
    lambda letter, event: event.state in STANDING and event.sequence == letter.data.get("sequence"),
)
