"""What can be said of a mail domain by its name alone: how it is written, and whether one body can own it."""

import re
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from collaborative.core.errors import Refused

LONGEST = 253
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

FAMILIES = frozenset(
    "police.uk pnn.police.uk ac.uk gov.uk nhs.uk wales.nhs.uk scot.nhs.uk hscni.net mod.uk sch.uk me.uk ltd.uk plc.uk "
    "gov.scot gov.wales llyw.cymru gsi.gov.uk gcsx.gov.uk gse.gov.uk gsx.gov.uk onmicrosoft.com".split()
)
"""Endings under which many bodies have their own domain, and which none of them owns."""

SORTS = frozenset("ac co com edu go gob gouv gov govt gv mil net or org".split())
"""What stands before a country's two letters in a bare suffix, as in ``co.uk`` or ``gov.au``."""

BARE = re.compile(rf"({'|'.join(sorted(SORTS))})\.[a-z]{{2}}")

SHARED = frozenset(["cjsm.net", "nhs.net"])
"""Families whose addresses many bodies hold side by side: they may lead to a question, never straight in."""


@cache
def free_mail():
    """Return the providers where anybody can have an address."""
    lines = (Path(__file__).parent.parent / "data" / "free_mail.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def suffixes(domain):
    """Return the domain and all that it stands below, the longest first: ``a.b.uk``, ``b.uk``, ``uk``."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def ascii_of(domain):
    """Return a domain in lower case and in ASCII, or "" when it is none.

    By the same rules as Django sends mail (IDNA 2003): what a code was mailed to is what is matched.
    """
    try:
        written = domain.strip().rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    labels = written.split(".")
    sound = len(labels) > 1 and all(LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return written if sound and len(written) <= LONGEST else ""


def domain_of(address):
    """Return the domain of a mail address in ASCII, or "" when it has none."""
    local, _at, domain = address.rpartition("@")
    return ascii_of(domain) if local else ""


def shared(domain):
    """Say whether many bodies hold addresses there side by side."""
    return not SHARED.isdisjoint(suffixes(domain))


def checked(text):
    """Return a domain that one body can own, as it is stored; raises ``Refused`` with the reason."""
    domain = ascii_of(text.strip().removeprefix("@"))
    if not domain:
        raise Refused(_("Write a mail domain: what stands after the @, such as gmp.police.uk."))
    if domain in FAMILIES or BARE.fullmatch(domain):
        raise Refused(
            _("Many organisations have addresses below %(domain)s. Write the domain of this one alone.")
            % {"domain": domain}
        )
    if not free_mail().isdisjoint(suffixes(domain)):
        raise Refused(
            _("Anybody can have an address at %(domain)s, so it shows nothing about where they work.")
            % {"domain": domain}
        )
    return domain
