"""Every page of the demonstration, as a visitor and as whoever sees most: one title, one heading, sound markup."""

from collections import Counter, defaultdict
from html.parser import HTMLParser

import pytest

from tests.demonstration import NOT_PAGES, PAGES, PEOPLE, client_of
from tests.house.test_routes import routes

VIEWS = [(sample, reader) for sample in PAGES for reader in sample.readers()]
IDS = [f"{sample.name} as {reader}" for sample, reader in VIEWS]
POINTING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list", "form")
"""Attributes whose words are ids of the same page."""


class Outline(HTMLParser):
    """What a page's markup says: its language, title, headings, ids and what points at them, and images."""

    def __init__(self, text):
        super().__init__()
        self.language, self.title, self.headings, self.links = "", "", [], []
        self.ids, self.pointed, self.images, self.empty = Counter(), set(), [], []
        self.inside = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        attributes = dict(attrs)
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
        for name in POINTING:
            self.pointed.update((attributes.get(name) or "").split())
        if tag == "html":
            self.language = attributes.get("lang", "")
        if tag == "img":
            self.images.append(attributes.get("alt"))
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag == "title" and not self.title:
            self.inside = "title"

    def handle_endtag(self, tag):
        """Leave the title."""
        self.inside = None

    def handle_data(self, data):
        """Keep the title's words."""
        if self.inside:
            self.title += data


def test_every_route_has_a_sample_or_a_reason():
    known = {sample.route for sample in PAGES if not sample.route.startswith("admin:")}
    assert set(routes()) - set(NOT_PAGES) - known == set()
    assert set(NOT_PAGES) & known == set()
    assert (set(NOT_PAGES) | known) - set(routes()) == set()


@pytest.mark.parametrize(("sample", "reader"), VIEWS, ids=IDS)
def test_a_page_has_one_heading_one_language_and_no_loose_ends(demonstration, sample, reader):
    answer = client_of(demonstration[reader]).get(sample.url())
    assert answer.status_code == 200
    page = Outline(answer.content.decode())
    assert page.language == "en-gb"
    assert page.headings.count(1) == 1
    assert [number for number in page.headings[: page.headings.index(1)] if number != 1] == []
    assert [each for each, times in page.ids.items() if times > 1] == []
    assert page.pointed - set(page.ids) == set()
    assert None not in page.images


def test_no_two_pages_have_the_same_title(demonstration):
    titles = defaultdict(set)
    clients = {part: client_of(demonstration[part]) for part in PEOPLE}
    for sample, reader in VIEWS:
        answer = clients[reader].get(sample.url())
        if answer.status_code == 200:
            titles[Outline(answer.content.decode()).title].add(answer.wsgi_request.path)
    assert {title: urls for title, urls in titles.items() if len(urls) > 1} == {}
    assert [title for title in titles if not title.split("|")[0].strip()] == []
