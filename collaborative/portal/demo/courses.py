"""Events and bookings."""

from datetime import timedelta

from collaborative.audit.services import record
from collaborative.portal.demo.bodies import term
from collaborative.vocabulary.models import Theme
from evidence.models import Review
from partners.models import Organisation, Programme
from training.models import Booking, Event


class Courses:
    """Makes the events and bookings that are missing; ``people`` are accounts by their slug."""

    def __init__(self, source, people):
        self.source, self.people = source, people

    def load(self):
        """Make the events, then who booked them."""
        for row in self.source.rows("events"):
            if not Event.objects.filter(slug=row["slug"]).exists():
                self._event(row)
        for row in self.source.rows("bookings"):
            self._booking(row)

    def _event(self, row):
        starts_at = self.source.moment(row["starts_in_days"], row["time"])
        event = Event.objects.create(
            **{key: row[key] for key in ("slug", "title", "summary", "state", "place", "online")},
            description=row.get("description", "").strip(),
            kind_of=term("training_kind", row["kind"]),
            programme=Programme.objects.get(slug=row["programme"]),
            organiser=Organisation.objects.get(slug=row["organiser"]),
            review=Review.objects.filter(slug=row.get("review", "")).first(),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=row["minutes"]),
            places=row.get("places"),
        )
        event.themes.set(Theme.objects.filter(slug__in=row["themes"]))

    def _booking(self, row):
        event, user = Event.objects.get(slug=row["event"]), self.people[row["person"]]
        if Booking.objects.filter(event=event, user=user).exists():
            return
        own = user.memberships.order_by("pk").first()
        at = self.source.moment(row["in_days"])
        cancelled = at if row["state"] == "cancelled" else None
        organisation_id = own.organisation_id if own else None
        booking = Booking.objects.create(
            event=event, user=user, organisation_id=organisation_id, state=row["state"], cancelled_at=cancelled
        )
        Booking.objects.filter(pk=booking.pk).update(created_at=at)
        record(
            f"booking.{row['state']}", booking, by=user, organisation_id=organisation_id, to_state=row["state"], at=at
        )
