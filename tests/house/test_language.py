"""The reader's language and time zone: chosen once, kept, and used in pages and letters."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from collaborative.audit.models import Event as AuditEvent
from collaborative.notifications.rendering import as_reader
from tests import factories as make
from training.notices import when_and_where

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def signed_in(client, **details):
    """Sign a new person in; return the person."""
    person = make.person(**details)
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return person


def an_event(*starts):
    """Make an event of one hour at a London time."""
    starts_at = datetime(*starts, tzinfo=LONDON)
    return make.event(starts_at=starts_at, ends_at=starts_at.replace(hour=starts_at.hour + 1))


def test_catalogues_have_a_place():
    assert [Path(folder).is_dir() for folder in settings.LOCALE_PATHS] == [True]


def test_a_visitors_choice_holds_in_their_browser(client):
    answer = client.post(reverse("set_language"), {"language": "fr", "next": "/about/"})
    kept = answer.cookies["django_language"]
    assert (answer.url, kept.value, kept["max-age"], kept["samesite"]) == ("/about/", "fr", 31536000, "Lax")
    assert '<html lang="fr">' in client.get("/about/").content.decode()


def test_what_the_browser_asks_for_is_heard_and_what_nobody_speaks_here_is_english(client):
    pages = [client.get("/", headers={"accept-language": asked}).content.decode() for asked in ("cy", "de")]
    assert ['<html lang="cy">' in pages[0], '<html lang="en-gb">' in pages[1]] == [True, True]


def test_the_choice_of_somebody_signed_in_is_kept_in_every_browser_and_recorded(client):
    person = signed_in(client)
    client.post(reverse("set_language"), {"language": "fr"})
    person.refresh_from_db()
    assert person.language == "fr"
    assert AuditEvent.objects.about(person).values_list("verb", flat=True).get() == "account.details_changed"
    client.cookies["django_language"] = "cy"
    assert '<html lang="fr">' in client.get("/about/").content.decode()


@pytest.mark.parametrize("language", ["tlh", "", "fr\x00", "../fr"])
def test_a_language_that_nobody_speaks_here_changes_nothing(client, language):
    person = signed_in(client, language="cy")
    client.post(reverse("set_language"), {"language": language})
    person.refresh_from_db()
    assert person.language == "cy"


def test_choosing_is_a_post(client):
    person = signed_in(client)
    assert client.get(reverse("set_language"), {"language": "fr"}).status_code == 405
    person.refresh_from_db()
    assert person.language == ""


def test_a_page_tells_dates_in_the_readers_language(client):
    event = an_event(2026, 11, 22, 10)
    page = client.get(event.get_absolute_url(), headers={"accept-language": "fr"}).content.decode()
    assert "dimanche 22 novembre 2026, 10:00" in page


# The clocks go back in London on 25 October 2026 at two in the morning.
@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/London", "Saturday 24 October 2026, 10:00", "Sunday 25 October 2026, 10:00"),
        ("Asia/Kolkata", "Saturday 24 October 2026, 14:30", "Sunday 25 October 2026, 15:30"),
        ("Pacific/Auckland", "Saturday 24 October 2026, 22:00", "Sunday 25 October 2026, 23:00"),
    ],
)
def test_times_are_in_the_readers_zone_on_both_sides_of_the_clock_change(client, zone, before, after):
    events = [an_event(2026, 10, 24, 10), an_event(2026, 10, 25, 10)]
    person = signed_in(client, time_zone=zone)
    pages = [client.get(event.get_absolute_url()).content.decode() for event in events]
    assert [words in page for words, page in zip((before, after), pages, strict=True)] == [True, True]
    with as_reader(person):
        facts = [str(when_and_where(event)[0][1]) for event in events]
    assert [fact.startswith(words) for words, fact in zip((before, after), facts, strict=True)] == [True, True]


def test_labels_follow_the_language_of_the_moment():
    theme = make.theme(name="Mental health", name_cy="Iechyd meddwl")
    with override("cy"):
        assert str(theme) == "Iechyd meddwl"
    with override("fr"):
        assert str(theme) == "Mental health"
