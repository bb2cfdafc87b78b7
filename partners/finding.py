"""How people are found: by words, and by what they say they know, do and offer.

Each facet counts people by the rows that tie them to its values, and all of them are counted in one query:
a page of fifty thousand people then costs as many queries as one of ten.
"""

from functools import cached_property

from django.db import connection
from django.db.models import Count, F, Value
from django.db.models.functions import Collate
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import exists_on, holds_on
from collaborative.core.facets import Facet, FacetFilterSet, Sort
from collaborative.search.queries import best_order, matching
from partners.filters import beginnings
from partners.models import Membership, Profile

BYTEWISE = {"postgresql": "C", "sqlite": "BINARY"}
"""How each engine compares codes and addresses at once; by a language's rules PostgreSQL takes many times as long."""

FEW = 500
"""People whose numbers are kept between the queries of one page."""

PLACE = "user__memberships__"


def belongs(at=""):
    """Hold for a membership, found at a path, that lasts today in an organisation that exists."""
    return holds_on(starts=f"{at}starts_on", ends=f"{at}ends_on") & exists_on(within=f"{at}organisation")


def takes_part(at=""):
    """Hold for such a membership in an organisation that takes part in a programme today."""
    part = f"{at}organisation__partnerships__"
    return belongs(at) & holds_on(starts=f"{part}starts_on", ends=f"{part}ends_on")


class Tally(Facet):
    """A facet that counts the people of each value, together with the other facets of its list."""

    only_chosen = once = False
    """``once``: nobody has a value twice, as one may by two places of work; then nothing has to be sorted."""

    def filter(self, rows, values):
        """Narrow the people by the rows that tie them to any chosen value, without reading all people again."""
        return rows.filter(**self.tied(values)) if values else rows

    def tied(self, values):
        """Return the filter that holds for people of any of the values."""
        raise NotImplementedError

    def tallied(self, found):
        """Return ``(facet, value, own label, label, number)`` for each value that somebody of ``found`` has."""
        own, label = (self._label_paths(found.model) * 2)[:2] if self.names else (self.field_name, self.field_name)
        rows = found.order_by().filter(self.where(), **{f"{self.field_name}__isnull": False})
        value = Collate(self.field_name, BYTEWISE[connection.vendor])
        rows = rows.values(facet=Value(self.name), value=value, own=F(own), label=F(label))
        people = Count("pk", distinct=not self.once)
        return rows.annotate(number=people).values_list("facet", "value", "own", "label", "number")

    @property
    def name(self):
        """The facet's name in its list."""
        return next(name for name, each in self.parent.filters.items() if each is self)

    def counted(self, everything, found):
        """Return what the list has counted for this facet, and the chosen values that nobody has, by name."""
        rows = self.parent.tallies.get(self.name, [])
        missing = set(self.parent.values[self.name]) - {str(row[0]) for row in rows}
        if missing:
            known = self.tallied(everything.filter(**self.tied(missing)))
            rows = rows + [(*row, 0) for _facet, *row, _number in known if str(row[0]) in missing]
        return self._in_order(
            (str(value), self._in_words(value, (own, label)), number) for value, own, label, number in rows if value
        )


class SaidTally(Tally):
    """A facet over what people say of themselves: ``path`` is a relation of their profile and a field."""

    once = True

    def __init__(self, path, **more):
        self.relation, _between, self.code = path.partition("__")
        super().__init__(path, **more)

    def tied(self, values):
        """Hold for profiles that are tied to a row with one of the values."""
        field = Profile._meta.get_field(self.relation)
        ties = field.remote_field.through.objects.filter(
            **{f"{field.m2m_reverse_field_name()}__{self.code}__in": values}
        )
        return {"pk__in": ties.values(f"{field.m2m_field_name()}_id")}


class PlaceTally(Tally):
    """A facet over where people work: ``path`` begins at a membership, of which ``holds(path)`` must hold."""

    def __init__(self, path, *, names=None, holds=belongs, **more):
        self.path, self.holds = path, holds
        super().__init__(PLACE + path, names=names and PLACE + names, where=lambda: holds(PLACE), **more)

    def tied(self, values):
        """Hold for people with such a membership."""
        places = Membership.objects.filter(self.holds(), **{f"{self.path}__in": values})
        return {"user_id__in": places.order_by().values("user_id")}


class ChosenPlaceTally(PlaceTally):
    """Such a facet of so many values that only the chosen ones are shown: one comes to it by a link."""

    only_chosen = True

    def tallied(self, found):
        """Count the chosen values alone."""
        return super().tallied(found).filter(value__in=self.parent.values[self.name])


class FinderFilters(FacetFilterSet):
    """Search by name, words and workplace; what they know, do, speak and offer; and where they work."""

    theme = SaidTally("themes__slug", label=_("Theme"), names="themes__name")
    method = SaidTally("methods__code", label=_("Method"), names="methods__label")
    language = SaidTally("languages__code", label=_("Language"), names="languages__label")
    offer = SaidTally("offers__code", label=_("Listed for"), names="offers__label")
    kind = PlaceTally(
        "organisation__kind_of__code", label=_("Kind of organisation"), names="organisation__kind_of__label"
    )
    programme = PlaceTally(
        "organisation__partnerships__programme__slug",
        label=_("Programme"),
        names="organisation__partnerships__programme__name",
        holds=takes_part,
    )
    region = PlaceTally("organisation__region", label=_("Region"))
    organisation = ChosenPlaceTally("organisation__slug", label=_("Organisation"), names="organisation__name")
    sort = Sort({"name": (_("Name, A to Z"), ["user__name"])})

    def search(self, people, text):
        """Keep those whom the portal's search finds; the last word may go on."""
        return people.filter(pk__in=self._found)

    @cached_property
    def _found(self):
        """Those who answer the words: when they are few, found once for the list and all that is counted."""
        found = matching(beginnings(self.q_text), "profile", self.user).order_by().values_list("object_id", flat=True)
        few = list(found[: FEW + 1])
        return few if len(few) <= FEW else found

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
