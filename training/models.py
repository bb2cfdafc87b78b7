"""Training events and bookings."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from collaborative.core.kinds import kind
from collaborative.vocabulary.models import Theme
from evidence.models import Review
from partners.models import Organisation, Programme
from partners.rights import rights_of
from training.states import HOLDS_A_PLACE, LIVE, PUBLIC_STATES, BookingState, EventState

PERSON = settings.AUTH_USER_MODEL
RESERVED_SLUGS = ("calendar", "new")


class EventQuerySet(models.QuerySet):
    """Reads of events."""

    def visible_to(self, user):
        """Return what is announced, and to coordinators what they plan."""
        if user is None or not user.is_authenticated:
            return self.filter(state__in=PUBLIC_STATES)
        rights = rights_of(user)
        if rights.administrator:
            return self.all()
        return self.filter(Q(state__in=PUBLIC_STATES) | Q(programme_id__in=rights.coordinator_of))

    def manageable_by(self, user):
        """Return those of the programmes the person coordinates."""
        return self.filter(programme__in=Programme.objects.manageable_by(user))

    def for_lists(self):
        """Return the rows with what a list shows, and the places taken."""
        taken = Count("bookings", filter=Q(bookings__state__in=HOLDS_A_PLACE))
        return (
            self.select_related("programme", "kind_of", "organiser").annotate(taken=taken).order_by("starts_at", "pk")
        )


@kind("event")
class Event(models.Model):
    """A course, workshop or briefing at a time, with places."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown works."))
    kind_of = models.ForeignKey(
        "vocabulary.Term",
        verbose_name=_("kind"),
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"scheme": "training_kind"},
    )
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="events")
    organiser = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="events")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    themes = models.ManyToManyField(Theme, through="EventTheme", related_name="events")
    state = models.CharField(_("state"), max_length=20, choices=EventState, default=EventState.PLANNED)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=60, default=settings.READER_TIME_ZONE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    online = models.BooleanField(_("online"), default=False)
    places = models.PositiveIntegerField(_("places"), null=True, blank=True, help_text=_("Empty: no limit."))
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_reason = models.TextField(_("why it was cancelled"), blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["state", "starts_at"], name="training_when")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="training_event_times"),
            models.CheckConstraint(condition=Q(state__in=EventState.values), name="training_known_state"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the event's page."""
        return reverse("training:page", args=[self.slug])

    @property
    def bookable(self):
        """True while places can be booked."""
        return self.state == EventState.OPEN and self.starts_at > timezone.now()

    @property
    def left(self):
        """The places left, on rows of ``for_lists``; None when there is no limit."""
        return None if self.places is None else max(0, self.places - self.taken)

    @property
    def one_day(self):
        """True when it ends on the day it begins, in the reader's time zone."""
        return timezone.localtime(self.starts_at).date() == timezone.localtime(self.ends_at).date()

    @property
    def cancelled(self):
        """True when it was called off."""
        return self.state == EventState.CANCELLED

    @property
    def where(self):
        """The place in words; online events may have both."""
        if self.place and self.online:
            return gettext("%(place)s, and online") % {"place": self.place}
        return self.place or (gettext("Online") if self.online else "")

    @property
    def places_in_words(self):
        """What is left, for those who may still book; empty otherwise. On rows of ``for_lists``."""
        if not self.bookable:
            return ""
        if self.left is None:
            return gettext("Places for everyone")
        if self.left == 0:
            return gettext("Full; join the waiting list")
        return ngettext("%(n)s place left", "%(n)s places left", self.left) % {"n": self.left}


class EventTheme(models.Model):
    """A theme that an event is about."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="theme_links")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "theme"], name="training_one_theme")]

    def __str__(self):
        return str(self.theme)


class BookingQuerySet(models.QuerySet):
    """Reads of bookings."""

    def visible_to(self, user):
        """Return one's own."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def manageable_by(self, user):
        """Return those for events of the programmes the person coordinates."""
        return self.filter(event__in=Event.objects.manageable_by(user))

    def live(self):
        """Return those that still count."""
        return self.filter(state__in=LIVE)

    def holding_a_place(self):
        """Return those that take a place."""
        return self.filter(state__in=HOLDS_A_PLACE)


@kind("booking")
class Booking(models.Model):
    """A person's place on an event, or on its waiting list."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="bookings")
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="bookings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=20, choices=BookingState)
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["event", "state"], name="training_event_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user"],
                condition=Q(state__in=("requested", "confirmed", "waitlisted", "offered")),
                name="training_one_live_booking",
            )
        ]

    def __str__(self):
        return f"{self.user_id} on {self.event_id}"

    def get_absolute_url(self):
        """Return the event's page."""
        return self.event.get_absolute_url()
