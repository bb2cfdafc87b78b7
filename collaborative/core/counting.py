"""Several counts in one query."""

from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce


def numbers(person, rows):
    """Return ``{name: how many}`` for ``rows``, ``{name: queryset}``, in one query; ``person`` is anybody's account."""
    places = {f"n{place}": _number(each) for place, each in enumerate(rows.values())}
    found = person._meta.model._default_manager.filter(pk=person.pk).values(**places).get()
    return {name: found[f"n{place}"] for place, name in enumerate(rows)}


def _number(rows):
    one = rows.order_by().values(together=Value(1)).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(one), 0)
