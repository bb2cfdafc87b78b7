"""A sheet's words as plain values, and how two who change them at once do not overwrite each other."""

import json
from hashlib import sha256

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from collaborative.core.errors import Refused
from evidence.models import Example, Mode, Resource, Tag

TEXTS = ("title", "summary", "why", "conditions", "not_worked", "cost", "contact", "provenance")
KEYS = ("programme_id", "organisation_id", "stage_id")
LISTS = ("themes", "recognised")
ROWS = {
    "examples": (Example, ("place", "country", "partners", "text", "source", "url")),
    "modes": (Mode, ("term_id", "text")),
    "resources": (Resource, ("citation", "doi", "url", "frozen_url", "note")),
}
FIELD_OF = {"programme_id": "standing", "organisation_id": "standing", "stage_id": "stage"}
"""The form's field in which a value is chosen, where the two are called differently."""


class Changed(Refused):
    """Somebody changed the same parts meanwhile; ``now`` are the parts as they stand."""

    def __init__(self, now):
        super().__init__(
            _(
                "This sheet was changed meanwhile, perhaps in another window. "
                "What you typed stands below, not yet saved."
            )
        )
        self.now = now


def snapshot(sheet):
    """Return everything that is written on a sheet, as plain values that can be compared."""
    values = {name: getattr(sheet, name) for name in (*TEXTS, *KEYS)}
    for name in LISTS:
        values[name] = sorted(each.pk for each in getattr(sheet, name).all())
    values["tags"] = [each.name for each in sheet.tags.all()]
    for name, (_model, columns) in ROWS.items():
        values[name] = [_plain(row, columns) for row in getattr(sheet, name).all()]
    return values


def _plain(row, columns):
    values = ((name, getattr(row, name)) for name in columns)
    return {name: value if value is None or isinstance(value, int) else str(value) for name, value in values}


def marks(values):
    """Return a short mark of each value, which a form carries to say what it was filled with."""
    return {name: _mark(name, value) for name, value in values.items()}


def _mark(name, value):
    if name == "tags":
        value = sorted(tag.lower() for tag in value)
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def keep(sheet, values, seen):
    """Write those of ``values`` that are new; ``seen`` are the marks of what the writer had in front of them.

    What somebody else changed and the writer left alone stays as it now is. Raises ``Changed`` where both
    changed the same part.
    """
    now = snapshot(sheet)
    before, theirs = marks(now), marks(values)
    new = {name for name in values if theirs[name] != before[name]}
    meanwhile = {name for name in new if seen.get(name) != before[name]}
    clashing = {name for name in meanwhile if theirs[name] != seen.get(name)}
    if clashing:
        raise Changed({FIELD_OF.get(name, name): now[name] for name in clashing})
    _write(sheet, {name: values[name] for name in new - meanwhile})
    return bool(new - meanwhile)


def _write(sheet, values):
    for name in (*TEXTS, *KEYS):
        if name in values:
            setattr(sheet, name, values[name])
    sheet.save()
    for name in LISTS:
        if name in values:
            getattr(sheet, name).set(values[name])
    if "tags" in values:
        sheet.tags.set(tags_called(values["tags"]))
    for name, (model, _columns) in ROWS.items():
        if name in values:
            model.objects.filter(sheet=sheet).delete()
            rows = enumerate(values[name], start=1)
            model.objects.bulk_create(model(sheet=sheet, position=position, **row) for position, row in rows)


def tags_called(names):
    """Return the tags of these names, made where they are missing; capitals make no other tag."""
    wanted = {name.lower() for name in names}
    rows = Tag.objects.annotate(low=Lower("name")).filter(Q(low__in=wanted) | Q(name__in=names))
    known = {tag.name.lower() for tag in rows}
    Tag.objects.bulk_create([Tag(name=name) for name in names if name.lower() not in known], ignore_conflicts=True)
    return list(rows.all())
