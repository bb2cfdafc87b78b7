"""Why a person is shown to whoever looks for somebody: what of them answers the words and the chosen facets."""

import re
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from collaborative.search.parsing import folded
from collaborative.search.queries import why
from partners.filters import beginnings
from partners.models import Membership, Organisation
from partners.people import BETWEEN, places_today, words_of_all

SHOWN_AT_MOST = 5
"""Words of one kind in a reason that nobody asked for."""

KINDS = (
    ("expertise", None, _lazy("Knows")),
    ("methods", "method", _lazy("Method")),
    ("themes", "theme", _lazy("Works on theme")),
    ("languages", "language", _lazy("Language")),
    ("offers", "offer", _lazy("Listed for")),
)
"""What a profile says, the facet that asks for it, and the word by which a reason names it."""

_words = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Shown:
    """A person among those found: their marked ``name``, ``places`` and ``reasons``, pairs of a kind and words."""

    profile: object
    name: str
    places: list
    reasons: list
    extract: str


def shown(profiles, filters, user):
    """Return each profile of a queryset as it is shown, in a fixed number of queries."""
    profiles = list(_with_places(profiles, filters))
    said = words_of_all([profile.pk for profile in profiles])
    found = why(beginnings(filters.q_text), "profile", list(said), user, BETWEEN)
    return [_shown(profile, said[profile.pk], filters, found.get(profile.pk)) for profile in profiles]


def _with_places(profiles, filters):
    bodies = Organisation.objects.select_related("kind_of")
    if filters.chosen("programme"):
        bodies = bodies.with_programmes()
    places = Membership.objects.current().prefetch_related(Prefetch("organisation", bodies))
    return profiles.select_related("user").prefetch_related(Prefetch("user__memberships", places))


def _shown(profile, said, filters, found):
    places = places_today(profile)
    reasons = _asked_for(said, places, filters, found)
    return Shown(
        profile=profile,
        name=found.title if found else str(profile),
        places=places,
        reasons=reasons or _unasked(said),
        extract=found.extract if found else "",
    )


def _asked_for(said, places, filters, found):
    """Return what answers the words or a chosen facet, kind by kind."""
    answering = {_plain(part) for part in found.aliases} if found else set()
    reasons = []
    for name, facet, kind in KINDS:
        chosen = set(filters.chosen(facet)) if facet else set()
        words = [
            str(w) for w in said[name] if w.code in chosen or answering & {_plain(name) for name in w.names if name}
        ]
        reasons.append((kind, words))
    reasons.append((_("Works at"), [_at(place) for place in places if _place_answers(place, filters, found)]))
    programmes = {each for place in places for each in _programmes(place, filters.chosen("programme"))}
    reasons.append((_("Programme"), sorted(programmes)))
    return [(kind, ", ".join(words)) for kind, words in reasons if words]


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


def _unasked(said):
    """Return what a person is listed for, or else what they know."""
    for kind, words in ((_("Listed for"), said["offers"]), (_("Knows"), said["expertise"])):
        if words:
            return [(kind, ", ".join(str(word) for word in words[:SHOWN_AT_MOST]))]
    return []


def _plain(text):
    """Return the words of a text without accents, signs and capitals, as either engine tells them."""
    return " ".join(_words.findall(folded(text).casefold()))
