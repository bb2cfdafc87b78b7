"""Facets: the filters beside a list, with how many things each choice would show.

A list says what it can be narrowed by, and nothing else::

    class ReviewFilters(FacetFilterSet):
        kind = Facet("kind_of__code", label=_("Kind"), names="kind_of__label")
        theme = Facet("themes__slug", label=_("Theme"), names="themes__name")
        year = Facet("published_at__year", label=_("Year"), read=year, newest_first=True)
        state = Facet("state", label=_("State"), choices=State.choices)
        sort = Sort({"newest": (_("Newest"), ["-published_at"]), "title": (_("Title"), ["title"])})

        def search(self, reviews, text):
            return reviews.filter(pk__in=matching(text, "review", self.user).values("object_id"))

    class Library(FilterPage):
        model, filterset_class, policy = Review, ReviewFilters, "public"
        template_name = "evidence/list.html"    # {% extends "components/listing.html" %}

Choices of one facet widen (Kent *or* Essex), facets narrow each other, and each facet counts what the
others and the search leave, all of them in one query (``core.tally``). Only what the reader may see is counted,
because everything starts from the view's ``visible_to``. Whatever stands in the address, nothing raises: a choice
that does not exist finds nothing and stands among the chips, from which it can be taken away.

A list and one choice are addresses of their own for crawlers; of more choices, words or an order there is no end, and
those pages say so (``robots``, ``canonical_query``).
"""

from functools import cached_property
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from collaborative.core.tally import ByCondition, ByValue, Tally
from collaborative.core.ways import single_valued

MOST_CHOICES = 30
"""Values of one facet that an address may choose; the rest is left out."""
MOST_OPTIONS = 100
"""Choices that one facet shows: of more, those that most things have."""
LONGEST_TEXT = 200


def year(text):
    """Return a year from an address; raises ``ValueError`` for what is none."""
    if len(text) != 4 or not text.isascii() or not text.isdigit() or text < "1000":
        raise ValueError(text)
    return int(text)


class ChosenField(forms.MultipleChoiceField):
    """The distinct values chosen in one facet, as typed; never invalid."""

    def clean(self, value):
        """Return at most ``MOST_CHOICES`` non-empty values without NUL."""
        values = dict.fromkeys(each.replace("\x00", "")[:LONGEST_TEXT] for each in value or ())
        return [each for each in values if each][:MOST_CHOICES]


class TextField(forms.CharField):
    """The words searched for; never invalid."""

    def clean(self, value):
        """Return at most ``LONGEST_TEXT`` characters without NUL."""
        return (value or "").replace("\x00", "").strip()[:LONGEST_TEXT]


class Words(django_filters.Filter):
    """The search of a list, by its ``search(rows, text)``."""

    field_class = TextField

    def filter(self, rows, text):
        """Narrow ``rows`` to what the words find."""
        return self.parent.search(rows, text) if text and self.parent.search else rows


class BaseFacet(django_filters.Filter):
    """One group of choices. Subclasses say what a choice holds for, and how many there are."""

    field_class = ChosenField

    def __init__(self, path=None, *, label, single=False, default=None, **more):
        super().__init__(field_name=path, label=label, required=False, **more)
        self.single, self.default = single, default

    @property
    def name(self):
        """The facet's name in its list."""
        return next(name for name, each in self.parent.filters.items() if each is self)

    def chosen(self, values):
        """Return the values in force: those chosen, one if ``single``, else the default."""
        values = values[:1] if self.single else values
        return values or ([self.default] if self.default else [])

    def filter(self, rows, values):
        """Narrow ``rows`` to those of any chosen value."""
        values = self.chosen(values)
        return rows.filter(self.condition(values)) if values else rows

    def condition(self, values):
        """Return the ``Q`` that holds for rows of any of the values, and for each of them once."""
        raise NotImplementedError

    def counted(self):
        """Return ``[(value, label, count), …]`` in order, counted in what the words and the other facets leave."""
        raise NotImplementedError

    def options(self, values):
        """Return the choices worth showing, as ``components/facet.html`` takes them."""
        chosen = self.chosen(values)
        rows = [
            {"value": value, "label": label, "count": count, "checked": value in chosen}
            for value, label, count in self.counted()
        ]
        known = {row["value"] for row in rows}
        rows += [{"value": v, "label": v, "count": 0, "checked": True} for v in chosen if v not in known]
        shown = _most([row for row in rows if row["count"] or row["checked"] or self.single])
        if self.single and not self.default and shown:
            shown.insert(0, {"value": "", "label": gettext("Any"), "count": None, "checked": not chosen})
        return shown


def _most(rows):
    """Return at most ``MOST_OPTIONS`` choices, as they stand: the chosen ones, and those that most things have."""
    weights = sorted((-row["checked"], -row["count"], at) for at, row in enumerate(rows))
    kept = {at for *_weight, at in weights[:MOST_OPTIONS]}
    return [row for at, row in enumerate(rows) if at in kept]


