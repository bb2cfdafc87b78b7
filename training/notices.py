"""The letters about bookings and events."""

from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice
from training.states import BookingState, EventState


def _booking(name, label, state):
    notice(
        f"booking.{name}",
        kind="booking",
        label=label,
        group="bookings",
        required=True,
        template=f"training/letters/{name}.txt",
        related=("event",),
        still_true=lambda letter, booking: booking.state == state,
    )


_booking("confirmed", _("A place is yours"), BookingState.CONFIRMED)
_booking("waitlisted", _("You are on a waiting list"), BookingState.WAITLISTED)
_booking("promoted", _("You have moved up from the waiting list"), BookingState.CONFIRMED)
_booking("cancelled", _("Your booking is cancelled"), BookingState.CANCELLED)
notice(
    "event.cancelled",
    kind="event",
    label=_("An event you booked is cancelled"),
    group="bookings",
    required=True,
    template="training/letters/event_cancelled.txt",
    still_true=lambda letter, event: event.state == EventState.CANCELLED,
)
