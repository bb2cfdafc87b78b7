"""When nothing holds all the words of a long search: what holds most of those that tell something.

A word tells the more the fewer things hold it, as everywhere in this field (inverse document frequency: Spärck Jones
1972). A thing is near when the words it holds tell at least half of what all words together tell. Phrases, beginnings
and exclusions stay as they are.
"""

from dataclasses import dataclass, replace
from itertools import chain
from math import log

from django.db import connection
from django.db.models import Case, F, FloatField, Value, When

from collaborative.search.engines import engine
from collaborative.search.models import SearchEntry
from collaborative.search.parsing import Query

ENOUGH = 3
"""Things found from which a search of several words is left as it is."""

MANY_WORDS = 4
"""Words from which a search is loosened when it finds something, but not enough."""

MOST_WORDS = 16
"""Words of a search that are weighed; further ones are left out."""

COUNTED = 5000
"""Things that hold a word are counted up to here; whatever more things hold tells nothing."""

KNOWN = 20_000
"""Things are counted up to here, to compare with."""

SHARE = 0.5
"""The part of what all words tell that a near thing's words must tell."""

IN_NAMES = 0.5
"""How much more a word tells that stands in a thing's title."""

ROUNDING = 1e-6
LOOKED_AT = 5000
"""Newest things with a rare word among which the near ones are looked for."""


@dataclass(frozen=True)
class Loose:
    """A search that most of its words answer: each ``(term, weight)``, and how much is ``needed``.

    ``query`` finds and marks any of the words; ``rare`` finds what can be near at all, ``fixed`` the phrases.
    """

    query: Query
    rare: Query
    fixed: Query
    weights: tuple
    needed: float

    def near(self, entries):
        """Return the entries that are near, with the ``share`` of what is told that their words tell."""
        rare = engine().matching(entries, self.rare)
        if self.fixed.wanted:
            rare = engine().matching(rare, self.fixed)
        newest = rare.order_by(F("date").desc(nulls_last=True), "-pk").values("pk")[:LOOKED_AT]
        held = SearchEntry.objects.filter(pk__in=newest).annotate(share=_told(self.weights))
        return held.filter(share__gte=self.needed)

    def ranked(self, entries):
        """Return the near entries, nearest first."""
        near = engine().scored(self.near(entries), self.query)
        near = near.annotate(nearness=F("share") + IN_NAMES * _told(self.weights, titled=True))
        return near.order_by("-nearness", "-score", F("date").desc(nulls_last=True), "-pk")


def loosened(query, entries, found):
    """Return the search as a ``Loose`` one where that is worth it, or None; ``found`` is how many hold all words."""
    open_terms = [term for term in query.wanted if not (term.quoted or term.beginning)][:MOST_WORDS]
    if len(open_terms) < 2 or found >= ENOUGH or (found and len(open_terms) < MANY_WORDS):
        return None
    total, *numbers = _counted(entries, open_terms)
    weighed = zip(open_terms, numbers, strict=True)
    told = sorted(((t, log(1 + total / n)) for t, n in weighed if 0 < n < COUNTED), key=lambda pair: -pair[1])
    if not told:
        return None
    needed = SHARE * sum(weight for _term, weight in told)
    fixed = replace(query, wanted=tuple(term for term in query.wanted if term not in open_terms))
    return Loose(_any(query, told), _any(query, _rarest(told, needed)), fixed, tuple(told), needed - ROUNDING)


def _rarest(told, needed):
    """Return the rarest words, of which whatever is near must hold one: the others together do not tell enough."""
    left, taken = sum(weight for _term, weight in told), []
    for term, weight in told:
        if left < needed:
            break
        taken.append((term, weight))
        left -= weight
    return taken


def _any(query, told):
    """Return a search for any of the terms, without what the search excludes."""
    (first, _weight), *others = told
    also = [words for term, _weight in told for words in term.also]
    also += [words for term, _weight in others for words in term.phrases]
    return replace(query, wanted=(replace(first, also=tuple(dict.fromkeys(also))),))


def _told(weights, *, titled=False):
    """Return what the words that an entry holds tell together, or those that stand in its title."""
    held = [
        Case(When(engine().answers(term, titled=titled), then=Value(weight)), default=0.0, output_field=FloatField())
        for term, weight in weights
    ]
    return sum(held[1:], held[0])


def _counted(entries, terms):
    """Return how many entries there are, and how many hold each term, up to a bound; one statement."""
    counted = [entries.order_by().values("pk")[:KNOWN]]
    counted += [engine().matching(entries, Query("", (term,))).order_by().values("pk")[:COUNTED] for term in terms]
    statements, values = zip(*(each.query.sql_with_params() for each in counted), strict=True)
    columns = ", ".join(f"(SELECT count(*) FROM ({sql}) AS held)" for sql in statements)  # noqa: S608 - Django's
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", list(chain(*values)))
        return cursor.fetchone()
