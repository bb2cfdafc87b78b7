"""Tables in Markdown whose rows do not fit each other."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

RULE = re.compile(r"\s*+\|?\s*+:?-++:?\s*+(\|\s*+:?-++:?\s*+)+\|?\s*")
"""The line below the head of a table with two columns or more."""
BAR = re.compile(r"(?<!\\)\|")
QUOTED = re.compile(r"^(\s*>)+")


def broken_tables(tokens, lines):
    """Yield (line, sentence) for each row that has more or fewer cells than its table's head."""
    for token in tokens:
        if token.type == "table_open":
            yield from _rows(lines, *token.map)
        elif token.type == "inline" and token.map:
            yield from _not_read(token, lines)


def _rows(lines, start, end):
    head = cells(lines[start])
    for at in range(start + 2, end):
        row = cells(lines[at])
        if row != head:
            words = ngettext(
                "This row has %(row)d cell, the head of its table %(head)d.",
                "This row has %(row)d cells, the head of its table %(head)d.",
                row,
            )
            yield at + 1, f"{words % {'row': row, 'head': head}} {_('Put “|” between all cells, empty ones too.')}"


def _not_read(token, lines):
    """Yield the lines that look like the rule below a table's head and are none."""
    for at in range(token.map[0] + 1, min(token.map[1], len(lines))):
        line = QUOTED.sub("", lines[at])
        if RULE.fullmatch(line) and "|" in lines[at - 1]:
            rule = {"rule": cells(line), "head": cells(lines[at - 1])}
            words = _("This is not read as a table: its head has %(head)d cells, the line below it %(rule)d.")
            yield at + 1, words % rule


def cells(line):
    """Return how many cells a row has."""
    bare = QUOTED.sub("", line).strip()
    bare = bare.removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return len(BAR.split(bare))
