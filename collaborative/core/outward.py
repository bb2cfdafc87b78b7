"""Addresses outside that somebody gave us and that we or a browser are to open, and the machines behind them."""

from ipaddress import IPv4Address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

LOOPBACK = frozenset(["localhost", "127.0.0.1", "::1"])

TRANSLATED = ip_network("64:ff9b::/96")
"""Addresses behind which a network's gateway finds the IPv4 address in the last four bytes."""

UNICAST = ip_network("2000::/3")
"""All that the open net has of IPv6."""

NEVER = tuple(ip_network(each) for each in ("64:ff9b:1::/48", "192.0.0.0/24", "168.63.129.16/32", "fd00:ec2::254/128"))
"""A gateway's own range, and where clouds tell machines their secrets outside the ranges that are refused anyway."""


def safe_address(url):
    """Say whether an address of another service may be used: HTTPS, with a host, without a password or a fragment.

    On this very machine plain HTTP will do where ``SIGN_ON_LOOPBACK`` allows it.
    """
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = not any(character.isspace() or ord(character) < 32 for character in url)
    whole = bool(parts.hostname) and not parts.username and not parts.fragment and port != 0
    local = settings.SIGN_ON_LOOPBACK and parts.scheme == "http" and parts.hostname in LOOPBACK
    return plain and whole and (parts.scheme == "https" or local)


def may_reach(peer, *, loopback=False, private=False):
    """Say whether a machine at an address (of ``ipaddress``) may be asked: it stands in the open net.

    ``loopback`` also allows this very machine, ``private`` the networks behind our wall; never where a machine
    is told its secrets.
    """
    peer = carried_by(peer)
    if any(peer in network for network in NEVER):
        return False
    if peer.is_loopback:
        return loopback
    if peer.is_link_local or peer.is_multicast or peer.is_unspecified or peer.is_reserved:
        return False
    if getattr(peer, "is_site_local", False):
        return False
    if peer.is_global and (peer.version == 4 or peer in UNICAST):
        return True
    return private and peer.is_private


def carried_by(peer):
    """Return the IPv4 address to which an IPv6 address leads in the end, or the address itself."""
    if peer.version == 4:
        return peer
    if peer in TRANSLATED:
        return IPv4Address(peer.packed[-4:])
    return peer.ipv4_mapped or peer.sixtofour or peer
