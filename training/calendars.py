"""An event as a calendar file (RFC 5545)."""

from datetime import UTC
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar
from icalendar import Event as Entry

from training.states import EventState


def calendar(event):
    """Return the calendar file of one event as bytes.

    The UID never changes and the SEQUENCE grows, so that a cancelled event leaves the diary; times
    stand in the event's own zone, whose rules come with the file.
    """
    cancelled = event.state == EventState.CANCELLED
    whole = Calendar()
    whole.add("prodid", f"-//{settings.SITE_NAME}//EN")
    whole.add("version", "2.0")
    whole.add("method", "CANCEL" if cancelled else "PUBLISH")
    zone = ZoneInfo(event.time_zone)
    entry = Entry()
    entry.add("uid", f"event-{event.pk}@{settings.SITE_HOST}")
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", event.title)
    entry.add("description", event.summary)
    entry.add("url", settings.SITE_URL + event.get_absolute_url())
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    if event.place:
        entry.add("location", event.place)
    whole.add_component(entry)
    whole.add_missing_timezones()
    return whole.to_ical()
