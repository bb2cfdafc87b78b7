"""Asking other sites: what each answer means, politeness, and the machines that are never asked."""

import socket
import time
from datetime import UTC, datetime, timedelta

import pytest

from collaborative.links import fetching, robots
from collaborative.links.asking import Outcome, wait_of
from collaborative.links.fetching import Caller, OutOfBounds, Reply, target_of
from tests.links.sites import Time, asker, dripping, endless, garbage, hop, running

PRIVATE = [
    "10.0.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "192.0.0.192", "168.63.129.16", "0.0.0.0", "::1",
    "fe80::1%eth0", "fd00:ec2::254", "::ffff:10.0.0.1", "2002:a00:1::", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _this_machine(settings):
    settings.LINK_LOOPBACK = True


@pytest.fixture(scope="module")
def site():
    """Run a site with a page for each sort of answer."""
    loop = {f"/chain{n}": hop(f"/chain{n + 1}") for n in range(9)}
    answers = {
        "/": (200, {}), "/gone": (410, {}), "/shut": (403, {}), "/fault": (500, {}), "/loop": hop("/loop"),
        "/moved": hop("/then", 301), "/then": hop("/", 308), "/half": hop("/now", 301), "/now": hop("/", 302),
        "/later": (429, {"Retry-After": "90000"}), "/rests": (503, {}), "/nowhere": (302, {}),
        "/inside": hop("http://inside.example/"), "/literal": hop("http://169.254.169.254/latest/"),
        "/file": hop("file:///etc/passwd"), "/port": hop("http://outside.example:8080/"), "/broken": hop("http://[/"),
        "/endless": endless, "/garbage": garbage, "/get": lambda handler: handler.send_error(
            501 if handler.command == "HEAD" else 206
        ),
    }  # fmt: skip
    with running(answers | loop) as one:
        yield one


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/", Outcome.WORKS, 200),
        ("/missing", Outcome.GONE, 404),
        ("/gone", Outcome.GONE, 410),
        ("/shut", Outcome.UNSURE, 403),
        ("/fault", Outcome.BROKEN, 500),
        ("/get", Outcome.WORKS, 206),
        ("/later", Outcome.BUSY, 429),
        ("/rests", Outcome.BUSY, 503),
        ("/loop", Outcome.BROKEN, 302),
        ("/chain0", Outcome.BROKEN, 302),
        ("/chain4", Outcome.GONE, 404),
        ("/nowhere", Outcome.BROKEN, 302),
        ("/inside", Outcome.LEFT, None),
        ("/literal", Outcome.LEFT, None),
        ("/file", Outcome.LEFT, None),
        ("/port", Outcome.LEFT, None),
        ("/broken", Outcome.LEFT, None),
        ("/endless", Outcome.WORKS, 200),
        ("/garbage", Outcome.SILENT, None),
    ],
)
def test_what_an_answer_means(site, path, outcome, status):
    names = {
        "inside.example": ["10.0.0.1"],
        "outside.example": ["93.184.215.14"],
        "169.254.169.254": ["169.254.169.254"],
    }
    answer = asker(names).ask(site.at(path))
    assert (answer.outcome, answer.status) == (outcome, status)


def test_only_permanent_redirects_say_where_a_page_has_moved(site):
    assert asker().ask(site.at("/moved")).moved_to == site.at("/")
    assert asker().ask(site.at("/half")).moved_to == site.at("/now")
    assert asker().ask(site.at("/now")).moved_to == ""


def test_a_site_is_told_who_asks_and_rests_between_requests(site, settings):
    settings.SITE_URL, settings.OPERATOR_CONTACT = "https://portal.example", "öffice@portal.example\r\nX: y"
    time, site.agents = Time(), set()
    asker(time=time).ask(site.at("/moved"))
    assert site.agents == {"CollaborativePortalLinks/1.0 (+https://portal.example/; ffice@portal.exampleX: y)"}
    assert time.slept == [2, 2, 2]  # after the robots file, and after each of two redirects


@pytest.mark.parametrize("peer", PRIVATE)
def test_a_name_that_leads_behind_our_wall_is_not_asked(settings, peer):
    settings.LINK_LOOPBACK = False
    for found in ([peer], ["93.184.215.14", peer]):
        assert asker({"inside.example": found}).ask("http://inside.example/").outcome == Outcome.LEFT


def test_loopback_is_refused_where_the_settings_do_not_say_otherwise(site, settings):
    settings.LINK_LOOPBACK = False
    before = len(site.asked)
    assert asker().ask(site.at("/")).outcome == Outcome.LEFT
    assert len(site.asked) == before


def test_the_machine_that_was_judged_is_the_one_that_is_asked(site, monkeypatch):
    """A name that leads elsewhere once it was looked up (DNS rebinding) is looked up by nobody else."""
    connected, create = [], socket.create_connection

    def note(address, *args, **kwargs):
        connected.append(address)
        return create(address, *args, **kwargs)

    monkeypatch.setattr(fetching.socket, "create_connection", note)
    one = asker({"site.example": [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]})
    assert one.ask(site.at("/")).outcome == Outcome.WORKS
    assert one.looked_up == ["site.example"] * 2
    assert connected == [("127.0.0.1", site.port)] * 2
    assert one.ask(site.at("/")).outcome == Outcome.LEFT
    assert len(connected) == 2


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Outcome.SILENT),
        (socket.gaierror(socket.EAI_AGAIN, "later"), Outcome.UNSURE),
        (UnicodeError("label too long"), Outcome.SILENT),
    ],
)
def test_a_name_that_leads_nowhere_is_silence_but_not_when_we_cannot_tell(fault, outcome):
    assert asker({"gone.example": fault}).ask("https://gone.example/").outcome == outcome


