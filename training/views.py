"""The list of events, an event's page, booking, and its calendar file."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core.errors import Refused
from collaborative.core.views import FilterPage, ThingPage, act
from evidence.models import Review
from partners.models import Organisation
from partners.rights import rights_of
from projects.models import Project
from training import services
from training.calendars import calendar, content_type
from training.filters import EventFilter
from training.models import Booking, Event
from training.states import BookingState


class Events(FilterPage):
    """What can be learnt, and when."""

    policy = "public"
    model = Event
    filterset_class = EventFilter
    template_name = "training/list.html"
    context_object_name = "events"
    extra_context = {"heading": gettext_lazy("Training"), "search_label": gettext_lazy("Search the training")}

    def get_queryset(self):
        """Return what this reader may see, with what a row shows."""
        return super().get_queryset().for_lists()


class EventPage(ThingPage):
    """An event: what, when, where, places left, and one's own booking."""

    model = Event
    template_name = "training/page.html"
    context_object_name = "event"

    def get_queryset(self):
        """Fetch the event with what its page shows."""
        return super().get_queryset().for_lists()

    def get_context_data(self, **kwargs):
        """Add the reader's own booking, the organisations they may book for, and the evidence they may see."""
        user, event = self.request.user, self.object
        review = self._seen(Review, event.review_id)
        return super().get_context_data(
            booking=Booking.objects.visible_to(user).filter(event=event).live().first(),
            organisations=list(Organisation.objects.filter(pk__in=rights_of(user).organisations)),
            acting_for=rights_of(user).acting_for,
            themes=list(event.themes.all()),
            full=event.left == 0,
            review=review,
            project=self._seen(Project, review and review.project_id),
            **kwargs,
        )

    def _seen(self, model, pk):
        return model.objects.visible_to(self.request.user).filter(pk=pk).first() if pk else None


class EventCalendar(ThingPage):
    """The event as a calendar file."""

    model = Event

    def get_queryset(self):
        """Fetch the event with its organiser."""
        return super().get_queryset().select_related("organiser")

    def render_to_response(self, context, **kwargs):
        """Return the file; a cancelled event says so to the diary."""
        headers = {"Content-Disposition": f'attachment; filename="{self.object.slug}.ics"'}
        return HttpResponse(calendar(self.object), content_type=content_type(self.object), headers=headers)


@act("training.book", model=Event)
def book(request, event):
    """Book a place for the reader."""
    booking = services.book(event, by=request.user, organisation_id=_organisation(request))
    if booking.state == BookingState.WAITLISTED:
        return event, _("You are on the waiting list. You will be told as soon as a place is free.")
    return event, _("Your place is booked. A confirmation is on its way to you by mail.")


@act("signed_in", model=Event)
def cancel(request, event):
    """Give the reader's own place back."""
    booking = Booking.objects.visible_to(request.user).filter(event=event).live().first()
    if booking is None:
        raise Refused(_("You have no booking for this event."))
    services.cancel(booking, by=request.user)
    return event, _("Your booking is cancelled. Thank you for giving the place back.")


def _organisation(request):
    """Return the id of the organisation the reader acts for: the chosen one, or their only one."""
    mine = rights_of(request.user).organisations
    if len(mine) < 2:
        return next(iter(mine), None)
    chosen = [pk for pk in mine if str(pk) == request.POST.get("organisation")]
    if not chosen:
        raise Refused(_("Choose the organisation that you book for."))
    return chosen[0]
