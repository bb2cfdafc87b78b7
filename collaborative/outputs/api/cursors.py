"""Pages by cursor: each begins after the last row of the one before, so that nothing is lost or doubled meanwhile.

A cursor is signed, names its list and order, and holds the values that the last row is ordered by. Only “best match”
goes by place, since it is an order that the index gives anew for each question.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import F, Q
from django.db.models.expressions import OrderBy

from collaborative.core.facets import BEST
from collaborative.outputs.api.problems import Problem


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the cursor of the next or None."""

    rows: list
    cursor: str | None


def page(rows, filterset, params, name):
    """Return the ``Page`` of ``rows`` that the parameters ask for, in one of the orders of the list called ``name``."""
    sort = filterset.filters["sort"]
    now = sort.now([params.sort] if params.sort else [])
    if params.sort and now != params.sort:
        raise Problem("bad-parameter", "“best” orders what is searched for: it needs “q”.", parameter="sort")
    after = _read(params.cursor, name, now) if params.cursor else None
    if now == BEST:
        return _by_place(rows.order_by(filterset.best_order(filterset.q_text), "pk"), params.limit, name, after or 0)
    return _by_keys(rows, sort.orders[now][1], params.limit, (name, now), after)


def _by_place(rows, limit, name, place):
    found = list(rows[place : place + limit + 1])
    more = len(found) > limit
    return Page(found[:limit], _signed(name, BEST, place + limit) if more else None)


def _by_keys(rows, fields, limit, of, after):
    keys = [_key(each) for each in fields]
    keys.append((F("pk"), keys[0][1]))
    rows = rows.annotate(**{f"key_{at}": expression for at, (expression, _down) in enumerate(keys[:-1])})
    names = [*(f"key_{at}" for at in range(len(keys) - 1)), "pk"]
    down = [falls for _expression, falls in keys]
    if after is not None:
        rows = rows.filter(_beyond(names, down, _values(after, len(names))))
    rows = rows.order_by(*(f"-{name}" if falls else name for name, falls in zip(names, down, strict=True)))
    found = list(rows[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    last = found[limit - 1]
    return Page(found[:limit], _signed(*of, [_written(getattr(last, name)) for name in names]))


def _key(field):
    """Return ``(expression, whether it falls)`` of a name or an expression that a list is ordered by."""
    if isinstance(field, OrderBy):
        return field.expression, field.descending
    if isinstance(field, str):
        return F(field.lstrip("-")), field.startswith("-")
    return field, False


def _beyond(names, down, values):
    """Return what holds for rows that stand after the values; its first part can be read from an index."""
    beyond, same = Q(), Q()
    for name, falls, value in zip(names, down, values, strict=True):
        beyond |= same & Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
        same &= Q(**{name: value})
    return Q(**{f"{names[0]}__{'lte' if down[0] else 'gte'}": values[0]}) & beyond


def _signer(name):
    return signing.Signer(salt=f"collaborative.outputs.api:{name}")


def _signed(name, order, after):
    return _signer(name).sign_object([order, after])


def _read(cursor, name, order):
    """Return what a cursor holds; a ``Problem`` for one that is not of this list and order."""
    try:
        made_for, after = _signer(name).unsign_object(cursor)
    except (signing.BadSignature, ValueError, TypeError) as bad:
        raise Problem("bad-cursor", "This cursor was not made for this list.", parameter="cursor") from bad
    if made_for != order:
        raise Problem("bad-cursor", "This cursor was made for another order of this list.", parameter="cursor")
    return after


def _written(value):
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _values(after, number):
    if not isinstance(after, list) or len(after) != number:
        raise Problem("bad-cursor", "This cursor is too old: begin again without it.", parameter="cursor")
    return [datetime.fromisoformat(each["at"]) if isinstance(each, dict) else each for each in after]
