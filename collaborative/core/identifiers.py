"""Identifiers that others give out, checked as typed: ORCID for people, ROR for organisations, DOI for texts."""

import re
import string
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _

CROCKFORD = string.digits + "abcdefghjkmnpqrstvwxyz"
"""Digits and letters without i, l, o and u, which are mistaken for others."""

ORCID_SHAPE = re.compile(r"[0-9]{15}[0-9X]")
ROR_SHAPE = re.compile(rf"0[{CROCKFORD}]{{6}}[0-9]{{2}}")
DOI_SHAPE = re.compile(r"10\.[0-9]{4,9}(\.[0-9]+)*/[^\s\\{}^\"`|\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
DOI_ADDRESS = re.compile(r"(https?://)?(www\.|dx\.)?doi\.org/", re.IGNORECASE)
LONGEST_DOI = 120
DASHES = re.compile(r"[\s\u2010-\u2015\u2212-]")
"""What separates the groups of an ORCID, as people and word processors write it."""


def orcid(text):
    """Return an ORCID, typed bare or as its address, in its usual form: ``0000-0002-1825-0097``.

    Sixteen digits of which the last is a check character by ISO/IEC 7064, MOD 11-2, where X stands for ten
    (https://support.orcid.org/hc/en-us/articles/360006897674-Structure-of-the-ORCID-Identifier).
    Raises ``ValueError`` with a sentence for the person who typed it.
    """
    signs = DASHES.sub("", _bare(text, "orcid.org")).upper()
    if not ORCID_SHAPE.fullmatch(signs):
        raise ValueError(_("An ORCID has sixteen digits, such as 0000-0002-1825-0097. The last may be an X."))
    if signs[15] != _mod_11_2(signs[:15]):
        raise ValueError(_("This ORCID has a mistake in it: its last digit does not fit the others."))
    return "-".join(signs[start : start + 4] for start in (0, 4, 8, 12))


def ror(text):
    """Return a ROR identifier, typed bare or as its address, in its usual form: ``01kj2bm70``.

    A nought, six signs of Crockford's base 32 and two check digits by ISO/IEC 7064, MOD 97-10
    (https://ror.readme.io/docs/identifier). Raises ``ValueError`` with a sentence for the person who typed it.
    """
    signs = _bare(text, "ror.org").lower()
    if not ROR_SHAPE.fullmatch(signs):
        raise ValueError(_("A ROR identifier has nine letters and digits and begins with 0, such as 01kj2bm70."))
    if int(signs[7:]) != 98 - _base_32(signs[:7]) * 100 % 97:
        raise ValueError(_("This ROR identifier has a mistake in it: its last two digits do not fit the rest."))
    return signs


def doi(text):
    """Return a DOI, typed bare, as ``doi:…`` or as its address, in its usual form: ``10.5281/zenodo.42``.

    Capitals mean nothing in a DOI (https://www.doi.org/doi-handbook/HTML/case-sensitivity.html) and are made small.
    Raises ``ValueError`` with a sentence for the person who typed it.
    """
    typed = re.sub(r"^(doi\s*:|doi\s|info:doi/)\s*", "", text.strip(), flags=re.IGNORECASE)
    address = DOI_ADDRESS.match(typed)
    signs = (unquote(typed[address.end() :]) if address else typed).rstrip(".,;").lower()
    if not signs.startswith("10."):
        raise ValueError(_("A DOI begins with “10.” and has a slash, such as 10.5281/zenodo.42."))
    if "/" not in signs.rstrip("/"):
        raise ValueError(
            _("This DOI is not whole: a slash and more come after its first numbers, as in 10.5281/zenodo.42.")
        )
    if not DOI_SHAPE.fullmatch(signs):
        raise ValueError(_("This DOI has a mistake in it: a space, or a sign that no DOI has. Please copy it again."))
    if len(signs) > LONGEST_DOI:
        raise ValueError(_("This DOI is too long: at most %(most)d signs can be kept.") % {"most": LONGEST_DOI})
    return signs


def doi_address(text):
    """Return the address at which a DOI is resolved."""
    return f"https://doi.org/{quote(text, safe='/:;()._-~,+=@!$*')}"


def _bare(text, site):
    """Return what was typed without the site's address before it and without a last slash."""
    text = re.sub(rf"^(https?://)?(www\.)?{re.escape(site)}/", "", text.strip(), flags=re.IGNORECASE)
    return text.removesuffix("/").strip()


def _mod_11_2(digits):
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return "X" if check == 10 else str(check)


def _base_32(signs):
    number = 0
    for sign in signs:
        number = number * 32 + CROCKFORD.index(sign)
    return number
