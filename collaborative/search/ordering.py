"""Putting a queryset in the order of ids that are already known."""

from django.db.models import F, Func, IntegerField


class Place(Func):
    """The place of a row's id in a list of ids, NULL for others: ``order_by(Place(ids).asc(nulls_last=True))``."""

    output_field = IntegerField()

    def __init__(self, ids):
        super().__init__(F("pk"))
        self.ids = tuple(ids)

    def as_sqlite(self, compiler, connection, **context):
        """Return where the id stands in a text of all ids, parted by commas."""
        column, params = compiler.compile(self.source_expressions[0])
        known = ",".join(map(str, self.ids))
        place = f"instr(%s, ',' || {column} || ',')"
        return f"CASE WHEN {column} IN ({known}) THEN {place} END", [*params, f",{known},", *params]

    def as_postgresql(self, compiler, connection, **context):
        """Return where the id stands in an array of all ids; only those that do are looked for one by one."""
        column, params = compiler.compile(self.source_expressions[0])
        place = f"array_position(%s::bigint[], {column}::bigint)"
        known = f"{column} = ANY(%s::bigint[])"
        return f"CASE WHEN {known} THEN {place} END", [*params, list(self.ids), list(self.ids), *params]