def test_a_machine_that_refuses_is_silent():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert asker().ask(f"http://site.example:{port}/").outcome == Outcome.SILENT


def test_a_head_that_comes_in_drops_is_given_up(monkeypatch):
    monkeypatch.setattr(fetching, "TOTAL", 0.4)
    with running({"/": dripping, "/robots.txt": (404, {})}) as slow:
        begun = time.monotonic()
        answer = asker().ask(slow.at("/"))
    assert (answer.outcome, answer.fault) == (Outcome.SILENT, "it did not answer in time")
    assert time.monotonic() - begun < 5


def test_no_more_of_an_answer_is_read_than_is_wanted(site, settings):
    reply = Caller(resolve=lambda host, port: ["127.0.0.1"]).ask("GET", site.at("/endless"))
    assert len(reply.body) == 64 * 1024


def test_a_certificate_that_is_not_valid_leaves_doubt(site):
    assert asker().ask(f"https://site.example:{site.port}/").outcome == Outcome.SILENT  # it speaks no TLS at all


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/", "//a.example/", "http://", "http://u:p@a.example/", "http://a.example:22/", "x", "",
        "http://a.example:99999/", "http://a.example/\n", "http://a.example/" + "x" * 3000, "http://[::1",
        "javascript:1",
    ],
)  # fmt: skip
def test_what_is_no_address_for_us_is_left(url):
    assert asker({"a.example": ["93.184.215.14"]}).ask(url).outcome == Outcome.LEFT


@pytest.mark.parametrize("url", ["http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://[::ffff:7f00:1]/"])
def test_an_address_in_numbers_is_looked_at_as_the_machine_that_it_is(settings, url):
    settings.LINK_LOOPBACK = False
    with pytest.raises(OutOfBounds):
        Caller().ask("HEAD", url)


def test_a_name_in_other_letters_is_written_as_machines_write_it():
    target = target_of("https://Exämple.example/ä b?q=ü#part")
    assert (target.host, target.path) == ("xn--exmple-cua.example", "/%C3%A4%20b?q=%C3%BC")


class TestRobots:
    def test_a_site_that_wants_no_machines_is_left_alone(self):
        wishes = b"User-agent: *\nDisallow: /private\nCrawl-delay: 600\n"
        time = Time()
        with running({"/robots.txt": (200, {}, wishes), "/": (200, {})}) as site:
            one = asker(time=time)
            answers = [one.ask(site.at(path)).outcome for path in ("/private/x", "/")]
        assert answers == [Outcome.LEFT, Outcome.WORKS]
        assert site.asked == [("GET", "/robots.txt"), ("HEAD", "/")]
        assert time.slept == [robots.LONGEST_DELAY]

    def test_wishes_that_cannot_be_read_keep_us_away_for_now(self):
        with running({"/robots.txt": (500, {}), "/": (200, {})}) as site:
            assert asker().ask(site.at("/")).outcome == Outcome.BUSY
        assert site.asked == [("GET", "/robots.txt")]

    def test_wishes_that_lead_behind_our_wall_are_not_fetched(self):
        with running({"/robots.txt": hop("http://10.0.0.1/robots.txt"), "/": (200, {})}) as site:
            assert asker({"10.0.0.1": ["10.0.0.1"]}).ask(site.at("/")).outcome == Outcome.LEFT

    @pytest.mark.parametrize(
        ("text", "path", "allowed"),
        [
            ("User-agent: *\nDisallow:", "/a", True),
            ("User-agent: *\nDisallow: /\nAllow: /open", "/open/x", True),
            ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
            ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
            ("User-agent: *\nDisallow: /a*c*e", "/abcde", False),
            ("User-agent: other\nDisallow: /", "/a", True),
            ("User-agent: other\nUser-agent: collaborativeportallinks\nDisallow: /", "/a", False),
            ("User-agent: collaborativeportallinks\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
            ("Disallow: /\n\x00nonsense\nUser-agent", "/a", True),
        ],
    )
    def test_what_a_file_asks(self, text, path, allowed):
        assert robots.read(text, "CollaborativePortalLinks").allows(path) is allowed

    def test_hostile_wishes_are_read_in_no_time(self):
        begun = time.monotonic()
        rules = robots.read("User-agent: *\n" + ("Disallow: " + "*a" * 900 + "$\n") * 280, "x")
        rules.allows("/" + "a" * 1900)
        assert time.monotonic() - begun < 3


def test_a_doi_that_its_registry_knows_works_and_its_publisher_is_not_asked():
    with running({"/10.1000/182": hop("http://publisher.example/")}) as registry:
        one = asker()
        assert one.ask(registry.at("/10.1000/182", "doi.org")).outcome == Outcome.WORKS
        assert one.ask(registry.at("/10.1000/none", "doi.org")).outcome == Outcome.GONE
    assert set(one.looked_up) == {"doi.org"}


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("9" * 40, timedelta(days=7)),
        ("Sun, 22 Nov 2026 12:00:00 GMT", timedelta(hours=2)),
        ("Sun, 22 Nov 2020 12:00:00 GMT", timedelta()),
        ("soon", timedelta()),
        ("-5", timedelta()),
        ("٣", timedelta()),
        ("", timedelta()),
    ],
)
def test_how_long_a_site_wants_to_rest(said, wait):
    assert wait_of(Reply(429, {"retry-after": said}), datetime(2026, 11, 22, 10, tzinfo=UTC)) == wait
