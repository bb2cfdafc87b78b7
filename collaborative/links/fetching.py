"""One question to one machine elsewhere, politely, and never to one behind our wall.

A name is looked up once: the machine that was judged is the one that is connected to, so that a name which leads
elsewhere a moment later leads nowhere. A request takes ``TOTAL`` seconds at most, however slowly the answer drips.
"""

import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from ipaddress import ip_address

from django.conf import settings
from django.utils.translation import gettext_noop as _
from requests.certs import where as certificates
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import parse_url

from collaborative.core.outward import may_reach

CONNECT, READ, TOTAL = 5, 10, 20
"""Seconds for a connection, for each piece of an answer, and for a request as a whole."""
PAUSE = 2
"""Seconds between two requests to one site."""
PORTS = {"http": 80, "https": 443}
LONGEST = 2000
"""Characters of an address that is asked for."""
MOST_PEERS = 3
"""Machines behind one name that are tried."""
MOST = 64 * 1024
"""Bytes of an answer that are read."""


class Unreached(Exception):
    """No answer came. ``certain`` when that is the site's own fault, as far as one can tell."""

    def __init__(self, fault, *, certain=True):
        super().__init__(fault)
        self.fault, self.certain = fault, certain


class OutOfBounds(Exception):
    """The address is none that may be asked for: another scheme or port, or a machine behind our wall."""


@dataclass(frozen=True)
class Target:
    """An address in its parts, written so that it can be sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self):
        """The site as its robots file understands it."""
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@dataclass(frozen=True)
class Reply:
    """What a machine answered."""

    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""


def target_of(url):
    """Return an address in its parts; raises ``OutOfBounds`` when it is none for us."""
    if len(url) > LONGEST or any(ord(character) < 32 for character in url):
        raise OutOfBounds(_("this is no address that can be asked for"))
    try:
        parts = parse_url(url)
        port = parts.port or PORTS[parts.scheme or ""]
    except (LocationParseError, KeyError, ValueError) as fault:
        raise OutOfBounds(_("this is no address of the web")) from fault
    if not parts.host or parts.auth:
        raise OutOfBounds(_("it names no site, or a password"))
    return Target(parts.scheme, parts.host.strip("[]").rstrip("."), port, parts.request_uri)


def addresses_of(host, port):
    """Look a name up; return the addresses behind it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(row[4][0] for row in found))


class _Pinned:
    """A connection to the machine that was judged, whatever its name leads to by now."""

    peer = None
    handle = None
    ended = False

    def _new_conn(self):
        connected = socket.create_connection((self.peer, self.port), timeout=CONNECT)
        self.handle = connected.dup()
        return connected


class _Plain(_Pinned, HTTPConnection):
    pass


class _Secure(_Pinned, HTTPSConnection):
    pass


class Caller:
    """Asks, one request after the other, with a pause for each site; ``resolve(host, port)`` looks names up."""

    def __init__(self, *, resolve=addresses_of, clock=time.monotonic, sleep=time.sleep):
        self.resolve, self.clock, self.sleep = resolve, clock, sleep
        self.pauses, self._asked = {}, {}
        self.until = None

    def ask(self, method, url, most=MOST):
        """Return the ``Reply`` to one request, redirects not followed.

        Raises ``Unreached`` and ``OutOfBounds``.
        """
        target = target_of(url)
        peers = self._peers(target)
        self._wait(target.host)
        left = TOTAL if self.until is None else min(TOTAL, self.until - self.clock())
        if left <= 0:
            raise Unreached(_("it took too long"), certain=False)
        try:
            return self._first(peers, method, target, most, time.monotonic() + left)
        finally:
            self._asked[target.host] = self.clock()

    def _peers(self, target):
        """Return the machines behind the name, all of which may be asked."""
        try:
            peers = [str(each) for each in self.resolve(target.host, target.port)][:MOST_PEERS]
        except socket.gaierror as fault:
            raise Unreached(_("no machine has this name"), certain=fault.errno != socket.EAI_AGAIN) from fault
        except (OSError, UnicodeError) as fault:
            raise Unreached(_("its name could not be looked up")) from fault
        if not peers:
            raise Unreached(_("no machine has this name"))
        here = [ip_address(peer) for peer in peers]
        if not all(may_reach(peer, loopback=settings.LINK_LOOPBACK) for peer in here):
            raise OutOfBounds(_("it leads into a private network"))
        if target.port not in PORTS.values() and not all(peer.is_loopback for peer in here):
            raise OutOfBounds(_("it names another port than those of the web"))
        return peers

    def _wait(self, host):
        """Let a site rest between two requests."""
        rested = self.clock() - self._asked.get(host, float("-inf"))
        if rested < self.pauses.get(host, PAUSE):
            self.sleep(self.pauses.get(host, PAUSE) - rested)

    def _first(self, peers, method, target, most, until):
        """Return the reply of the first machine that can be connected to."""
        for peer in peers[:-1]:
            with suppress(Unreached):
                return _request(peer, method, target, most, until)
        return _request(peers[-1], method, target, most, until)


def _request(peer, method, target, most, until):
    conn = _connection(peer, target)
    watch = threading.Timer(max(0.0, until - time.monotonic()), _cut, [conn])
    watch.daemon = True
    watch.start()
    try:
        conn.connect()
        conn.sock.settimeout(READ)
        conn.request(method, target.path, headers=_headers(method), preload_content=False, decode_content=False)
        reply = _reply(conn.getresponse(), most)
        if conn.ended:
            raise TimeoutError  # a head that is cut off reads as one that is whole
        return reply
    except ssl.SSLCertVerificationError as fault:
        raise Unreached(_("its certificate is not valid"), certain=False) from fault
    except (OSError, HTTPError, HTTPException, ValueError) as fault:
        raise Unreached(_words(fault, until)) from fault
    finally:
        watch.cancel()
        conn.close()
        if conn.handle is not None:
            conn.handle.close()


def _connection(peer, target):
    if target.scheme == "https":
        conn = _Secure(target.host, target.port, timeout=CONNECT, ca_certs=certificates())
    else:
        conn = _Plain(target.host, target.port, timeout=CONNECT)
    conn.peer = peer
    return conn


def _cut(conn):
    """End a connection from outside, whatever it waits for."""
    conn.ended = True
    if conn.handle is not None:
        with suppress(OSError):
            conn.handle.shutdown(socket.SHUT_RDWR)


def _headers(method):
    asked = {"User-Agent": agent(), "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    return asked | ({"Range": f"bytes=0-{MOST - 1}"} if method == "GET" else {})


def agent():
    """Return how the portal names itself to other sites, with whom to write to."""
    words = f"{AGENT}/1.0 (+{settings.SITE_URL}/; {settings.OPERATOR_CONTACT})"
    return "".join(each for each in words if 32 <= ord(each) < 127)


AGENT = "CollaborativePortalLinks"
"""The name by which a site's robots file can mean us."""


def _reply(response, most):
    body = bytearray()
    with response:
        while len(body) < most and (piece := response.read(most - len(body), decode_content=False)):
            body += piece
    return Reply(response.status, {name.lower(): value for name, value in response.headers.items()}, bytes(body))


def _words(fault, until):
    if time.monotonic() >= until or isinstance(fault, TimeoutError) or "timed out" in str(fault):
        return _("it did not answer in time")
    return _("the connection failed") if isinstance(fault, OSError) else _("what came back was no answer")
