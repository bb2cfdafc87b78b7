"""What two people wrote into the same part, side by side."""

from dataclasses import dataclass

from collaborative.core.differences import ADDED, REMOVED, SAME, Steps, runs
from evidence.models import Author, File, Funder, Recommendation, Reference, Section, Study, Version

SIGNS = {SAME: " ", REMOVED: "-", ADDED: "+"}
LINES_APART = 400
"""So many changed lines are looked for between two texts; more is shown as one text after the other."""


@dataclass
class Difference:
    """A field whose two texts differ: what stands there now, and line by line what is theirs and what is yours."""

    label: str
    theirs: str
    lines: list


def differences(conflict, typed):
    """Return a ``Difference`` for each field in which what stands there differs from what was typed."""
    theirs, yours = _fields(conflict.current), _fields(typed)
    names = [name for name in {**theirs, **yours} if theirs.get(name, "") != yours.get(name, "")]
    steps = Steps()
    return [Difference(_label(name), theirs.get(name, ""), _lines(theirs, yours, name, steps)) for name in names]


def _fields(content):
    """Return a part's content as texts by the names of its fields; rows are counted."""
    if isinstance(content, list):
        rows = ({name: value for name, value in row.items() if name != "id"} for row in content)
        found = {}
        for number, row in enumerate(rows, 1):
            found |= {(number, name): _text(value) for name, value in row.items()}
        return found
    return {(0, name): _text(value) for name, value in (content or {}).items()}


def _text(value):
    return "" if value is None else str(value)


def _lines(theirs, yours, name, steps):
    before, after = (side.get(name, "").splitlines() for side in (theirs, yours))
    found = runs(before, after, apart=LINES_APART, steps=steps)
    return [(SIGNS[kind], line) for kind, lines in found for line in lines]


def _label(name):
    number, field = name
    for model in (Version, Author, Funder, Recommendation, Section, Reference, Study, File):
        names = {each.attname: each for each in model._meta.concrete_fields}
        if field in names:
            words = str(names[field].verbose_name)
            break
    else:
        words = field
    words = words[:1].upper() + words[1:]
    return f"{words} {number}" if number else words
