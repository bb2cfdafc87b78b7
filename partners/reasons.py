"""Why a person is shown to whoever looks for somebody: what of them answers the words and the chosen facets."""

import re
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from collaborative.search.parsing import folded
from collaborative.search.queries import why
from partners.filters import beginnings
from partners.models import Membership, Organisation
from partners.people import BETWEEN, places_today

SHOWN_AT_MOST = 5
"""Words of one kind in a reason that nobody asked for."""

_words = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Shown:
    """A person among those found: their marked ``name``, ``places`` and ``reasons``, pairs of a kind and words."""

    profile: object
    name: str
    places: list
    reasons: list
    extract: str


def read_for_reasons(profiles, filters):
    """Return profiles with all that their reasons read, in a fixed number of queries."""
    bodies = Organisation.objects.select_related("kind_of")
    if filters.chosen("programme"):
        bodies = bodies.with_programmes()
    places = Membership.objects.current().prefetch_related(Prefetch("organisation", bodies))
    said = ("expertise", "themes", "methods", "languages", "offers")
    return profiles.select_related("user").prefetch_related(*said, Prefetch("user__memberships", places))


def shown(profiles, filters, user):
    """Return each of some profiles, fetched by ``read_for_reasons``, as it is shown."""
    ids = [profile.pk for profile in profiles]
    found = why(beginnings(filters.q_text), "profile", ids, user, BETWEEN)
    return [_shown(profile, filters, found.get(profile.pk)) for profile in profiles]


def _shown(profile, filters, found):
    places = places_today(profile)
    reasons = _asked_for(profile, places, filters, found)
    return Shown(
        profile=profile,
        name=found.title if found else str(profile),
        places=places,
        reasons=reasons or _unasked(profile),
        extract=found.extract if found else "",
    )


def _asked_for(profile, places, filters, found):
    """Return what answers the words or a chosen facet, kind by kind."""
    said = {_plain(part) for part in found.aliases} if found else set()
    reasons = [(_("Knows"), [row.name for row in profile.expertise.all() if _plain(row.name) in said])]
    for kind, facet, rows in _facets(profile):
        chosen = set(filters.chosen(facet))
        reasons.append((kind, [str(row) for row in rows if _code(row) in chosen or said & _names(row)]))
    reasons.append((_("Works at"), [_at(place) for place in places if _place_answers(place, filters, found)]))
    programmes = {each for place in places for each in _programmes(place, filters.chosen("programme"))}
    reasons.append((_("Programme"), sorted(programmes)))
    return [(kind, ", ".join(words)) for kind, words in reasons if words]


def _facets(profile):
    return (
        (_("Method"), "method", profile.methods.all()),
        (_("Works on theme"), "theme", profile.themes.all()),
        (_("Language"), "language", profile.languages.all()),
        (_("Listed for"), "offer", profile.offers.all()),
    )


def _code(row):
    return row.code if hasattr(row, "code") else row.slug


def _names(row):
    """Return a term's or a theme's names in every language, as the index has them."""
    field = "label" if hasattr(row, "label") else "name"
    return {_plain(name) for end in ("", "_cy", "_fr") if (name := getattr(row, f"{field}{end}"))}


def _place_answers(place, filters, found):
    body = place.organisation
    if found and any(part.startswith(body.name) for part in found.body):
        return True
    asked = {"kind": body.kind_of.code, "region": body.region, "organisation": body.slug}
    return any(value in filters.chosen(facet) for facet, value in asked.items())


def _at(place):
    """Name a place with what a facet may have asked of it."""
    body = place.organisation
    told = ", ".join(word for word in (str(body.kind_of), body.region) if word)
    return f"{body.name} ({told})"


def _programmes(place, chosen):
    if not chosen:
        return []
    return [part.programme.name for part in place.organisation.parts_now if part.programme.slug in chosen]


def _unasked(profile):
    """Return what a person is listed for, or else what they know."""
    offers = [str(row) for row in profile.offers.all()]
    words = [row.name for row in profile.expertise.all()]
    for kind, rows in ((_("Listed for"), offers), (_("Knows"), words)):
        if rows:
            return [(kind, ", ".join(rows[:SHOWN_AT_MOST]))]
    return []


def _plain(text):
    """Return the words of a text without accents, signs and capitals, as either engine tells them."""
    return " ".join(_words.findall(folded(text).casefold()))
