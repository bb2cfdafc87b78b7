"""How often one address may ask: so many times a minute, counted where all processes see it."""

import ipaddress
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import PermissionDenied

WINDOW = 60
"""Seconds for which requests are counted together."""
NETWORK = 64
"""Bits of an IPv6 address that are one household's, or one office's."""


@dataclass(frozen=True)
class Count:
    """Where one address stands: how many requests it may make, how many are left, and in how many seconds anew."""

    limit: int
    left: int
    seconds: int

    @property
    def over(self):
        """True when there were too many."""
        return self.left < 0

    @property
    def headers(self):
        """What an answer says of it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.left)),
            "RateLimit-Reset": str(self.seconds),
        }


def counted(request):
    """Count a request; return its ``Count``, or None when nothing is limited.

    Requests pass while nobody can count: a cache that is away must not take the interface with it.
    """
    limit = settings.API_REQUESTS_A_MINUTE
    if not limit:
        return None
    now = int(time.time())
    number = _number(f"api:{_source(request)}:{now // WINDOW}")
    return Count(limit, limit - number, WINDOW - now % WINDOW)


def _number(key):
    """Return how many requests there were with this one."""
    cache = caches["counters"]
    if cache.add(key, 1, WINDOW * 2):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it was dropped in between
        return 1


def _source(request):
    """Return whom a request is counted for: an IPv4 address, or an IPv6 network."""
    try:
        address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, NETWORK), strict=False).network_address)
    return str(address)
