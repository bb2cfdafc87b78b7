"""Writing a text: its parts are saved one by one, and nobody's work is overwritten in silence.

Whoever saves a part hands over ``seen``, the digest of what their form was filled with. If the part has changed
since, ``Conflict`` carries what stands there now, and nothing is saved until it has been seen.
"""

import hashlib
import json

from django.db import transaction
from django.db.models import F, Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from evidence.models import (
    Author,
    Finding,
    Funder,
    Recommendation,
    Reference,
    ResearchPriority,
    Review,
    Section,
    Study,
)
from evidence.services.locking import locked as locked_version

TEXT = (
    "title", "summary", "plain_summary", "background", "changes", "provenance", "licence", "current_as_of",
    "update_due_on", "handling",
)  # fmt: skip
"""What stands on the version itself."""

SOURCE = (
    "short", "authors", "year", "title", "container", "publisher", "volume", "pages", "doi", "url", "frozen_url",
    "note",
)  # fmt: skip
LISTS = {
    "authors": (Author, "position", ("part", "name", "family", "affiliation", "organisation_id", "orcid", "ror")),
    "funders": (Funder, "position", ("name", "grant", "organisation_id", "ror")),
    "findings": (Finding, "number", ("text", "section_id")),
    "priorities": (ResearchPriority, "number", ("text", "section_id")),
    "recommendations": (Recommendation, "number", ("title", "text", "whom", "by_when", "section_id")),
}
"""Parts that are saved as a whole list: their table, what orders it, and what is written in each row."""

ROWS = {
    "sections": (Section, "position", ("heading", "anchor", "body")),
    "references": (Reference, None, ("key", *SOURCE, "full")),
    "studies": (Study, "number", (*SOURCE, "reference_id", "design", "setting", "result")),
}
"""Parts of which each row is saved by itself."""

ORDERED = tuple(name for name, (_model, order, _fields) in ROWS.items() if order)
NEW = ""
"""The digest of what is not there yet."""
ASIDE = 10_000
"""Numbers at which rows wait while others take theirs; no text has as many."""


class Conflict(Refused):
    """Somebody else has saved the same part since the form was filled.

    ``current`` is what stands there now and ``seen`` its digest; both are empty when it was removed.
    """

    def __init__(self, current, seen):
        super().__init__(_("Somebody else saved this part while you wrote. Nothing of theirs or yours is lost."))
        self.current, self.seen = current, seen


def digest(content):
    """Return the digest of what a part consists of."""
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()[:32]


def text_of(version):
    """Return what stands on the version itself, by field."""
    return {name: getattr(version, name) for name in TEXT}


def list_of(version, part):
    """Return the rows of one of the ``LISTS``, each with its id."""
    model, _order, fields = LISTS[part]
    return list(model.objects.filter(version=version).values("id", *fields))


def row_of(version, part, pk):
    """Return what one row of the ``ROWS`` consists of, by field; None when it is not there."""
    model, _order, fields = ROWS[part]
    return model.objects.filter(version=version, pk=pk).values(*fields).first()


def _locked(version, by):
    """Lock the version, so that of two who save one is first; raises ``Refused`` when its text stands still."""
    _review, fresh = locked_version(version)
    policies.require("evidence.desk", by, fresh)
    answer = policies.ask("evidence.edit", by, fresh)
    if not answer:
        raise Refused(answer.reason)
    return fresh


def _compare(current, seen):
    if seen != (NEW if current is None else digest(current)):
        raise Conflict(current, NEW if current is None else digest(current))


def _written(version, by):
    record("version.written", version, by=by)


@transaction.atomic
def save_text(version, *, by, values, seen):
    """Save what stands on the version itself; return the version.

    Until something is published the review is called what its version is called; what readers once knew it by
    stays when it is withdrawn. Raises ``Conflict``, ``Refused`` when the text stands still, ``PermissionDenied`` for
    anyone who does not make the review.
    """
    locked = _locked(version, by)
    current = text_of(locked)
    _compare(current, seen)
    if current == values:
        return locked
    for name in TEXT:
        setattr(locked, name, values[name])
    locked.save(update_fields=TEXT)
    Review.objects.filter(pk=locked.review_id, published_at=None).update(title=locked.title)
    _written(locked, by)
    return locked


