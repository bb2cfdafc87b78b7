"""Addresses outside that somebody gave us and that we or a browser are to open."""

from urllib.parse import urlsplit

from django.conf import settings

LOOPBACK = frozenset(["localhost", "127.0.0.1", "::1"])


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
