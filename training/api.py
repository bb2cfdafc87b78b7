"""Training events, for programs."""

from pydantic import AwareDatetime, Field

from collaborative.outputs.api import READER, Named, Resource, Thing, Word, named, named_all, resource, word
from collaborative.outputs.api.schemas import ways
from collaborative.outputs.api.types import Markdown
from evidence.models import Review
from training.filters import EventFilter


class EventSummary(Thing):
    """An event, as a list shows it."""

    title: str = Field(examples=["Reading evidence quickly"])
    """Its title."""
    summary: str
    """What it is about, in short."""
    state: str = Field(examples=["open"])
    """Where it stands, by its code: “cancelled” for one that was called off."""
    kind: Word
    """What kind of event it is."""
    programme: Named
    """The programme that it belongs to."""
    organiser: Named
    """Who holds it."""
    starts_at: AwareDatetime = Field(examples=["2026-03-01T09:30:00Z"])
    """When it begins."""
    ends_at: AwareDatetime = Field(examples=["2026-03-01T11:30:00Z"])
    """When it ends."""
    time_zone: str = Field(examples=["Europe/London"])
    """The zone in which its times were set."""
    place: str
    """Where it is, or nothing."""
    online: bool
    """Whether one can take part from elsewhere."""
    places: int | None
    """How many places there are; null without a limit."""
    places_left: int | None
    """How many are left; null without a limit."""
    bookable: bool
    """Whether places can be booked now."""


class Event(EventSummary):
    """An event in full."""

    description: Markdown
    """What happens there."""
    cancelled_reason: str
    """Why it was called off, or nothing."""
    themes: list[Named]
    """What it is about."""
    review: Named | None
    """The evidence behind it."""


@resource("event", "events", one="event", order=50)
class Events(Resource):
    """Courses, workshops and briefings: as on the page, those still to come unless “when” says otherwise."""

    filters, summary, detail = EventFilter, EventSummary, Event

    def for_list(self, rows):
        """Fetch what a row says."""
        return rows.for_lists()

    def for_detail(self, rows):
        """Fetch what the whole record says."""
        return rows.for_lists().prefetch_related("themes")

    def summarise(self, event):
        """Say what a list shows."""
        return EventSummary(**self._told(event))

    def describe(self, event):
        """Say what its page says."""
        review = Review.objects.visible_to(READER).filter(pk=event.review_id).first()
        return Event(
            **self._told(event),
            description=event.description,
            cancelled_reason=event.cancelled_reason,
            themes=named_all("theme", ((each.slug, each.name) for each in event.themes.all())),
            review=named(review),
        )

    def _told(self, event):
        kept = ("title", "summary", "state", "starts_at", "ends_at", "time_zone", "place", "online", "places")
        return (
            ways(event)
            | {name: getattr(event, name) for name in kept}
            | {
                "kind": word(event.kind_of),
                "programme": named(event.programme),
                "organiser": named(event.organiser),
                "places_left": event.left,
                "bookable": event.bookable,
            }
        )
