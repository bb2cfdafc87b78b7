"""What training holds of a person: their bookings."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.personal import locked_while_closing, table
from training import services
from training.models import Booking, Event

locked_while_closing(
    40, lambda user: Event.objects.filter(pk__in=Booking.objects.filter(user=user).live().values("event_id"))
)


def give_places_back(leaver):
    """Cancel what is still to come; those who wait move up."""
    for booking in Booking.objects.filter(user=leaver.user, event__starts_at__gt=timezone.now()).live().order_by("pk"):
        services.cancel(booking, by=None)


table(
    "bookings",
    covers=("training.Booking.user",),
    label=_("Your bookings"),
    purpose=_("To run events, and to know how many came"),
    kept=_("While you have an account; after that, numbers only"),
    leaving=_("Places at events to come are given back; past ones are counted without your name"),
    rows=lambda user: Booking.objects.filter(user=user),
    columns={
        "event__title": _("Event"),
        "event__starts_at": _("Starts"),
        "organisation__name": _("For"),
        "state": _("State"),
        "created_at": _("Booked"),
        "cancelled_at": _("Cancelled"),
    },
    erase=give_places_back,
)
