"""Signing certificates as administrators paste them."""

import re

from cryptography import x509
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PEM = re.compile(r"-----BEGIN CERTIFICATE-----\s+[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----")
BARE = re.compile(r"[A-Za-z0-9+/=\s]+")


def certificates_in(text):
    """Return the certificates in a text, each in PEM form; what metadata holds bare is put between the usual lines."""
    found = PEM.findall(text)
    if not found and text.strip() and BARE.fullmatch(text.strip()):
        body = "".join(text.split())
        lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
        found = [f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----"]
    return found


def ends_of(text):
    """Return the moments until which the certificates of a text hold, in their order; raises ``ValueError``."""
    return [x509.load_pem_x509_certificate(each.encode()).not_valid_after_utc for each in certificates_in(text)]


def checked(text):
    """Return the certificates of a text as they are stored; raises ``ValidationError`` with what is wrong."""
    found = certificates_in(text)
    for number, each in enumerate(found, 1):
        try:
            x509.load_pem_x509_certificate(each.encode())
        except ValueError:
            raise ValidationError(
                _("Certificate %(number)s cannot be read. Copy it again.") % {"number": number}
            ) from None
    if text.strip() and not found:
        raise ValidationError(_("There is no certificate here. It begins with “-----BEGIN CERTIFICATE-----”."))
    return "\n".join(found)
