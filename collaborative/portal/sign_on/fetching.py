"""Asking other people's servers: briefly, without following them elsewhere, and never a machine behind our wall."""

import time
from ipaddress import ip_address

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

from collaborative.core import outward
from collaborative.core.outward import safe_address

PATIENCE = 5
"""Seconds for each answer, from the first to the last byte."""
LARGEST = 1_000_000
"""Bytes that an answer may have."""


class Unanswered(requests.RequestException):
    """Another server did not answer as it should."""


def may_reach(peer):
    """Say whether a machine at an address may be asked.

    What is looked up by name is checked where the connection ends, so that no name can lead behind our wall.
    """
    return outward.may_reach(peer, loopback=settings.SIGN_ON_LOOPBACK, private=settings.SIGN_ON_PRIVATE_NETWORKS)


class _Checked:
    def _new_conn(self):
        connected = super()._new_conn()
        if not may_reach(ip_address(connected.getpeername()[0])):
            connected.close()
            raise NewConnectionError(self, "this machine may not be asked")
        return connected


class _Plain(_Checked, HTTPConnection):
    pass


class _Secure(_Checked, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class CarefulAdapter(HTTPAdapter):
    """Opens connections whose other end is looked at before a byte is sent."""

    def init_poolmanager(self, *args, **kwargs):
        """Use the pools that look."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class CarefulSession(requests.Session):
    """What allauth asks identity providers with; raises ``requests.RequestException`` for all that goes wrong."""

    def __init__(self):
        super().__init__()
        self.mount("https://", CarefulAdapter())
        self.mount("http://", CarefulAdapter())

    def request(self, method, url, **kwargs):
        """Ask, and read the whole answer within ``PATIENCE`` and ``LARGEST``; a redirect is no answer."""
        if not safe_address(url):
            raise Unanswered("not an address that may be asked")
        until = time.monotonic() + PATIENCE
        fixed = {"timeout": PATIENCE, "allow_redirects": False, "stream": True}
        answer = super().request(method, url, **kwargs | fixed)
        with answer:
            if answer.is_redirect:
                raise Unanswered("sent elsewhere")
            answer._content = _read(answer, until)
        return answer


def _read(answer, until):
    read = bytearray()
    for piece in answer.iter_content(16_384):
        read += piece
        if len(read) > LARGEST or time.monotonic() > until:
            raise Unanswered("too long")
    return bytes(read)
