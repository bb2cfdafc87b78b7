"""What a page says of itself where its address is shared."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from tests import factories as make

TAG = re.compile(r'<meta (?:property|name)="((?:og|article|twitter):[a-z_:]+)" content="([^"]*)">')


def told(client, address):
    """Return the tags of a page's card."""
    return dict(TAG.findall(client.get(address).content.decode()))


@pytest.mark.django_db
def test_a_review_says_its_title_its_summary_and_its_dates_to_visitors_alone(client):
    review = make.review(title='What "helps"')
    version = review.current
    type(version).objects.filter(pk=version.pk).update(summary="It works.")
    tags = told(client, review.get_absolute_url())
    assert (tags["og:type"], tags["og:description"]) == ("article", "It works.")
    assert tags["og:title"] == "What &quot;helps&quot;"
    assert tags["og:url"] == f"{settings.SITE_URL}{review.get_absolute_url()}"
    assert tags["article:published_time"][:10] == f"{review.published_at:%Y-%m-%d}"
    assert tags["og:image"].startswith(settings.SITE_URL)
    client.force_login(make.person(), backend=settings.AUTHENTICATION_BACKENDS[0])
    assert told(client, review.get_absolute_url()) == {}


@pytest.mark.django_db
def test_a_page_and_a_list_have_cards_and_lists_name_their_feed(client):
    tags = told(client, "/about/")
    assert (tags["og:type"], tags["twitter:card"]) == ("website", "summary_large_image")
    body = client.get("/evidence/?theme=drones").content.decode()
    assert 'href="/evidence/feed.atom?theme=drones"' in body


def test_the_picture_is_as_large_as_the_tags_say():
    with Image.open(Path(settings.BASE_DIR) / "static/img/card.png") as picture:
        assert picture.size == (1200, 630)
