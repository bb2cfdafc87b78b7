"""Who may run events, book places and give them back."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.policies import ALLOWED, SIGN_IN, policy, refusal
from partners.policies import NOT_COORDINATOR
from partners.rights import rights_of
from training.models import Event
from training.states import EventState


@policy("training.manage")
def manage(user, thing):
    """Coordinators of the programme run its events and their bookings."""
    event = thing if isinstance(thing, Event) else thing.event
    return ALLOWED if rights_of(user).manages(event.programme_id) else NOT_COORDINATOR


@policy("training.book")
def book(user, event):
    """Anyone signed in books, while the event is open and has not begun."""
    if event.ends_at <= timezone.now():
        return refusal(_("This event is over."))
    if event.starts_at <= timezone.now():
        return refusal(_("This event has already begun."))
    if event.state != EventState.OPEN:
        return refusal(_("This event is not open for booking."))
    return ALLOWED if user.is_authenticated else SIGN_IN


@policy("training.cancel")
def cancel(user, booking):
    """One gives back one's own place, and the coordinator anyone's, until the event begins."""
    own = user.is_authenticated and booking.user_id == user.pk
    if not own and not rights_of(user).manages(booking.event.programme_id):
        return refusal(_("This is someone else’s booking."))
    if booking.event.starts_at <= timezone.now():
        return refusal(_("This event has already begun."))
    return ALLOWED
