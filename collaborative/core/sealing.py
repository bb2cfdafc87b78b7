"""Secrets that a copied database does not give away: sealed with a key made from ``SECRET_KEY``."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Lost(Exception):
    """A secret was sealed with a key that is no longer known."""


def seal(text, purpose):
    """Return a secret as it is stored; what is sealed for one ``purpose`` opens for no other."""
    return _locks(purpose).encrypt(text.encode()).decode()


def unseal(sealed, purpose):
    """Return a stored secret; raises ``Lost`` when its key is neither the present one nor a known former one."""
    try:
        return _locks(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Lost from None


def _locks(purpose):
    """Return locks for the present signing key and the former ones, in that order."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(secret, purpose)) for secret in keys])


def _key(secret, purpose):
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
