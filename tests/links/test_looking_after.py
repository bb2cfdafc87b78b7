"""Links over time: gathered from texts, looked at by one job at once, dead only after days, told to those concerned."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from collaborative.links import services
from collaborative.links.asking import Answer, Outcome
from collaborative.links.judging import judged
from collaborative.links.models import Link, Place, Turn
from collaborative.links.services.checking import LEASE
from evidence.models import Reference, Resource, Section, Study
from evidence.outgoing.links import in_text
from tests import factories as make
from tests.links.sites import asker, hop, running
from tests.races import at_once

START = datetime(2026, 1, 5, tzinfo=UTC)
GONE, BROKEN, SILENT, WORKS = (Answer(each) for each in (Outcome.GONE, Outcome.BROKEN, Outcome.SILENT, Outcome.WORKS))


@pytest.fixture
def checks(settings):
    """Let links be looked at, on this machine."""
    settings.LINK_CHECKS = settings.LINK_LOOPBACK = True


def link(url="https://site.example/", **fields):
    """Make a link that is due."""
    host = fields.pop("host", "site.example")
    return Link.objects.create(url=url, host=host, **{"due_at": START} | fields)


class TestJudging:
    def over(self, *steps, state="new"):
        """Return the link after answers that came some days after the start."""
        one = Link(pk=8, url="https://site.example/", state=state)
        for days, answer in steps:
            for name, value in judged(one, answer, START + timedelta(days=days)).items():
                setattr(one, name, value)
        return one

    @pytest.mark.parametrize(
        ("steps", "state"),
        [
            ([(0, GONE)], "doubtful"),
            ([(0, GONE), (1, GONE)], "doubtful"),
            ([(0, GONE), (2, GONE)], "dead"),
            ([(0, SILENT), (4, SILENT)], "doubtful"),
            ([(0, SILENT), (8, SILENT)], "doubtful"),
            ([(0, SILENT), (1, BROKEN), (2, SILENT)], "doubtful"),
            ([(0, SILENT), (4, BROKEN), (8, SILENT)], "dead"),
            ([(0, GONE), (2, WORKS), (4, GONE)], "doubtful"),
            ([(0, GONE), (2, GONE), (32, WORKS)], "works"),
            ([(0, GONE), (2, GONE), (32, Answer(Outcome.BUSY))], "dead"),
            ([(0, Answer(Outcome.BUSY))] * 9, "doubtful"),
            ([(day, Answer(Outcome.UNSURE, 403)) for day in range(0, 60, 4)], "doubtful"),
            ([(0, GONE), (2, Answer(Outcome.LEFT))], "left"),
        ],
    )
    def test_a_link_is_dead_only_after_failures_over_days(self, steps, state):
        assert self.over(*steps).state == state

    def test_its_own_times_lead_to_the_verdict(self):
        one, now = self.over((0, SILENT)), START
        for _look in range(2):
            now = one.due_at
            one = (
                self.over((0, SILENT), (4, SILENT), ((now - START).days, SILENT))
                if _look
                else self.over((0, SILENT), ((now - START).days, SILENT))
            )
        assert (one.state, (now - START).days) == ("dead", 8)

    def test_a_site_that_wants_to_rest_gets_its_time(self):
        later = self.over((0, Answer(Outcome.BUSY, 429, wait=timedelta(days=2))))
        assert later.due_at == START + timedelta(days=2)

    def test_a_silence_that_may_be_our_own_is_not_held_against_it(self):
        changes = judged(Link(pk=1, url="x"), SILENT, START, counts=False)
        assert (changes["state"], "failures" in changes) == ("doubtful", False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See [a](https://a.example/x_(y)?z=1) and <https://b.example/>.", ["https://a.example/x_(y)?z=1", "https://b.example/"]),
        ('[a][1]\n\n[1]: https://a.example/x "Title"', ["https://a.example/x"]),
        ("[a](#here) ![](figure) https://bare.example", []),
        ("](http://(" * 3000, []),
    ],
)  # fmt: skip
def test_addresses_in_a_text(text, found):
    assert list(in_text(text)) == found


@pytest.mark.django_db
class TestGathering:
    def test_the_table_follows_the_texts(self):
        review = make.review()
        version = review.current
        source = {"version": version, "short": "Low 2021"}
        doi = {"doi": "10.1000/182", "frozen_url": "https://archive.example/low"}
        reference = Reference.objects.create(key="low", url="https://a.example/low", **doi, **source)
        Study.objects.create(number=1, url="https://a.example/low", **source)
        body = "[x](https://b.example/x) <http://testserver/evidence/> [y](http://u:p@c.example/)"
        Section.objects.create(version=version, position=1, anchor="a", heading="Methods", body=body)
        Resource.objects.create(sheet=make.sheet(), position=1, citation="A guide", url="https://b.example/x")
        services.gather()
        found = [
            "https://a.example/low",
            "https://archive.example/low",
            "https://b.example/x",
            "https://doi.org/10.1000/182",
        ]
        assert list(Link.objects.order_by("url").values_list("url", flat=True)) == found
        assert set(Place.objects.filter(link__url="https://b.example/x").values_list("kind_of", "beside")) == {
            ("review", "Methods"),
            ("sheet", "A guide"),
        }
        services.gather()
        assert Place.objects.count() == 5
        Link.objects.update(checked_at=START + timedelta(days=300))
        reference.delete()
        Section.objects.all().delete()
        services.gather(START + timedelta(days=301))
        assert set(Link.objects.filter(wanted=True).values_list("url", flat=True)) == {found[0], found[2]}
        services.gather(START + timedelta(days=900))
        assert Link.objects.count() == 2

    def test_texts_in_the_making_count_and_those_not_for_all_do_not(self):
        for state, handling in (("drafting", "PUBLIC"), ("drafting", "OFFICIAL"), ("archived", "PUBLIC")):
            version = make.review(state=state).versions.get()
            type(version).objects.filter(pk=version.pk).update(
                background=f"<https://{state}.example/{handling}>", handling=handling
            )
        services.gather()
        assert list(Link.objects.order_by("url").values_list("url", flat=True)) == [
            "https://archived.example/PUBLIC",
            "https://drafting.example/PUBLIC",
        ]


@pytest.mark.django_db
class TestLooking:
    def look(self, one=None, days=0):
        return services.check_due(asker=one or asker(), now=lambda: START + timedelta(days=days))

    def test_nothing_is_asked_where_the_operator_did_not_allow_it(self):
        one = link()
        assert (self.look(), services.check(one, asker=asker()), Turn.objects.count()) == (0, None, 0)

    def test_what_is_due_is_looked_at_once(self, checks):
        with running({"/": (200, {}), "/moved": hop("/", 301)}) as site:
            urls = [site.at(path) for path in ("/", "/moved", "/gone")]
            links = [link(url) for url in urls]
            link(site.at("/later"), due_at=START + timedelta(days=1))
            link(site.at("/unwanted"), wanted=False)
            assert (self.look(), self.look()) == (3, 0)
        for each in links:
            each.refresh_from_db()
        assert [each.state for each in links] == ["works", "moved", "doubtful"]
        assert (links[1].moved_to, links[2].status, links[2].checked_at) == (site.at("/"), 404, START)
        assert (Turn.objects.get().claimed_until, Turn.objects.get().asked) == (None, 0)

    def test_another_job_s_turn_is_respected_and_a_lost_one_ends(self, checks):
        link()
        Turn.objects.create(pk=1, claimed_until=START + LEASE)
        gone = asker({"site.example": socket.gaierror(socket.EAI_NONAME, "")})
        assert self.look(gone) == 0
        assert self.look(gone, days=1) == 1

    def test_a_site_that_wants_to_rest_is_left_alone_with_all_its_links(self, checks):
        with running({"/1": (429, {"Retry-After": "172800"}), "/2": (200, {})}) as site:
            link(site.at("/1")), link(site.at("/2"))
            assert self.look() == 1
            assert self.look(days=1) == 0
        assert site.asked == [("GET", "/robots.txt"), ("HEAD", "/1")]
        assert set(Link.objects.values_list("due_at", flat=True)) == {START + timedelta(days=2)}

    def test_silence_counts_only_while_others_are_heard(self, checks):
        names = {name: socket.gaierror(socket.EAI_NONAME, "") for name in ("a.example", "b.example")}
        gone = link("http://a.example/", host="a.example")
        self.look(asker(names))
        gone.refresh_from_db()
        assert (gone.state, gone.failures) == ("doubtful", 0)
        with running({"/": (200, {})}) as site:
            link(site.at("/"), state="works", due_at=START + timedelta(days=90))
            Link.objects.filter(pk=gone.pk).update(due_at=START)
            self.look(asker(names), days=1)
        gone.refresh_from_db()
        assert (gone.state, gone.failures) == ("doubtful", 1)


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_ask_once(checks):
    with running({f"/{n}": (200, {}) for n in range(4)}) as site:
        for n in range(4):
            link(site.at(f"/{n}"))
        done = at_once(*[lambda: services.check_due(asker=asker(), now=lambda: START)] * 2)
    assert sorted(done) == [0, 4]
    assert len(site.asked) == len(set(site.asked)) == 5


@pytest.mark.django_db
class TestShowing:
    @pytest.fixture
    def review(self):
        """Make a review with a dead reference that has a frozen copy, and one that works."""
        review = make.review()
        dead = {"key": "low", "short": "Low 2021", "title": "Low", "frozen_url": "https://archive.example/low"}
        Reference.objects.create(version=review.current, url="https://gone.example/<low>", doi="10.1/x", **dead)
        Reference.objects.create(version=review.current, key="b", short="B", title="B", url="https://works.example/")
        services.gather()
        Link.objects.filter(host="gone.example").update(state="dead", checked_at=START, status=404)
        Link.objects.filter(host="works.example").update(state="works", checked_at=START)
        return review

    def test_a_reader_is_told_and_given_the_frozen_copy_first(self, client, review):
        page = client.get(review.get_absolute_url()).content.decode()
        assert page.count("This address no longer answers, checked on 5 January 2026.") == 1
        assert 0 < page.index("https://archive.example/low") < page.index('href="https://gone.example/&lt;low&gt;"')
        Link.objects.filter(host="doi.org").update(state="dead", checked_at=START)
        page = client.get(review.get_absolute_url()).content.decode()
        assert page.count("This address no longer answers") == 2

    def test_a_sheet_tells_too(self, client):
        sheet = make.sheet()
        Resource.objects.create(sheet=sheet, position=1, citation="A guide", url="https://gone.example/")
        link("https://gone.example/", state="dead", checked_at=START)
        assert "This address no longer answers" in client.get(sheet.get_absolute_url()).content.decode()

    def test_the_desk_lists_what_to_mend(self, client, review):
        client.force_login(make.editor(review))
        page = client.get(f"/evidence/{review.slug}/desk/").content.decode()
        assert "1 link no longer works" in page
        assert ("Beside: Low 2021" in page, "works.example" in page) == (True, False)

    def test_the_workshop_lists_what_is_dead_with_where_it_stands(self, review):
        client = Client()
        client.force_login(make.with_second_factor(make.coordinator(review.programme)))
        page = client.get("/admin/links/link/").content.decode()
        assert ("gone.example" in page, "works.example" in page, review.get_absolute_url() in page) == (
            True,
            False,
            True,
        )
        other = Client()
        other.force_login(make.with_second_factor(make.coordinator(make.programme())))
        assert "gone.example" not in other.get("/admin/links/link/").content.decode()
