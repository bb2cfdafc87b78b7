"""How people are found: by words, and by what they say they know, do and offer.

Each facet counts people by the rows that tie them to its values, all of them in one query that finds the people only
once; a second one reads what the values are called.
"""

from functools import cached_property

from django.db import connection
from django.db.models import BigIntegerField, Count, F, Q, Value
from django.db.models.functions import Collate
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import exists_on, holds_on
from collaborative.core.facets import Facet, FacetFilterSet, Sort
from collaborative.search.queries import best_order, matching
from collaborative.vocabulary.models import Term
from partners.filters import beginnings
from partners.models import Membership, Organisation, Profile, Programme
from partners.tallying import Answering

BYTEWISE = {"postgresql": "C", "sqlite": "BINARY"}
"""How each engine compares codes and addresses at once; by a language's rules PostgreSQL takes many times as long."""

FEW = 500
"""People whose numbers are kept between the queries of one page."""


def belongs(at=""):
    """Hold for a membership, found at a path, that lasts today in an organisation that exists."""
    return holds_on(starts=f"{at}starts_on", ends=f"{at}ends_on") & exists_on(within=f"{at}organisation")


def takes_part(at=""):
    """Hold for such a membership in an organisation that takes part in a programme today."""
    part = f"{at}organisation__partnerships__"
    return belongs(at) & holds_on(starts=f"{part}starts_on", ends=f"{part}ends_on")


class Tally(Facet):
    """A facet that counts the people of each value, together with the other facets of its list.

    ``of`` is the model of what a choice names by its field ``code``, ``scheme`` the one of its terms. Without
    ``names`` the values at the path are counted, and are their own labels.
    """

    only_chosen = False

    def __init__(self, path, *, label, names=None, scheme=None):
        super().__init__(path, label=label, names=names)
        self.owner, _between, self.code = path.rpartition("__")
        self.scheme = scheme

    def filter(self, rows, values):
        """Narrow the people by the rows that tie them to any chosen value, without reading all people again."""
        return rows.filter(self.condition(values)) if values else rows

    def ties(self, answering):
        """Return the rows that tie those who answer to the facet's values."""
        raise NotImplementedError

    def tallied(self, answering):
        """Return the query of ``(facet, id, value, number of people)``; of what has a label only the id is read."""
        thing, value = F(self.owner), Value("")
        if not self.names:
            thing, value = Value(None, BigIntegerField()), Collate(self.field_name, BYTEWISE[connection.vendor])
        rows = self.ties(answering).order_by().values(thing=thing, value=value).annotate(number=self.people)
        return rows.annotate(facet=Value(self.name)).values_list("facet", "thing", "value", "number")

    def named(self, ids):
        """Return the query of ``(facet, id, value, own label, label)`` of what was counted or is chosen."""
        values = self.parent.values[self.name]
        chosen = {f"{self.code}__in": values} | ({"scheme": self.scheme} if self.scheme else {})
        things = self.of._base_manager.filter(Q(pk__in=ids) | Q(**chosen))
        own, label = (self.label_fields(self.of) * 2)[:2]
        words = {"facet": Value(self.name), "thing": F("pk"), "value": F(self.code), "own": F(own), "said": F(label)}
        return things.order_by().annotate(**words).values_list(*words)

    def counted(self):
        """Return what the list has counted for this facet, and the chosen values that nobody has, by name."""
        rows = self.parent.tallies.get(self.name, [])
        return self._in_order((value, self._in_words(value, names), number) for value, names, number in rows if value)


class SaidTally(Tally):
    """A facet over what people say of themselves: ``path`` is a relation of their profile and a field."""

    people = Count("pk")

    def __init__(self, path, **more):
        super().__init__(path, **more)
        field = Profile._meta.get_field(self.owner)
        self.of, self.through = field.related_model, field.remote_field.through
        self.owner = field.m2m_reverse_field_name()

    def condition(self, values):
        """Hold for profiles that are tied to a row with one of the values."""
        ties = self.through.objects.filter(**{f"{self.owner}__{self.code}__in": values})
        return Q(pk__in=ties.values("profile_id"))

    def ties(self, answering):
        """Return what they say; nobody says a thing twice."""
        return self.through.objects.filter(answering.among("profile_id", "id", self.name))


