"""Counting the people of a list in many ways at once, while reading only once who they are.

All counts are one statement over one common table (``WITH … AS MATERIALIZED``): those whom the words find, with a mark
for each chosen facet. Else every facet would search the index anew.
"""

from django.db import connection
from django.db.models import BooleanField, Case, Q, Value, When
from django.db.models.expressions import RawSQL


class Answering:
    """People who answer a question: a queryset of profiles, and the ``Q`` of each choice by its facet's name.

    ``few`` says that they are few, so that what is tied to them is better found one by one than by reading all;
    ``everybody`` that nothing is asked, so that PostgreSQL may share the reading among its workers.
    """

    def __init__(self, people, choices, few=False, everybody=False):
        self.few, self.everybody = few, everybody
        self.marks = {name: f"chosen_{at}" for at, name in enumerate(choices)}
        marks = {self.marks[name]: _holds(choice) for name, choice in choices.items()}
        self.people = people.order_by().annotate(**marks).values_list("pk", "user_id", *marks)

    def among(self, column, ids, aside):
        """Return the condition that a column is among their ``id`` or ``user_id``, one facet's choice left aside."""
        if self.everybody:
            return Q(**{f"{column}__in": self.people.values("pk" if ids == "id" else ids)})
        marks = " AND ".join(mark for name, mark in self.marks.items() if name != aside) or "1 = 1"
        found = RawSQL(f"SELECT {ids} FROM answering WHERE {marks}", [])  # noqa: S608, S611 - names of our own
        held = Q(**{f"{column}__in": found})
        return held if self.few else Q(_holds(held))

    def read(self, *queries):
        """Return the rows of all queries, which ask ``among``, in one statement."""
        sql, params = queries[0].union(*queries[1:], all=True).query.sql_with_params()
        people, of_people = self.people.query.sql_with_params()
        names = ", ".join(("id", "user_id", *self.marks.values()))
        with connection.cursor() as cursor:
            cursor.execute(f"WITH answering ({names}) AS MATERIALIZED ({people}) {sql}", [*of_people, *params])
            return cursor.fetchall()


def _holds(condition):
    """Return a condition as a value; PostgreSQL, which cannot know how many answer, then reads each table once."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
