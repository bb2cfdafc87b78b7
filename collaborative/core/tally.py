"""Counting the things of a list in many ways at once, while finding only once which they are.

All facets of a list, and how many it shows, are counted by one statement over one common table
(``WITH … AS MATERIALIZED``): the things that the words find, with a mark for each facet in which something is chosen.
Each facet counts those that bear all marks but its own. What the counted values are called is read by a second
statement, and by a third those chosen values that nothing has: they are named only if something in the whole list has
them, since the names of others are not for this reader to learn.
"""

from functools import cached_property

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, IntegerField, TextField, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from collaborative.core.ways import held, single_valued, way

ALL = -1
"""Stands for the whole list where facets are counted by their places."""


class Tally:
    """What is counted for one list: ``rows`` is what the words find of ``everything``.

    ``facets`` are ``{name: (facet, values in force)}``.
    """

    def __init__(self, everything, rows, facets):
        self.everything, self.rows = everything, rows
        self.facets = [(name, each, values) for name, (each, values) in facets.items()]
        self.marks = {at: f"mark_{at}" for at, (_name, _each, values) in enumerate(self.facets) if values}

    @property
    def total(self):
        """How many things bear all marks."""
        return self._counted[ALL].get("", 0)

    def of(self, name):
        """Return ``[(value, its labels, number), …]`` of one facet, in no order."""
        at = next(at for at, (known, _each, _values) in enumerate(self.facets) if known == name)
        each, counted = self.facets[at][1], self._counted[at]
        if not each.ties_by_id:
            rows = [(value, (), number) for value, number in counted.items() if value]
        else:
            rows = [
                (value, words, counted[tie]) for (facet, tie), (value, *words) in self._named.items() if facet == at
            ]
        return rows + self._without_any.get(at, [])

    @cached_property
    def _counted(self):
        """``{place of the facet: {what is tied, as text: number}}``."""
        counted = {at: {} for at in (ALL, *range(len(self.facets)))}
        for at, tie, number in self._read():
            if tie is not None:
                counted[at][tie] = number
        return counted

    def _read(self):
        columns = {mark: self._mark(self.facets[at]) for at, mark in self.marks.items()}
        for at, (_name, each, _values) in enumerate(self.facets):
            columns |= {f"of_{at}_{n}": column for n, column in enumerate(each.columns())}
        things = self.rows.order_by().annotate(**columns).values_list("pk", *columns)
        try:
            found, params = things.query.sql_with_params()
        except EmptyResultSet:
            return []
        parts = [self._part(ALL, f"SELECT '' AS tie, COUNT(*) AS number FROM answering WHERE {self._marked(ALL)}", ())]  # noqa: S608
        for at, (_name, each, _values) in enumerate(self.facets):
            parts += [self._part(at, *part) for part in each.parts(at, self._marked(at))]
        names = ", ".join(("id", *columns))
        sql = f"WITH answering ({names}) AS MATERIALIZED ({found}) " + " UNION ALL ".join(sql for sql, _params in parts)
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *(each for _sql, some in parts for each in some)])
            return cursor.fetchall()

    def _part(self, at, sql, params):
        return f"SELECT {at}, CAST(tie AS text), number FROM ({sql}) AS part", params  # noqa: S608 - our own

    def _mark(self, facet):
        _name, each, values = facet
        return held(each.condition(values))

    def _marked(self, aside):
        """Return what must hold for what is counted, the mark of one facet left aside."""
        return " AND ".join(mark for at, mark in self.marks.items() if at != aside) or "1 = 1"

    @cached_property
    def _named(self):
        """``{(place, what is tied, as text): (value, its labels…)}`` of all that was counted by ids."""
        asked = [
            each.named(at, [int(tie) for tie in self._counted[at]])
            for at, (_name, each, _values) in enumerate(self.facets)
            if each.ties_by_id and self._counted[at]
        ]
        rows = asked[0].union(*asked[1:], all=True) if asked else []
        return {(at, str(pk)): (value, *words) for at, pk, value, *words in rows if value}

    @cached_property
    def _without_any(self):
        """``{place: [(value, its labels, 0), …]}`` of values that nothing here has, but something in the whole list."""
        asked = [query for at, facet in enumerate(self.facets) if (query := self._lacking(at, *facet)) is not None]
        found = {}
        for at, value, *words in asked[0].union(*asked[1:], all=True) if asked else []:
            found.setdefault(at, []).append((value, words, 0))
        return found

    def _lacking(self, at, _name, each, values):
        known = {value for (facet, _tie), (value, *_words) in self._named.items() if facet == at}
        known |= set() if each.ties_by_id else set(self._counted[at])
        return each.lacking(at, [value for value in values if value not in known], known, self.everything)


