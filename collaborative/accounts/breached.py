"""Is this password in a list of leaked ones? Answered from a file of our own, without the network.

The file is a Bloom filter: it never misses a password of the list, and takes about one other in
ten thousand for one of them. ``docs/decisions/0003-breached-passwords.md`` says where the list is from.
"""

import mmap
from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FILTER = Path(__file__).with_name("breached.bloom")
MAGIC = b"bloom1"
HASHES = 13
BITS_PER_PASSWORD = 19.2
HEADER = len(MAGIC)


def spots(password, bits):
    """Return the places of one password in a filter of so many bits."""
    digest = blake2b(password.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    first, step = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") | 1
    return [(first + n * step) % bits for n in range(HASHES)]


def build(passwords):
    """Return the bytes of a filter that knows these passwords."""
    known = set(passwords)
    field = bytearray(int(len(known) * BITS_PER_PASSWORD / 8) + 1)
    for password in known:
        for spot in spots(password, len(field) * 8):
            field[spot >> 3] |= 1 << (spot & 7)
    return MAGIC + bytes(field)


@cache
def _field():
    with FILTER.open("rb") as file:
        field = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if field[:HEADER] != MAGIC:
        raise ValueError(f"{FILTER.name} is not a filter of this version")
    return field


def is_breached(password):
    """Say whether the password, as it is or in lower case, is in the list."""
    return _knows(password) or _knows(password.lower())


def _knows(password):
    field = _field()
    places = spots(password, (len(field) - HEADER) * 8)
    return all(field[HEADER + (spot >> 3)] >> (spot & 7) & 1 for spot in places)


class BreachedPasswordValidator:
    """Refuses passwords that are known from leaks; for ``AUTH_PASSWORD_VALIDATORS``."""

    def validate(self, password, user=None):
        """Raise ``ValidationError`` for a password that others have already found."""
        if is_breached(password):
            raise ValidationError(
                _("This password is in a list of leaked passwords, so it is easy to guess. Choose another."),
                code="password_breached",
            )

    def get_help_text(self):
        """Return the rule in a sentence."""
        return _("It is not in a list of leaked passwords.")
