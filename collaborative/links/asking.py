"""What becomes of an address when it is asked for: redirects followed, robots files heeded, each step looked at."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from urllib.parse import urljoin

from django.utils.translation import gettext_noop as _

from collaborative.links import robots
from collaborative.links.fetching import AGENT, Caller, OutOfBounds, Unreached, target_of

MOST_REDIRECTS = 5
PATIENCE = 60
"""Seconds for one address, with its redirects, its robots file and the pauses between."""
PERMANENT = frozenset([301, 308])
REDIRECTS = PERMANENT | {302, 303, 307}
BUSY = frozenset([HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE])
GONE = frozenset([HTTPStatus.NOT_FOUND, HTTPStatus.GONE])
DOI = frozenset(["doi.org", "dx.doi.org", "www.doi.org"])
LONGEST_WAIT = timedelta(days=7)
"""How long a site may ask us to stay away."""


class Outcome(Enum):
    """What came of asking."""

    WORKS = "works"
    GONE = "gone"
    BROKEN = "broken"
    SILENT = "silent"
    UNSURE = "unsure"
    BUSY = "busy"
    LEFT = "left"


@dataclass(frozen=True)
class Answer:
    """What came of asking for one address; ``wait`` is how long its site wants to rest."""

    outcome: Outcome
    status: int | None = None
    moved_to: str = ""
    fault: str = ""
    wait: timedelta = timedelta()


class Busy(Exception):
    """A site asks us to come later."""

    def __init__(self, reply):
        super().__init__(reply.status)
        self.reply = reply


class Asker:
    """Asks for addresses during one run; what a site's robots file says is read once."""

    def __init__(self, caller=None):
        self.caller = caller or Caller()
        self._rules = {}

    def ask(self, url):
        """Return the ``Answer`` to an address; raises nothing that another machine can bring about."""
        self.caller.until = self.caller.clock() + PATIENCE
        try:
            return self._walk(url)
        except Unreached as none:
            return Answer(Outcome.SILENT if none.certain else Outcome.UNSURE, fault=none.fault)
        except OutOfBounds as bounds:
            return Answer(Outcome.LEFT, fault=str(bounds))
        except Busy as busy:
            return Answer(
                Outcome.BUSY, busy.reply.status, fault=_("it asked us to come later"), wait=wait_of(busy.reply)
            )
        finally:
            self.caller.until = None

    def _walk(self, url):
        """Follow an address to its end; ``moved`` is where permanent redirects alone have led so far."""
        moved, here = "", url
        for _step in range(MOST_REDIRECTS + 1):
            if not self._allowed(here):
                return Answer(Outcome.LEFT, fault=_("its site asks machines to stay away"))
            reply = self._reply(here)
            onward = reply.headers.get("location", "")
            if reply.status not in REDIRECTS or not onward:
                return _answer(reply, moved)
            if target_of(here).host in DOI:
                return Answer(Outcome.WORKS, reply.status)
            permanent = reply.status in PERMANENT and moved == ("" if here == url else here)
            here = _joined(here, onward)
            moved = here if permanent else moved
        return Answer(Outcome.BROKEN, reply.status, fault=_("it leads on without end"))

    def _reply(self, url):
        """Ask for the head alone, and for the page where a site does not answer to that."""
        try:
            reply = self.caller.ask("HEAD", url)
        except Unreached as none:
            if not none.certain:
                raise
            reply = None
        if reply is None or (reply.status >= HTTPStatus.BAD_REQUEST and reply.status not in BUSY):
            reply = self.caller.ask("GET", url)
        if reply.status in BUSY:
            raise Busy(reply)
        return reply

    def _allowed(self, url):
        target = target_of(url)
        if target.origin not in self._rules:
            self._rules[target.origin] = self._read_rules(target)
        rules = self._rules[target.origin]
        if isinstance(rules, Exception):
            raise rules
        return rules.allows(target.path)

    def _read_rules(self, target):
        """Return what a site asks for, or what went wrong with asking; no such file means no wishes."""
        try:
            rules = self._fetch_rules(f"{target.origin}/robots.txt")
        except (Unreached, OutOfBounds, Busy) as fault:
            return fault
        self.caller.pauses[target.host] = max(self.caller.pauses.get(target.host, 2), rules.delay)
        return rules

    def _fetch_rules(self, here):
        for _step in range(MOST_REDIRECTS + 1):
            reply = self.caller.ask("GET", here, robots.MOST)
            onward = reply.headers.get("location", "")
            if reply.status not in REDIRECTS or not onward:
                break
            here = _joined(here, onward)
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR or reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Busy(reply)
        wishes = reply.body.decode(errors="replace") if reply.status in (200, 206) else ""
        return robots.read(wishes, AGENT)


def _joined(here, onward):
    try:
        return urljoin(here, onward.strip()).partition("#")[0]
    except ValueError as fault:
        raise OutOfBounds(_("it leads on to no address")) from fault


def _answer(reply, moved):
    status = reply.status
    if status in GONE:
        return Answer(Outcome.GONE, status, fault=_("there is nothing at this address"))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in REDIRECTS or status < HTTPStatus.OK:
        return Answer(Outcome.BROKEN, status, fault=_("its site has a fault"))
    if status >= HTTPStatus.BAD_REQUEST and status != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return Answer(Outcome.UNSURE, status, fault=_("its site does not let machines in"))
    return Answer(Outcome.WORKS, status, moved)


def wait_of(reply, now=None):
    """Return how long a site wants to rest by its ``Retry-After``, in seconds or as a date; at most a week."""
    said = reply.headers.get("retry-after", "").strip()
    if said.isdecimal() and said.isascii():
        return min(LONGEST_WAIT, timedelta(seconds=int(said[:9])))
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(timedelta(), min(LONGEST_WAIT, until - (now or datetime.now(UTC))))
