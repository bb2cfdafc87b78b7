"""Writing many rows by one statement, whoever they are for."""

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import Value


def insert_from(model, rows, **columns):
    """Insert into ``model`` one row for each of ``rows`` (a queryset); return how many were new.

    ``columns`` gives the value of each field: a plain value or an expression over ``rows``; fields
    not named get their default. Rows that would break a unique constraint are left as they are.
    The number of statements is one, however many rows there are.
    """
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    values = [_expression(field, columns) for field in fields]
    try:
        select, params = rows.order_by().values_list(*values).query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return 0
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) {select} ON CONFLICT DO NOTHING"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def _expression(field, columns):
    given = columns.get(field.name, columns.get(field.attname, field.get_default()))
    return given if hasattr(given, "resolve_expression") else Value(given, output_field=field)
