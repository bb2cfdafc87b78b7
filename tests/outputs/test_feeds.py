"""Feeds as a feed reader that we did not write reads them."""

from datetime import timedelta

import feedparser
import pytest
from django.utils import timezone

from collaborative.outputs.atom import tag_of
from collaborative.outputs.models import Record
from collaborative.outputs.views import feeds
from collaborative.search.services import index
from evidence.models import Author, Version
from tests import factories as make

pytestmark = pytest.mark.django_db


def published(title, **fields):
    """Make a review that everyone reads and that goes out."""
    review = make.review(title=title, **fields)
    Author.objects.create(version=review.current, name="Ann Other", family="Other", position=1)
    index(review)
    return review


def read(client, address, **headers):
    """Return a feed as its reader has it; it was well formed."""
    answer = client.get(address, headers=headers)
    assert (answer.status_code, answer.content[:5]) == (200, b"<?xml")
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.bozo_exception
    return found


def test_an_entry_says_what_it_is_who_wrote_it_and_when_it_changed(client):
    theme = make.theme(name="Drones & kites")
    review = published("What <helps>\x08?", themes=[theme], summary="It works.")
    found = read(client, "/evidence/feed.atom")
    entry = found.entries[0]
    stamp = Record.objects.get(kind="review").stamp
    assert entry.id == tag_of("review", review.pk)
    assert (entry.title, entry.summary) == ("What <helps>?", "It works.")
    assert entry.link.endswith(review.get_absolute_url())
    assert [author.name for author in entry.authors] == ["Ann Other"]
    assert [tag.term for tag in entry.tags] == ["Drones & kites"]
    assert entry.updated == found.feed.updated == f"{stamp:%Y-%m-%dT%H:%M:%SZ}"
    assert {link.rel for link in found.feed.links} == {"self", "first", "alternate"}


def test_the_library_feed_is_narrowed_as_the_library_is(client):
    theme = make.theme()
    kept = published("Kept", themes=[theme])
    published("Other")
    found = read(client, f"/evidence/feed.atom?theme={theme.slug}&sort=title&page=1&x=1")
    assert [entry.title for entry in found.entries] == ["Kept"]
    assert found.feed.id.endswith(f"/evidence/feed.atom?theme={theme.slug}")
    assert [each.title for each in read(client, f"/themes/{theme.slug}/feed.atom").entries] == ["Kept"]
    assert [each.title for each in read(client, "/search/feed.atom?q=kept").entries] == [kept.title]
    assert read(client, "/search/feed.atom").entries == []
    assert client.get("/themes/nothing/feed.atom").status_code == 404


def test_what_is_embargoed_or_withdrawn_is_not_said_but_that_it_is_gone(client):
    review = published("Secret")
    Version.objects.update(public_from=timezone.now() + timedelta(days=1))
    Record.objects.all().delete()
    review.refresh_from_db()
    index(review)
    assert read(client, "/evidence/feed.atom").entries == []
    Version.objects.update(public_from=None)
    review.refresh_from_db()
    index(review)
    assert len(read(client, "/evidence/feed.atom").entries) == 1
    Version.objects.update(handling="OFFICIAL")
    review.refresh_from_db()
    index(review)
    body = client.get("/evidence/feed.atom").content.decode()
    assert f'<at:deleted-entry ref="{tag_of("review", review.pk)}"' in body
    assert "Secret" not in body


def test_an_unchanged_feed_is_not_sent_twice(client):
    review = published("Once")
    first = client.get("/evidence/feed.atom")
    again = {"if-none-match": first["ETag"]}
    assert client.get("/evidence/feed.atom", headers=again).status_code == 304
    dated = {"if-modified-since": first["Last-Modified"]}
    assert client.get("/evidence/feed.atom", headers=dated).status_code == 304
    type(review).objects.update(title="Twice")
    index(type(review).objects.get())
    assert client.get("/evidence/feed.atom", headers=again).status_code == 200


def test_a_long_feed_has_pages_that_lead_to_each_other(client, settings, monkeypatch):
    monkeypatch.setattr(feeds, "PAGE_SIZE", 2)
    for number in range(5):
        published(f"Review {number}")
    titles, address = [], "/evidence/feed.atom"
    while address:
        found = read(client, address)
        titles += [entry.title for entry in found.entries]
        following = [link.href for link in found.feed.links if link.rel == "next"]
        address = following[0].removeprefix(settings.SITE_URL) if following else None
    assert sorted(titles) == [f"Review {number}" for number in range(5)]
    for wrong in ("0", "99", "x", "1e3", "١"):
        assert client.get(f"/evidence/feed.atom?page={wrong}").status_code == 404
