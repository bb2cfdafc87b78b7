"""Asking other people's servers: what is asked, how long, and which machines never."""

import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest
import requests

from collaborative.core.outward import safe_address
from collaborative.portal.sign_on import fetching
from collaborative.portal.sign_on.fetching import CarefulSession, Unanswered, may_reach


class Answers(BaseHTTPRequestHandler):
    """A server that answers as its path says."""

    def do_GET(self):  # noqa: N802 - the library calls it so
        """Answer."""
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):  # the other side may have heard enough
            self._body()

    def _body(self):
        if self.path == "/endless":
            for _piece in range(200):
                self.wfile.write(b"x" * 10_000)
        elif self.path == "/slow":
            for _piece in range(40):
                self.wfile.write(b"x" * 20_000)
                self.wfile.flush()
                time.sleep(0.1)
        else:
            self.wfile.write(b"{}")

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def server():
    """Run the server."""
    running = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


def asked(url):
    """Ask; return what is answered."""
    with CarefulSession() as session:
        return session.get(url)


def test_a_plain_answer_is_read(server):
    assert asked(f"{server}/").json() == {}


@pytest.mark.parametrize("path", ["/elsewhere", "/endless"])
def test_an_answer_that_leads_away_or_never_ends_is_none(server, path):
    with pytest.raises(Unanswered):
        asked(server + path)


def test_an_answer_that_comes_in_drops_is_given_up(server, monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE", 1)
    begun = time.monotonic()
    with pytest.raises(Unanswered):
        asked(f"{server}/slow")
    assert time.monotonic() - begun < 3


def test_this_very_machine_is_asked_only_where_the_settings_say_so(server, settings):
    settings.SIGN_ON_LOOPBACK = False
    with pytest.raises(requests.RequestException):
        asked(f"{server}/")


def test_a_name_that_leads_behind_our_wall_is_looked_at_where_the_connection_ends(server, settings):
    port = server.rpartition(":")[2]
    settings.SIGN_ON_LOOPBACK = False
    with pytest.raises(requests.ConnectionError, match="this machine may not be asked"):
        asked(f"https://localhost:{port}/")


@pytest.mark.parametrize(
    ("address", "usual", "private"),
    [
        ("93.184.215.14", True, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True, True),
        ("10.1.2.3", False, True),
        ("192.168.0.1", False, True),
        ("fd00::1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("127.0.0.1", False, False),
        ("::ffff:127.0.0.1", False, False),
        ("::1", False, False),
        ("169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
        ("240.0.0.1", False, False),
        ("64:ff9b::5db8:d70e", True, True),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("64:ff9b::7f00:1", False, False),
        ("64:ff9b::a01:203", False, True),
        ("2002:7f00:1::", False, False),
        ("2002:a9fe:a9fe::1", False, False),
        ("::7f00:1", False, False),
        ("fec0::1", False, False),
        ("fd00:ec2::254", False, False),
    ],
)
def test_which_machines_may_be_asked(settings, address, usual, private):
    settings.SIGN_ON_LOOPBACK = False
    settings.SIGN_ON_PRIVATE_NETWORKS = False
    assert may_reach(ip_address(address)) == usual
    settings.SIGN_ON_PRIVATE_NETWORKS = True
    assert may_reach(ip_address(address)) == private


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://identity.example/x?y=z", True),
        ("https://identity.example:8443", True),
        ("http://identity.example", False),
        ("http://127.0.0.1:8000", False),
        ("https://user@identity.example", False),
        ("https://identity.example/#x", False),
        ("https://", False),
        ("https://identity.example:0", False),
        ("https://identity.example:99999", False),
        ("https://identity.example/a b", False),
        ("https://identity.example/\n", False),
        ("//identity.example", False),
        ("javascript:alert(1)", False),
        ("", False),
        (None, False),
        (["https://identity.example"], False),
    ],
)
def test_which_addresses_may_be_used(settings, url, safe):
    settings.SIGN_ON_LOOPBACK = False
    assert safe_address(url) is safe
