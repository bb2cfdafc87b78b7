"""How people are found: by words, and by what they say they know, do and offer.

Each facet counts people by the rows that tie them to its values, and all of them are counted in one query:
a page of fifty thousand people then costs as many queries as one of ten.
"""

from functools import cached_property

from django.db.models import Count, F, Value
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import exists_on, holds_on
from collaborative.core.facets import Facet, FacetFilterSet, Sort
from collaborative.search.queries import best_order, matching
from partners.filters import beginnings

PLACE = "user__memberships"
BODY = f"{PLACE}__organisation"
PART = f"{BODY}__partnerships"


def belongs():
    """Hold for a membership that lasts today, in an organisation that exists."""
    return holds_on(starts=f"{PLACE}__starts_on", ends=f"{PLACE}__ends_on") & exists_on(within=BODY)


def takes_part():
    """Hold for such a membership in an organisation that takes part in a programme today."""
    return belongs() & holds_on(starts=f"{PART}__starts_on", ends=f"{PART}__ends_on")


class Tally(Facet):
    """A facet that counts the people of each value together with the other facets of its list."""

    only_chosen = False

    def tallied(self, found):
        """Return ``(facet, value, own label, label, number)`` for each value that somebody of ``found`` has."""
        own, label = (self._label_paths(found.model) * 2)[:2] if self.names else (self.field_name, self.field_name)
        rows = found.order_by().filter(self.where(), **{f"{self.field_name}__isnull": False})
        rows = rows.values(facet=Value(self.name), value=F(self.field_name), own=F(own), label=F(label))
        return rows.annotate(number=Count("pk", distinct=True)).values_list("facet", "value", "own", "label", "number")

    @property
    def name(self):
        """The facet's name in its list."""
        return next(name for name, each in self.parent.filters.items() if each is self)

    def counted(self, everything, found):
        """Return what the list has counted for this facet, and the chosen values that nobody has, by name."""
        rows = self.parent.tallies.get(self.name, [])
        missing = set(self.chosen(self.parent.values[self.name])) - {str(row[0]) for row in rows}
        if missing:
            known = self.tallied(everything.filter(self.condition(missing)))
            rows = rows + [(*row, 0) for _facet, *row, _number in known if str(row[0]) in missing]
        return self._in_order(
            (str(value), self._in_words(value, (own, label)), number) for value, own, label, number in rows if value
        )


class ChosenTally(Tally):
    """A facet of so many values that only the chosen ones are shown: one comes to it by a link."""

    only_chosen = True

    def tallied(self, found):
        """Count the chosen values alone."""
        return super().tallied(found).filter(value__in=self.parent.values[self.name])


class FinderFilters(FacetFilterSet):
    """Search by name, words and workplace; what they know, do, speak and offer; and where they work."""

    theme = Tally("themes__slug", label=_("Theme"), names="themes__name")
    method = Tally("methods__code", label=_("Method"), names="methods__label")
    language = Tally("languages__code", label=_("Language"), names="languages__label")
    offer = Tally("offers__code", label=_("Listed for"), names="offers__label")
    kind = Tally(
        f"{BODY}__kind_of__code", label=_("Kind of organisation"), names=f"{BODY}__kind_of__label", where=belongs
    )
    programme = Tally(
        f"{PART}__programme__slug", label=_("Programme"), names=f"{PART}__programme__name", where=takes_part
    )
    region = Tally(f"{BODY}__region", label=_("Region"), where=belongs)
    organisation = ChosenTally(f"{BODY}__slug", label=_("Organisation"), names=f"{BODY}__name", where=belongs)
    sort = Sort({"name": (_("Name, A to Z"), ["user__name"])})

    def search(self, people, text):
        """Keep those whom the portal's search finds; the last word may go on."""
        return people.filter(pk__in=matching(beginnings(text), "profile", self.user).values("object_id"))

    def best_order(self, text):
        """Put those who are called by the words first, then those who know most of them."""
        return best_order(beginnings(text), "profile", self.user)

    @cached_property
    def tallies(self):
        """Return ``{facet: [(value, own label, label, number), …]}``, of all facets in one query."""
        each = [facet.tallied(self._found_without(name)) for name, facet in self._counted()]
        rows = each[0].union(*each[1:], all=True) if each else []
        tallies = {}
        for facet, *row in rows:
            tallies.setdefault(facet, []).append(tuple(row))
        return tallies

    def _counted(self):
        for name, facet in self.filters.items():
            if isinstance(facet, Tally) and (self.values[name] or not facet.only_chosen):
                yield name, facet

    def _found_without(self, name):
        return self.filter_queryset(self.queryset.all(), without=name, ordered=False)

    def chosen(self, name):
        """Return the values chosen in one facet."""
        return self.values[name]
