"""The coordinators' workshop for training."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from collaborative.core.admin import PolicyAdmin, PolicyInline, ReadOnlyAdmin
from collaborative.core.admin_acts import ActsAdmin, AdminAct, WaitingFilter
from training import services, states
from training.models import Booking, Event, EventTheme
from training.states import EventState


class ThemeInline(PolicyInline):
    model = EventTheme
    removable = True
    autocomplete_fields = ("theme",)
    verbose_name_plural = _("themes")


class EventWaiting(WaitingFilter):
    states = (EventState.PLANNED,)


@admin.register(Event)
class EventAdmin(ActsAdmin, PolicyAdmin):
    """Events of one's own programmes."""

    manage_policy = "training.manage"
    add_policy = "portal.admin"
    row_policy = "training.manage"
    list_display = ("title", "programme", "starts_at", "state", "places", "taken")
    list_filter = (EventWaiting, "state", "kind_of")
    list_select_related = ("programme",)
    search_fields = ("title", "slug")
    autocomplete_fields = ("organiser", "review")
    prepopulated_fields = {"slug": ("title",)}
    own_fields = ("programme", "organiser", "review")
    date_hierarchy = "starts_at"
    inlines = (ThemeInline,)
    acts = (
        AdminAct("open", _("Open it for booking: followers hear of it"), states.OPEN, services.open_event),
        AdminAct("close", _("Close booking"), states.CLOSE, services.close_event),
        AdminAct("deliver", _("It has taken place"), states.DELIVER, services.deliver_event),
        AdminAct(
            "cancel",
            _("Cancel it: everyone who booked is told your reason"),
            states.CANCEL,
            services.cancel_event,
            reason=True,
        ),
    )

    def get_queryset(self, request):
        """Add the places taken, in the same query."""
        return super().get_queryset(request).for_lists()

    @admin.display(description=_("taken"))
    def taken(self, event):
        """The places taken."""
        return event.taken

    def get_prepopulated_fields(self, request, obj=None):
        """Suggest an address for a new event only."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Fix the address and the programme of an event that exists."""
        return (*super().get_readonly_fields(request, obj), *(("slug", "programme") if obj else ()))


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    """Who has booked what: looked at here, changed by the people themselves."""

    manage_policy = "training.manage"
    list_display = ("event", "user", "organisation", "state", "created_at")
    list_filter = ("state",)
    list_select_related = ("event", "user", "organisation")
    search_fields = ("event__title", "user__name", "user__email")
