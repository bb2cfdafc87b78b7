"""How a review is catalogued: themes, places, populations, methods; in one query."""

from dataclasses import dataclass

from django.db.models import CharField, F, Value
from django.urls import reverse
from django.utils.translation import get_language

from collaborative.core.countries import country_name
from evidence.models import ReviewPlace, ReviewTheme
from evidence.models.reviews import Review

NOTHING = Value("", CharField())


@dataclass(frozen=True)
class Catalogue:
    """The words of a review's catalogue entry, each list in its order; themes as ``(words, address)``."""

    themes: list
    places: list
    populations: list
    methods: list


def catalogue(review):
    """Read how a review is catalogued, in the reader's words."""
    themes = _rows(ReviewTheme.objects.filter(review=review), Value("theme", CharField()), "theme__slug", "theme__name")
    linked = Review.terms.through.objects.filter(review=review)
    terms = _rows(linked, F("term__scheme"), "term__code", "term__label")
    places = ReviewPlace.objects.filter(review=review).order_by()
    places = places.values_list(Value("place", CharField()), F("country"), F("place"), NOTHING, NOTHING)
    found = {"theme": [], "place": [], "population": [], "method": []}
    for kind, code, *words in themes.union(terms, places, all=True):
        found[kind].append((code, words))
    return Catalogue(
        themes=sorted((_words(words), reverse("themes:page", args=[slug])) for slug, words in found["theme"]),
        places=sorted(_place(code, words[0]) for code, words in found["place"]),
        populations=sorted(_words(words) for _code, words in found["population"]),
        methods=sorted(_words(words) for _code, words in found["method"]),
    )


def _rows(links, kind, code, name):
    return links.order_by().values_list(kind, F(code), F(name), F(f"{name}_cy"), F(f"{name}_fr"))


def _words(names):
    english, welsh, french = names
    return {"cy": welsh, "fr": french}.get((get_language() or "en")[:2]) or english


def _place(code, place):
    country = str(country_name(str(code)))
    return f"{place}, {country}" if place else country
