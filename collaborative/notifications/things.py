"""Fetching what letters and news are about, many at once and only what a person may see."""

from collections import defaultdict

from collaborative.core import kinds
from collaborative.notifications import notices
from collaborative.notifications.notices import related_of


def visible(pairs, user):
    """Return ``{(kind, id): thing}`` of those that ``user`` may see; one query for each kind.

    A kind that no app registers any more is left out.
    """
    wanted = defaultdict(set)
    for kind, pk in pairs:
        wanted[kind].add(pk)
    known = set(kinds.names())
    return {(kind, row.pk): row for kind, ids in wanted.items() if kind in known for row in _rows(kind, ids, user)}


def _rows(kind, ids, user):
    rows = kinds.model_of(kind)._default_manager.visible_to(user).filter(pk__in=ids)
    related = related_of(kind)
    return rows.select_related(*related) if related else rows


def told_of(letter, address):
    """Return the thing of a letter to an address, or None when the owner of the address may not be told of it."""
    notice = notices.notices().get(letter.key)
    if notice is None or notice.for_address is None:
        return None
    related = related_of(letter.kind_of)
    rows = notice.for_address(kinds.model_of(letter.kind_of)._default_manager.all(), address)
    return (rows.select_related(*related) if related else rows).filter(pk=letter.object_id).first()
