"""The sitemap as a parser that we did not write reads it, what crawlers are told, and how browsers search here."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from usp.tree import sitemap_tree_for_homepage
from usp.web_client.abstract_client import AbstractWebClient, LocalWebClientSuccessResponse

from collaborative.outputs.models import Record
from collaborative.outputs.views import sitemap
from collaborative.search.services import index
from evidence.models import Version
from tests import factories as make

pytestmark = pytest.mark.django_db


class Crawler(AbstractWebClient):
    """Lets the parser fetch from the test client."""

    def __init__(self, client):
        self.client, self.asked = client, []

    def set_max_response_data_length(self, max_response_data_length):
        """Take what comes."""

    def get(self, url):
        """Return an answer, whole."""
        self.asked.append(url.split("://", 1)[1].partition("/")[2])
        answer = self.client.get(f"/{self.asked[-1]}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return LocalWebClientSuccessResponse(url, body.decode())


def crawled(client, settings):
    """Return ``{path: lastmod}`` of all that a crawler finds from the front page on, and the files it asked for."""
    crawler = Crawler(client)
    tree = sitemap_tree_for_homepage(f"{settings.SITE_URL}/", crawler, use_known_paths=False)
    found = {page.url.removeprefix(settings.SITE_URL): page.last_modified for page in tree.all_pages()}
    return found, crawler.asked


def test_a_crawler_finds_everything_public_with_the_moment_of_its_last_change(client, settings):
    review, embargoed, theme = make.review(), make.review(), make.theme()
    Version.objects.filter(review=embargoed).update(public_from=timezone.now() + timedelta(days=1))
    embargoed.refresh_from_db()
    for thing in (review, embargoed, theme):
        index(thing)
    then = timezone.now().replace(microsecond=0) - timedelta(days=40)
    Record.objects.filter(kind="theme").update(stamp=then)
    found, asked = crawled(client, settings)
    assert found[theme.get_absolute_url()] == found["/themes/"] == then
    assert found[review.get_absolute_url()] == Record.objects.get(kind="review", object_id=review.pk).stamp
    assert embargoed.get_absolute_url() not in found
    assert found["/about/"] is None
    files = ["sitemap-pages.xml", "sitemap-review-1.xml", "sitemap-theme-1.xml"]
    assert asked == ["robots.txt", "sitemap.xml", *files]


def test_no_file_is_longer_than_it_may_be_and_each_thing_stands_in_one(client, settings, monkeypatch):
    monkeypatch.setattr(sitemap, "FILE_SIZE", 2)
    themes = [make.theme() for _ in range(5)]
    for theme in themes:
        index(theme)
    found, asked = crawled(client, settings)
    assert {theme.get_absolute_url() for theme in themes} <= set(found)
    assert len([file for file in asked if "theme" in file]) == len({theme.pk // 2 for theme in themes})
    for wrong in ("theme-99999", "theme-0", "nothing-1", "theme-9999999999999999999"):
        assert client.get(f"/sitemap-{wrong}.xml").status_code == 404


def test_crawlers_are_told_where_it_is_unless_they_are_to_stay_away(client, settings):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[-1] == f"Sitemap: {settings.SITE_URL}/sitemap.xml"
    assert {"Disallow: /*?*&", "Disallow: /search/"} <= set(lines)
    settings.DEMO = True
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_a_browser_is_told_how_to_search_here(client, settings):
    answer = client.get("/opensearch.xml")
    top = ElementTree.fromstring(answer.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    found = {each.get("type"): each.get("template") for each in top.findall(f"{space}Url")}
    assert found["text/html"] == f"{settings.SITE_URL}/search/?q={{searchTerms}}"
    assert found["application/x-suggestions+json"] == f"{settings.SITE_URL}/search/suggest/?q={{searchTerms}}"
    assert 0 < len(top.findtext(f"{space}ShortName")) <= 16
    assert 'type="application/opensearchdescription+xml"' in client.get("/about/").content.decode()