class Facet(ByValue, BaseFacet):
    """A facet over the values found at ``path`` (a field, or one reached over relations).

    ``names`` is the path of the label, beside the value, of which the reader's language is used where the model has
    it (``label_cy`` beside ``label``); ``choices`` labels fixed values instead, ``say`` whatever value there is;
    without any of them the value is its own label. ``where`` is a callable returning a ``Q`` that must hold on
    the same joined row, such as a partnership that lasts. ``read`` turns the address's text into a value or
    raises ``ValueError``.
    ``single`` offers radio buttons.
    """

    def __init__(
        self, path, *, label, names=None, choices=(), say=str, where=Q, read=str, newest_first=False, single=False
    ):
        super().__init__(path, label=label, single=single)
        self.names, self.labels, self.say, self.where, self.read = names, dict(choices), say, where, read
        self.newest_first = newest_first

    def condition(self, values):
        """Hold for rows that have one of the values at the path; unreadable values hold for none."""
        return self.way.holding(list(self._readable(values)), self.where())

    def _readable(self, values):
        for value in values:
            try:
                yield self.read(value)
            except ValueError:
                continue

    def counted(self):
        """Return each value that is counted, and the chosen ones, in words."""
        rows = self.parent.tally.of(self.name)
        return self._in_order((value, self._in_words(value, names), number) for value, names, number in rows)

    def _in_order(self, counted):
        """Order by the given labels where there are any, else by the words."""
        if self.labels:
            order = [str(value) for value in self.labels]
            return sorted((row for row in counted if row[0] in order), key=lambda row: order.index(row[0]))
        return sorted(counted, key=lambda row: (row[1].casefold(), row[0]), reverse=self.newest_first)

    def _in_words(self, value, names):
        if self.labels:
            return self.labels.get(value, str(value))
        return next((name for name in names if name), self.say(value))

    def label_fields(self, model):
        """Return the fields of the label on the model where the value stands, the reader's own language first."""
        if self.names is None:
            return []
        field = self.names.rpartition("__")[2]
        own = f"{field}_{(get_language() or 'en')[:2]}"
        has = {each.name for each in model._meta.get_fields()}
        return [own] * (own in has) + [field]


class ConditionFacet(ByCondition, BaseFacet):
    """A facet whose choices are conditions: ``conditions()`` returns ``{value: (label, Q)}``, in order.

    With ``single`` and a ``default`` the list starts narrowed, as events do to those still to come.
    """

    def __init__(self, conditions, *, label, single=False, default=None):
        super().__init__(label=label, single=single, default=default)
        self.conditions = conditions

    def condition(self, values):
        """Hold where one of the named conditions does."""
        named = self.conditions()
        held = Q(pk__in=[])
        for value in values:
            if value in named:
                held |= named[value][1]
        return single_valued(self.model, held)

    def counted(self):
        """Return every condition with its number."""
        numbers = {value: number for value, _names, number in self.parent.tally.of(self.name)}
        return [(value, label, numbers.get(value, 0)) for value, (label, _held) in self.conditions().items()]


BEST = "best"
SORT_BY = _("Sort by")


class Sort(BaseFacet):
    """The order of a list: ``{value: (label, [fields])}``; the first is the default. Orders end in ``pk``,
    downwards where they begin so, as an index does that is read from its end.

    Where the list knows its ``best_order`` and is searched, “best match” comes before them.
    """

    def __init__(self, orders, *, label=SORT_BY):
        super().__init__(label=label, single=True)
        self.orders = orders

    @property
    def offered(self):
        """The orders to choose from now."""
        best = {BEST: (_("Best match"), None)} if self.parent.ranked else {}
        return best | self.orders

    def filter(self, rows, values):
        """Order the rows; an unknown order is the default."""
        now = self.now(values)
        if now == BEST:
            return rows.order_by(self.parent.best_order(self.parent.q_text), "pk")
        fields = self.orders[now][1]
        return rows.order_by(*fields, "-pk" if str(fields[0]).startswith("-") else "pk")

    def now(self, values):
        """Return the name of the order in force."""
        offered = list(self.offered)
        return values[0] if values and values[0] in offered else offered[0]

    def options(self, values):
        """Return the orders to choose from."""
        now = self.now(values)
        return [{"value": v, "label": label, "checked": v == now} for v, (label, _fields) in self.offered.items()]


