"""The columns of a file of organisations: what each says, and how its cells are read."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core import countries, identifiers
from collaborative.vocabulary.models import Scheme, Term
from partners.importing.words import fold
from partners.models import Organisation

REGIONS = (
    "North East",
    "North West",
    "Yorkshire and the Humber",
    "East Midlands",
    "West Midlands",
    "East of England",
    "London",
    "South East",
    "South West",
    "Wales",
    "Scotland",
    "Northern Ireland",
)
"""The regions and countries of the United Kingdom, as the Office for National Statistics names them."""

HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,61}")
ONS_CODE = re.compile(r"[EWSN][0-9]{8}")
POLICE_UK_ID = re.compile(r"[a-z][a-z-]{1,59}")
MOST_NAMES = 20


@dataclass
class Lists:
    """What cells may say of what the portal lists: kinds, roles, regions and countries by folded words."""

    kinds: dict = field(default_factory=dict)
    roles: dict = field(default_factory=dict)
    regions: dict = field(default_factory=dict)
    countries: dict = field(default_factory=dict)

    @classmethod
    def now(cls):
        """Return the lists as they are today."""
        used = Organisation.objects.filter(country="GB").exclude(region="").values_list("region", flat=True)
        return cls(
            kinds=_terms(Scheme.ORGANISATION_KIND),
            roles=_terms(Scheme.PROGRAMME_ROLE),
            regions={fold(name): name for name in [*used.order_by("region").distinct(), *REGIONS]},
            countries={fold(name): code for name, code in countries.codes_by_name().items()},
        )


def _terms(scheme):
    """Return the present terms of a list by code and by label."""
    found = {}
    for term in Term.objects.current().filter(scheme=scheme):
        for word in (term.label_cy, term.label, term.code.replace("_", " "), term.code):
            if word:
                found[fold(word)] = term
    return found


def read_text(text, lists):
    """Take words as they are."""
    return " ".join(text.split())


def read_long(text, lists):
    """Take a text with its lines."""
    return text.strip()


def read_names(text, lists):
    """Take several names, between semicolons."""
    names = [" ".join(name.split()) for name in text.split(";") if name.strip()]
    if len(names) > MOST_NAMES:
        raise ValueError(_("These are more than %(number)s names.") % {"number": MOST_NAMES})
    if too_long := [name for name in names if len(name) > 160]:
        raise ValueError(_("At most 160 characters a name; one has %(number)s.") % {"number": len(too_long[0])})
    return list(dict.fromkeys(names))


def read_kind(text, lists):
    """Take a kind by its code or its label."""
    return _listed(text, lists.kinds, _("There is no such kind. There are: %(words)s."))


def read_role(text, lists):
    """Take a role in a programme by its code or its label."""
    return _listed(text, lists.roles, _("There is no such role. There are: %(words)s."))


def _listed(text, terms, sentence):
    term = terms.get(fold(text))
    if term is None:
        labels = dict.fromkeys(str(each) for each in terms.values())
        raise ValueError(sentence % {"words": "; ".join(labels)})
    return term


def read_country(text, lists):
    """Take a country by its two letters or its name."""
    code = text.strip().upper()
    code = {"UK": "GB"}.get(code, code)
    if len(code) == 2 and countries.is_country(code):
        return code
    found = lists.countries.get(fold(text))
    if found is None:
        raise ValueError(_("There is no such country. Write two letters, such as GB, or its name in English."))
    return found


def read_host(text, lists):
    """Take a web domain, also from a whole address."""
    if "@" in text:
        raise ValueError(_("This is a mail address. A web domain is such as gmp.police.uk."))
    host = re.sub(r"^https?://", "", text.strip().lower()).split("/")[0]
    if len(host) > 120 or not HOST.fullmatch(host):
        raise ValueError(_("This is no web domain, such as gmp.police.uk."))
    return host


def read_ror(text, lists):
    """Take a ROR identifier, checked."""
    return identifiers.ror(text)


def read_ons_code(text, lists):
    """Take the code of a police force area."""
    code = text.strip().upper()
    if not ONS_CODE.fullmatch(code):
        raise ValueError(_("An ONS code has one letter and eight digits, such as E23000007."))
    return code


def read_police_uk_id(text, lists):
    """Take the identifier of data.police.uk."""
    code = text.strip().lower()
    if not POLICE_UK_ID.fullmatch(code):
        raise ValueError(_("An identifier of data.police.uk has small letters and hyphens, such as west-midlands."))
    return code


def read_day(text, lists):
    """Take a day, written 2024-03-31 or 31/03/2024."""
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.datetime.strptime(text.strip(), shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(_("Write the day as 2024-03-31 or 31/03/2024."))


@dataclass(frozen=True)
class Column:
    """One column. ``read`` turns a cell that says something into a value, or raises ``ValueError`` with a sentence."""

    name: str
    explanation: str
    read: Callable
    limit: int = 160
    needed: bool = False


COLUMNS = {
    column.name: column
    for column in (
        Column("name", gettext_lazy("The organisation’s name."), read_text, needed=True),
        Column("name_cy", gettext_lazy("Its name in Welsh."), read_text),
        Column(
            "short_names",
            gettext_lazy("What people call it, such as GMP; several between semicolons."),
            read_names,
            limit=2000,
        ),
        Column(
            "kind",
            gettext_lazy("One of the listed kinds; may stay empty for an organisation known already."),
            read_kind,
            needed=True,
        ),
        Column("region", gettext_lazy("In the United Kingdom one of the listed regions."), read_text, limit=80),
        Column("country", gettext_lazy("Two letters or the name; GB when empty."), read_country),
        Column("web_domain", gettext_lazy("Such as gmp.police.uk; never a mail domain."), read_host, limit=200),
        Column("ror", gettext_lazy("The identifier of the Research Organization Registry."), read_ror, limit=200),
        Column("ons_code", gettext_lazy("The ONS code of a police force area."), read_ons_code),
        Column("police_uk_id", gettext_lazy("The identifier that data.police.uk uses."), read_police_uk_id),
        Column("description", gettext_lazy("A few sentences; Markdown works."), read_long, limit=5000),
        Column("valid_from", gettext_lazy("The day it began, such as 2024-03-31."), read_day),
        Column("valid_to", gettext_lazy("The first day on which it no longer existed."), read_day),
        Column("role", gettext_lazy("Its role in the programme; when empty the one chosen with the file."), read_role),
    )
}
NEEDED = tuple(name for name, column in COLUMNS.items() if column.needed)