class PlaceTally(Tally):
    """A facet over where people work: ``path`` begins at a membership, for which ``holds()`` must hold."""

    people = Count("user_id", distinct=True)

    def __init__(self, path, *, of=None, holds=belongs, **more):
        self.of, self.holds = of, holds
        super().__init__(path, **more)

    def condition(self, values):
        """Hold for people with such a membership."""
        places = Membership.objects.filter(self.holds(), **{f"{self.field_name}__in": values})
        return Q(user_id__in=places.order_by().values("user_id"))

    def ties(self, answering):
        """Return their places; one may have two of the same kind."""
        return Membership.objects.filter(self.holds(), answering.among("user_id", "user_id", self.name))


class ChosenPlaceTally(PlaceTally):
    """Such a facet of so many values that only the chosen ones are shown: one comes to it by a link."""

    only_chosen = True

    def ties(self, answering):
        """Return the places in the chosen ones alone."""
        return super().ties(answering).filter(**{f"{self.field_name}__in": self.parent.values[self.name]})


class FinderFilters(FacetFilterSet):
    """Search by name, words and workplace; what they know, do, speak and offer; and where they work."""

    theme = SaidTally("themes__slug", label=_("Theme"), names="name")
    method = SaidTally("methods__code", label=_("Method"), names="label", scheme="method")
    language = SaidTally("languages__code", label=_("Language"), names="label", scheme="language")
    offer = SaidTally("offers__code", label=_("Listed for"), names="label", scheme="offer")
    kind = PlaceTally(
        "organisation__kind_of__code",
        label=_("Kind of organisation"),
        of=Term,
        names="label",
        scheme="organisation_kind",
    )
    programme = PlaceTally(
        "organisation__partnerships__programme__slug",
        label=_("Programme"),
        of=Programme,
        names="name",
        holds=takes_part,
    )
    region = PlaceTally("organisation__region", label=_("Region"))
    organisation = ChosenPlaceTally("organisation__slug", label=_("Organisation"), of=Organisation, names="name")
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
    def total(self):
        """How many people the list shows."""
        return self.qs.count()

    @cached_property
    def tallies(self):
        """Return ``{facet: [(value, its labels, number of people), …]}`` of all facets, in two queries."""
        rows = self._answering.read(*(each.tallied(self._answering) for each in self._counted)) if self._anybody else []
        numbers = {(facet, thing): number for facet, thing, _value, number in rows if thing is not None}
        tallies = {name: [] for name in self.filters}
        for facet, thing, value, number in rows:
            if thing is None:
                tallies[facet].append((value, (), number))
        for facet, thing, value, *names in self._names(numbers):
            tallies[facet].append((value, names, numbers.get((facet, thing), 0)))
        return tallies

    def _names(self, counted):
        """Return what the counted and the chosen things are called."""
        ids = {}
        for facet, thing in counted:
            ids.setdefault(facet, []).append(thing)
        asked = [each for each in self._counted if each.names and (each.name in ids or self.values[each.name])]
        each = [facet.named(ids.get(facet.name, [])) for facet in asked]
        return each[0].union(*each[1:], all=True) if each else []

    @cached_property
    def _counted(self):
        facets = [(name, each) for name, each in self.filters.items() if isinstance(each, Tally)]
        return [each for name, each in facets if self.values[name] or not each.only_chosen]

    @property
    def _anybody(self):
        return not self.q_text or self._found != []

    @cached_property
    def _answering(self):
        """Those who answer the words, marked by what else is asked; who works at one organisation is one of few."""
        people = self.filters["q"].filter(self.queryset.all(), self.q_text)
        choices = {
            each.name: each.condition(self.values[each.name]) for each in self._counted if self.values[each.name]
        }
        few = any(each.only_chosen for each in self._counted) or (self.q_text and isinstance(self._found, list))
        return Answering(people, choices, few=bool(few), everybody=not (choices or self.q_text))

    def chosen(self, name):
        """Return the values chosen in one facet."""
        return self.values[name]