class FacetFilterSet(django_filters.FilterSet):
    """The filters of one list. See the module's own words for how to write and show one.

    For templates (``filter`` in a ``FilterPage``): ``q_text``, ``searches``, ``facets`` (``legend name
    options single``), ``orders``, ``chips``, ``clear_url``, ``narrowed``, ``query`` for the pages' links,
    and what each of the page's three forms must keep of the others: ``kept_by_search``,
    ``kept_by_facets``, ``kept_by_sort``.
    """

    q = Words(label=_("Search"))
    search = None
    """``search(rows, text)`` returns the rows that the words find; without one nothing is searched."""
    best_order = None
    """``best_order(text)`` returns the order in which the best match stands first, where there is one."""

    def __init__(self, data=None, queryset=None, *, request=None, prefix=None):
        super().__init__(QueryDict() if data is None else data, queryset, request=request, prefix=prefix)

    @property
    def user(self):
        """The reader."""
        return self.request.user

    @cached_property
    def values(self):
        """What the address asks for, by filter, made harmless."""
        self.form.full_clean()
        return self.form.cleaned_data

    def filter_queryset(self, rows):
        """Narrow ``rows`` by all filters, and order them."""
        for name, each in self.filters.items():
            rows = each.filter(rows, self.values[name])
        return rows

    @property
    def searches(self):
        """True when the list can be searched."""
        return self.search is not None

    @property
    def ranked(self):
        """True when the list is searched now and knows which match is best."""
        return bool(self.q_text) and self.best_order is not None

    @property
    def q_text(self):
        """The words searched for."""
        return self.values["q"]

    @property
    def _facets(self):
        every = self.filters.items()
        return {name: each for name, each in every if isinstance(each, BaseFacet) and not isinstance(each, Sort)}

    @cached_property
    def tally(self):
        """What all facets count, and how many things the list shows."""
        found = self.filters["q"].filter(self.queryset.all(), self.q_text)
        facets = {name: (each, each.chosen(self.values[name])) for name, each in self._facets.items()}
        return Tally(self.queryset.all(), found, facets)

    @property
    def total(self):
        """How many things the list shows."""
        return self.tally.total

    @cached_property
    def facets(self):
        """The facets that have something to choose, counted together."""
        built = [
            {"legend": each.label, "name": name, "options": each.options(self.values[name]), "single": each.single}
            for name, each in self._facets.items()
        ]
        return [facet for facet in built if facet["options"]]

    @cached_property
    def orders(self):
        """The orders to choose from, or nothing."""
        sort = self.filters.get("sort")
        return sort.options(self.values["sort"]) if sort else []

    @cached_property
    def chips(self):
        """What narrows the list now, each with the address without it."""
        chips = [{"label": f"“{self.q_text}”", "url": self._url(without=("q", self.q_text))}] if self.q_text else []
        for facet in self.facets:
            default = self.filters[facet["name"]].default
            for option in facet["options"]:
                if option["checked"] and option["value"] not in ("", default):
                    url = self._url(without=(facet["name"], option["value"]))
                    chips.append({"label": option["label"], "url": url})
        return chips

    @property
    def narrowed(self):
        """True when something narrows the list."""
        return bool(self.chips)

    @cached_property
    def choices(self):
        """The choices in force, as ``[(name, value), …]``; a default is none."""
        pairs = [(name, value) for name in self._facets for value in self.values[name]]
        return [(name, value) for name, value in pairs if value != self.filters[name].default]

    @property
    def endless(self):
        """True for a page of which there are as many as somebody thinks of: words, an order, or several choices."""
        return bool(self.q_text or self.values.get("sort")) or len(self.choices) > 1

    def canonical_query(self, page=1):
        """Return the parameters of a page's own address: one choice and the page; none where they have no end."""
        pairs = [] if self.endless or not self.total else [*self.choices, *([("page", page)] if page > 1 else [])]
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def robots(self):
        """What crawlers are told: nothing on a page with an address of its own, else to go no further."""
        return "noindex, nofollow" if self.endless or (self.choices and not self.total) else ""

    @property
    def clear_url(self):
        """The address of the whole list, in the same order."""
        return "?" + urlencode(self._pairs("sort"))

    @property
    def query(self):
        """All parameters but the page, encoded."""
        return urlencode(self._pairs())

    @property
    def kept_by_search(self):
        """The parameters that a new search keeps."""
        return [pair for pair in self._pairs() if pair[0] != "q"]

    @property
    def kept_by_facets(self):
        """The parameters that newly chosen facets keep."""
        return self._pairs("q", "sort")

    @property
    def kept_by_sort(self):
        """The parameters that a new order keeps."""
        return [pair for pair in self._pairs() if pair[0] != "sort"]

    def _pairs(self, *names):
        """Return ``[(name, value), …]`` of the filters (of some of them) that the address names."""
        pairs = []
        for name in names or self.filters:
            values = self.values.get(name) or []
            pairs += [(name, value) for value in ([values] if isinstance(values, str) else values)]
        return pairs

    def _url(self, without):
        return "?" + urlencode([pair for pair in self._pairs() if pair != without])
