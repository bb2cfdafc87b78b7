"""The coordinators' workshop for training."""

from zoneinfo import available_timezones

from django.contrib import admin
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from collaborative.core.admin import AskingForm, PolicyAdmin, ReadOnlyAdmin
from collaborative.core.admin_acts import ActsAdmin, AdminAct, WaitingFilter
from collaborative.core.slugs import refuse_reserved
from collaborative.vocabulary.admin import ThemesInline
from training import services, states
from training.models import RESERVED_SLUGS, Booking, Event, EventTheme
from training.states import WAITING


class EventForm(AskingForm):
    """An event whose times make sense, at an address that no other page needs."""

    def clean_slug(self):
        """Refuse an address that stands for another page."""
        return refuse_reserved(self.cleaned_data["slug"], RESERVED_SLUGS)

    def clean_time_zone(self):
        """Refuse a zone that calendars do not know."""
        zone = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            self.add_error("time_zone", say("Give the zone by its name, such as Europe/London."))
        return zone

    def clean(self):
        """Check that the event ends after it begins."""
        cleaned = super().clean()
        starts_at, ends_at = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", say("The event must end after it begins."))
        return cleaned


class ThemeInline(ThemesInline):
    """What the event is about."""

    model = EventTheme


class EventWaiting(WaitingFilter):
    """Shows the events that nobody can book yet."""

    states = WAITING


@admin.register(Event)
class EventAdmin(ActsAdmin, PolicyAdmin):
    """Events of one's own programmes."""

    manage_policy = "training.manage"
    add_policy = "portal.admin"
    row_policy = "training.manage"
    form = EventForm
    list_display = ("title", "programme", "starts_at", "state", "places", "taken")
    list_filter = (EventWaiting, "state", "kind_of")
    list_select_related = ("programme",)
    search_fields = ("title", "slug")
    autocomplete_fields = ("organiser", "review")
    prepopulated_fields = {"slug": ("title",)}
    own_fields = ("programme", "organiser", "review")
    inlines = (ThemeInline,)
    acts = (
        AdminAct("open", _("Open it for booking: followers hear of it"), states.OPEN, services.open_event),
        AdminAct("close", _("Close booking"), states.CLOSE, services.close_event),
        AdminAct("deliver", _("It has taken place"), states.DELIVER, services.deliver_event),
        AdminAct("cancel", _("Cancel it"), states.CANCEL, services.cancel_event, reason=True, told=services.booked),
    )

    def get_queryset(self, request):
        """Add the places taken, in the same query."""
        return super().get_queryset(request).for_lists()

    def save_related(self, request, form, formsets, change):
        """Tell those who booked what is new for them, and give new places to those who wait."""
        super().save_related(request, form, formsets, change)
        if change and form.changed_data:
            services.event_changed(form.instance, form.changed_data, by=request.user)

    @admin.display(description=_("taken"))
    def taken(self, event):
        """The places taken."""
        return event.taken

    def get_prepopulated_fields(self, request, obj=None):
        """Suggest an address for a new event only."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Fix the programme of an event that exists."""
        return (*super().get_readonly_fields(request, obj), *(("programme",) if obj else ()))


@admin.register(Booking)
class BookingAdmin(ActsAdmin, ReadOnlyAdmin):
    """Who has booked what: made by the people themselves, cancelled by them or here."""

    manage_policy = "training.manage"
    list_display = ("event", "user", "organisation", "state", "created_at")
    list_filter = ("state",)
    list_select_related = ("event", "user", "organisation")
    search_fields = ("event__title", "user__name", "user__email")
    acts = (
        AdminAct(
            "cancel",
            _("Cancel this booking: the first who waits gets the place"),
            states.CANCEL_BOOKING,
            services.cancel,
            told=lambda booking: [booking.user_id],
        ),
    )
