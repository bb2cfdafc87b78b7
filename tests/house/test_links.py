"""Every link leads somewhere: a crawl of the demonstration from its first page, with each person's eyes."""

from collections import Counter, deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders

from collaborative.vocabulary.models import Theme
from evidence.models import Review
from partners.models import Organisation, Programme
from projects.models import Project
from projects.states import PUBLIC_STAGES
from tests.demonstration import client_of
from tests.house.test_pages import Outline
from training.models import Event

pytestmark = pytest.mark.slow
NOT_FOLLOWED = ("/admin/", "/i18n/")
"""Where crawls stop: the admin has its own walk in test_admin.py."""
QUERIES = 5
"""How many addresses with different queries are opened of one page: facets and pages would multiply without end."""


class Crawl:
    """All that one person can reach: ``outlines`` by path, what is ``broken``, and the anchors asked for."""

    def __init__(self, client):
        self.client, self.waiting = client, deque([("/", "the beginning")])
        self.seen, self.asked = set(), Counter()
        self.outlines, self.broken, self.anchors = {}, [], set()
        while self.waiting:
            self.open(*self.waiting.popleft())

    def open(self, url, found_on):
        """Open an address, unless it was opened before or its page often enough."""
        path = urlsplit(url).path
        if url in self.seen or self.asked[path] > QUERIES:
            return
        self.seen.add(url)
        self.asked[path] += 1
        answer = self.client.get(url)
        if answer.streaming:
            list(answer)  # a file is closed once it is read to its end
        if answer.status_code in (301, 302):
            self.waiting.append((urldefrag(urljoin(url, answer.url))[0], url))
        elif answer.status_code != 200:
            self.broken.append(f"{url} answers {answer.status_code}, linked from {found_on}")
        elif answer["Content-Type"].startswith("text/html"):
            self.read(url, Outline(answer.content.decode()))

    def read(self, url, page):
        """Note a page's links."""
        self.outlines.setdefault(urlsplit(url).path, page)
        for link in page.links:
            target, anchor = urldefrag(urljoin(url, link))
            if anchor:
                self.anchors.add((urlsplit(target).path, anchor, url))
            if inside(target):
                self.waiting.append((target, url))

    def dangling(self):
        """Return the anchors that nothing answers to."""
        known = [each for each in self.anchors if each[0] in self.outlines]
        return sorted(f"{path}#{anchor} on {url}" for path, anchor, url in known if anchor not in self.ids(path))

    def ids(self, path):
        """Return the ids of a page."""
        return self.outlines[path].ids


def inside(url):
    """Say whether a link stays in the portal and is to be followed."""
    parts = urlsplit(url)
    return not parts.scheme and not parts.netloc and not parts.path.startswith((*NOT_FOLLOWED, "/static/"))


@pytest.fixture(scope="module")
def visitor_s_crawl(demonstration):
    """Crawl once as a visitor."""
    return Crawl(client_of(None))


def check(found):
    """Check that a crawl got far and met nothing broken."""
    assert found.broken == []
    assert found.dangling() == []
    assert len(found.outlines) > 120


def test_every_link_leads_a_visitor_somewhere(visitor_s_crawl):
    check(visitor_s_crawl)


@pytest.mark.parametrize("reader", ["member", "coordinator"])
def test_every_link_leads_those_who_see_more_somewhere(demonstration, reader):
    check(Crawl(client_of(demonstration[reader])))


def test_the_things_that_a_visitor_may_see_are_all_reached_from_the_first_page(visitor_s_crawl):
    nobody = AnonymousUser()
    things = [
        *Review.objects.visible_to(nobody),
        *Project.objects.visible_to(nobody).filter(stage__in=PUBLIC_STAGES),
        *Event.objects.visible_to(nobody),
        *Organisation.objects.all(),
        *Programme.objects.all(),
        *Theme.objects.current(),
    ]
    assert [url for url in (thing.get_absolute_url() for thing in things) if url not in visitor_s_crawl.outlines] == []


def test_every_file_that_a_page_asks_for_is_there(demonstration):
    page = client_of(None).get("/").content.decode()
    files = {part.split('"')[0] for part in page.split("/static/")[1:]}
    assert {name for name in files if finders.find(name) is None} == set()
    assert files