@transaction.atomic
def save_list(version, part, *, by, rows, seen):
    """Make one of the ``LISTS`` consist of ``rows``, in their order; return nothing.

    A row with the ``id`` of one that stands there keeps it; what is not among the rows goes. Raises as ``save_text``.
    """
    locked = _locked(version, by)
    _compare(list_of(locked, part), seen)
    model, order, fields = LISTS[part]
    standing = model.objects.filter(version=locked)
    kept = {row["id"] for row in rows if row.get("id")}
    standing.exclude(pk__in=kept).delete()
    standing.update(**{order: F(order) + ASIDE})
    there = standing.in_bulk()
    for number, row in enumerate(rows, 1):
        made = there.get(row.get("id")) or model(version=locked)
        for name in fields:
            setattr(made, name, row[name])
        setattr(made, order, number)
        made.save()
    _written(locked, by)


@transaction.atomic
def save_row(version, part, *, by, values, seen, pk=None):
    """Save one row of the ``ROWS``, or add one at the end; return it.

    A section without an anchor gets one from its heading; what is added twice alike is added once. Raises as
    ``save_text``; the ``current`` of a conflict is None when somebody has removed the row, and ``seen`` is then
    what adds it again.
    """
    locked = _locked(version, by)
    model, order, fields = ROWS[part]
    current = row_of(locked, part, pk) if pk else None
    _compare(current, seen)
    others = model.objects.filter(version=locked).exclude(pk=pk if current else None)
    same = {name: value for name, value in values.items() if value or name != "anchor"}
    if not current and (twice := others.filter(**same).first()):
        return twice
    _refuse_taken(others, part, values)
    if part == "sections":
        values = {**values, "anchor": values["anchor"] or free_anchor(locked, values["heading"])}
    row = model.objects.get(pk=pk) if current else model(version=locked)
    if order and not current:
        setattr(row, order, (model.objects.filter(version=locked).aggregate(last=Max(order))["last"] or 0) + 1)
    for name in fields:
        setattr(row, name, values[name])
    row.save()
    _written(locked, by)
    return row


def _refuse_taken(others, part, values):
    name = {"sections": "anchor", "references": "key"}.get(part)
    if name and values[name] and others.filter(**{name: values[name]}).exists():
        raise Refused(
            _("“%(word)s” stands for another part of this text. Choose another word.") % {"word": values[name]}
        )


def free_anchor(version, heading):
    """Return an anchor made of a heading that no other section of the version has."""
    base = slugify(heading)[:70].strip("-") or "section"
    taken = set(version.sections.values_list("anchor", flat=True))
    number, anchor = 2, base
    while anchor in taken:
        anchor, number = f"{base}-{number}", number + 1
    return anchor


@transaction.atomic
def remove_row(version, part, pk, *, by, seen):
    """Take one row of the ``ROWS`` out of the text; a second press changes nothing. Raises as ``save_text``."""
    locked = _locked(version, by)
    current = row_of(locked, part, pk)
    if current is None:
        return
    _compare(current, seen)
    model, order, _fields = ROWS[part]
    model.objects.filter(version=locked, pk=pk).delete()
    if order:
        _number(locked, part, list(model.objects.filter(version=locked)))
    _written(locked, by)


@transaction.atomic
def move_row(version, part, pk, *, by, up):
    """Move one row of an ordered part before the one above it, or behind the one below; at the end it stays.

    Raises ``Refused`` when the text stands still or the row has been removed.
    """
    locked = _locked(version, by)
    model, _order, _fields = ROWS[part]
    rows = list(model.objects.filter(version=locked))
    at = next((place for place, row in enumerate(rows) if row.pk == pk), None)
    if at is None:
        raise Refused(_("Somebody has removed this part meanwhile."))
    to = at - 1 if up else at + 1
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
        _number(locked, part, rows)
        _written(locked, by)


def _number(version, part, rows):
    """Give rows the numbers of their order."""
    model, order, _fields = ROWS[part]
    model.objects.filter(version=version).update(**{order: F(order) + ASIDE})
    for number, row in enumerate(rows, 1):
        setattr(row, order, number)
    model.objects.bulk_update(rows, [order])