class ByValue:
    """How a facet over values counts itself, by its ``way``; mixed into ``facets.Facet``."""

    @cached_property
    def way(self):
        """How the list's rows come by the values."""
        return way(self.model, self.field_name)

    @property
    def ties_by_id(self):
        """Whether ids are counted whose names are read afterwards."""
        return self.way.by_id

    def columns(self):
        """Return what the common table must hold for this facet: the value of each thing, if it has but one."""
        return [Case(When(self.where(), then=F(self.way.tie))) if self.where() else F(self.way.tie)] * self.way.single

    def parts(self, at, marks):
        """Return the queries, ``(sql, params)``, of ``(tie, number)``."""
        if self.way.single:
            column = f"of_{at}_0"
            sql = f"SELECT {column} AS tie, COUNT(*) AS number FROM answering WHERE {marks} GROUP BY {column}"  # noqa: S608
            return [(sql, ())]
        among = RawSQL(f"SELECT id FROM answering WHERE {marks}", [])  # noqa: S608, S611 - names of our own
        try:
            return [self.way.counted(self.where(), among).query.sql_with_params()]
        except EmptyResultSet:
            return []

    def named(self, at, ids):
        """Return the query of ``(at, id, value, own label, label)`` of the rows with these ids."""
        things = self.way.target._base_manager.filter(pk__in=ids).order_by()
        return things.annotate(**self._words(at, "")).values_list("tally_at", "pk", "tally_value", "own", "said")

    def lacking(self, at, values, known, everything):
        """Return the query of ``(at, value, own label, label)`` of values that something in the whole list has.

        Of these ``values``; of all but the ``known`` ones where the facet shows every choice. None without any.
        """
        readable = list(self._readable(values))
        if not (readable or self.single):
            return None
        field = f"{self.way.path}__{self.way.field}" if self.way.relations else self.way.field
        rows = everything.model._base_manager.filter(self.where(), pk__in=everything.order_by().values("pk"))
        if self.single:
            rows = rows.exclude(**{f"{field}__in": list(self._readable(known))}).exclude(**{field: None})
        else:
            rows = rows.filter(**{f"{field}__in": readable})
        at_path = f"{self.way.path}__" if self.way.relations else ""
        names = ("tally_at", "tally_value", "own", "said")
        return rows.order_by().annotate(**self._words(at, at_path)).values_list(*names).distinct()

    def _words(self, at, path):
        """Return the columns of a value and its labels, from what a path leads to."""
        own, said = ((self.label_fields(self.way.target) or [self.way.field]) * 2)[:2]
        words = {"tally_value": self.way.field, "own": own, "said": said}
        as_text = {name: Cast(F(f"{path}{field}"), TextField()) for name, field in words.items()}
        return {"tally_at": Value(at, IntegerField()), **as_text}


class ByCondition:
    """How a facet over conditions counts itself; mixed into ``facets.ConditionFacet``."""

    ties_by_id = False

    def columns(self):
        """Return which conditions hold, for each thing."""
        return [held(single_valued(self.model, condition)) for _label, condition in self.conditions().values()]

    def parts(self, at, marks):
        """Return the queries, ``(sql, params)``, of ``(value, number)``."""
        counted = f"SELECT %s AS tie, COUNT(*) AS number FROM answering WHERE {marks} AND of_{at}_"  # noqa: S608 - our own
        return [(f"{counted}{n}", (value,)) for n, value in enumerate(self.conditions())]

    def lacking(self, at, values, known, everything):
        """A condition is known even if nothing meets it."""
        return None
