"""An event as a calendar file (RFC 5545, and RFC 5546 for how a diary takes up a change)."""

from datetime import UTC
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from training.states import EventState


def method(event):
    """Return what a diary is asked to do: enter the event, or take it out."""
    return "CANCEL" if event.state == EventState.CANCELLED else "PUBLISH"


def content_type(event):
    """Return the type of the file, which names the method as the file itself does."""
    return f"text/calendar; charset=utf-8; method={method(event)}"


def calendar(event):
    """Return the calendar file of one event as bytes.

    The UID never changes and the SEQUENCE grows, so that a cancelled event leaves the diary; times
    stand in the event's own zone, whose rules come with the file.
    """
    whole = Calendar()
    whole.add("prodid", f"-//{settings.SITE_NAME}//EN")
    whole.add("version", "2.0")
    whole.add("method", method(event))
    zone = ZoneInfo(event.time_zone)
    entry = Entry()
    entry.add("organizer", _organiser(event))
    entry.add("uid", f"event-{event.pk}@{settings.SITE_HOST}")
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", event.title)
    entry.add("description", event.summary)
    entry.add("url", settings.SITE_URL + event.get_absolute_url())
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.place:
        entry.add("location", event.place)
    whole.add_component(entry)
    whole.add_missing_timezones()
    return whole.to_ical()


def _organiser(event):
    """Return the organiser, without whom no published or cancelled entry is valid; mail goes to the portal."""
    address = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    address.params["cn"] = vText(event.organiser.name)
    return address
