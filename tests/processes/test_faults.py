"""What breaks in real life, broken on purpose: the worker is killed, the broker goes away, the mail server too.

Each time the page answers, nobody is left untold, and nobody is told twice but for what was in the worker's hands.
"""

import time
from collections import Counter

import pytest

from tests.processes.harness import Visitor, wait_for

HANDS = 4
"""The worker's concurrency in docker-compose.yml: what it can hold at once."""
ADMINISTRATORS = 30
AT_ONCE = 5
"""Seconds within which a page must have answered although the broker is away."""
MAKE_ADMINISTRATORS = f"""
from tests import factories
from collaborative.accounts.services import appoint
people = [factories.person(password=None) for _ in range({ADMINISTRATORS})]
for each in people:
    appoint(each, by=None)
print(json.dumps([each.email for each in people]))
"""
STATES = """
from collections import Counter
from collaborative.notifications.models import Letter
mail = Letter.objects.filter(channel="mail")
print(json.dumps(Counter(mail.values_list("state", flat=True))))
"""


@pytest.fixture
def portal(make_portal, mail_server):
    """A portal with administrators, who get a letter each time a reader reports a problem."""
    portal = make_portal(DJANGO_SETTINGS_MODULE="tests.processes.quick_settings", EMAIL_URL=mail_server)
    portal.administrators = portal.python(MAKE_ADMINISTRATORS)
    return portal


def report(portal, text):
    """Report a problem as a visitor does; return the status of the answer and the seconds it took."""
    visitor = Visitor(portal)
    visitor.get("/report-a-problem/")
    started = time.monotonic()
    status = visitor.post("/report-a-problem/", message=text, page="/evidence/", email="", website="")
    return status, time.monotonic() - started


def received(sink):
    """Count the copies of each letter, by its recipient and its Message-ID."""
    return Counter((message["To"], message["Message-ID"]) for message in list(sink.messages))


def settled(portal, letters):
    """Say whether the ledger knows of so many letters, all sent."""
    return portal.python(STATES) == {"sent": letters}


def test_a_worker_killed_while_it_sends_loses_nothing_and_repeats_at_most_what_it_held(portal, mail_sink):
    mail_sink.seconds = 0.2
    portal.start("web", "worker", "beat")
    portal.wait_until_up()
    reports = 4
    assert [report(portal, f"Report {n}")[0] for n in range(reports)] == [302] * reports
    letters = reports * ADMINISTRATORS
    wait_for(lambda: len(mail_sink.messages) >= letters // 4, "a quarter of the letters has arrived")
    portal.kill("worker")
    before = portal.python(STATES)
    assert 0 < before["sending"] <= HANDS
    assert before["queued"] > 0
    portal.start("worker")
    wait_for(lambda: settled(portal, letters), "every letter is sent", seconds=120)
    copies = received(mail_sink)
    assert len(copies) == letters
    assert sum(copies.values()) - letters <= HANDS
    assert max(copies.values()) <= 2


def test_while_the_broker_is_away_pages_answer_at_once_and_the_mail_goes_when_it_is_back(portal, mail_sink, redis):
    portal.start("web", "worker", "beat")
    portal.wait_until_up()
    wait_for(lambda: portal.ready()["beat"] == "ok", "beat and worker are heard", seconds=60)
    redis.stop()
    status, seconds = report(portal, "The broker is away")
    assert (status, seconds < AT_ONCE) == (302, True)
    assert [portal.get(path)[0] for path in ("/", "/evidence/", "/accounts/login/")] == [200, 200, 200]
    wait_for(lambda: portal.ready()["broker"] == "not answering", "the broker is told as degraded")
    assert portal.python(STATES) == {"queued": ADMINISTRATORS}
    redis.start()
    wait_for(lambda: settled(portal, ADMINISTRATORS), "every letter is sent", seconds=120)
    assert sorted(to for to, _id in received(mail_sink)) == sorted(portal.administrators)
    assert mail_sink.repeats() == []


def test_signing_in_works_while_the_broker_and_its_cache_are_away(portal, redis):
    portal.start("web")
    portal.wait_until_up()
    redis.stop()
    visitor = Visitor(portal)
    visitor.get("/accounts/login/")
    started = time.monotonic()
    assert visitor.post("/accounts/login/", login=portal.administrators[0], password="not the password") == 200
    assert time.monotonic() - started < AT_ONCE


def test_letters_wait_while_the_mail_server_is_away_and_go_when_it_is_back(portal, mail_sink):
    port = mail_sink.port
    portal.start("web", "worker", "beat")
    portal.wait_until_up()
    mail_sink.stop()
    assert report(portal, "The mail server is away")[0] == 302
    wait_for(lambda: portal.ready()["mail"] == "not answering", "mail is told as degraded")
    assert portal.python(STATES) == {"queued": ADMINISTRATORS}
    mail_sink.start(port)
    wait_for(lambda: settled(portal, ADMINISTRATORS), "every letter is sent", seconds=120)
    assert mail_sink.repeats() == []


def test_a_worker_that_is_asked_to_stop_finishes_the_letters_in_its_hands(portal, mail_sink):
    mail_sink.seconds = 0.2
    portal.start("web", "worker")
    portal.wait_until_up()
    assert report(portal, "About to stop")[0] == 302
    wait_for(lambda: mail_sink.messages, "the first letter has arrived")
    assert portal.stop("worker") == 0
    assert "sending" not in portal.python(STATES)
    assert mail_sink.repeats() == []
