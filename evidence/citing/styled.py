"""Citations as people read them, by two styles of the Citation Style Language.

Loading the engine takes a fifth of a second and one citation some hundredths, so both are done when first needed and
kept: the engine for as long as the process lives, citations by what they say.
"""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from types import SimpleNamespace

from django.utils.html import escape
from django.utils.safestring import mark_safe

HARVARD, APA = "harvard-cite-them-right", str(Path(__file__).with_name("csl_styles") / "apa.csl")
OPENS, CLOSES = "\ue000", "\ue001"
"""They stand around what is set in italics; no work holds them."""
KEPT = 4096
UNSTYLED = ("abstract", "contributor", "keyword", "language")
"""What no citation shows, or what the engine does not know."""
_one_at_a_time = Lock()
"""The engine notes in the style what it is doing."""


def styled(item, style):
    """Return an item of CSL-JSON as one line of text by a style, with marks around what is set in italics.

    A body that publishes its own work is named once. A work of nobody begins with its title, as both styles want,
    and which the engine would repeat.
    """
    known = {name: value for name, value in item.items() if name not in UNSTYLED}
    if known.get("author") == [{"literal": known["publisher"]}]:
        del known["publisher"]
    if not known.get("author"):
        known["author"] = [{"literal": f"{OPENS}{known['title']}{CLOSES}"}]
    return _styled(json.dumps(known, sort_keys=True), style)


def as_text(line):
    """Return a styled line without its marks."""
    return line.replace(OPENS, "").replace(CLOSES, "")


def as_html(line):
    """Return a styled line as safe HTML."""
    words = str(escape(line)).replace(OPENS, "<i>").replace(CLOSES, "</i>")
    return mark_safe(words)  # noqa: S308 - escaped just before


@lru_cache(maxsize=KEPT)
def _styled(known, style):
    from citeproc import Citation, CitationItem, CitationStylesBibliography  # noqa: PLC0415 - slow, see above
    from citeproc.source.json import CiteProcJSON  # noqa: PLC0415

    item = json.loads(known)
    title = item["title"]
    if OPENS in item["author"][0].get("literal", ""):
        del item["title"]
    with _one_at_a_time:
        shelf = CitationStylesBibliography(_loaded(style), CiteProcJSON([item]), _marks())
        shelf.register(Citation([CitationItem(item["id"].lower())]))
        line = str(shelf.bibliography()[0])
    return _ended_once(line, title)


@cache
def _loaded(style):
    from citeproc import CitationStylesStyle  # noqa: PLC0415

    return CitationStylesStyle(style, locale="en-GB", validate=False)


@cache
def _marks():
    """Return what the engine calls a formatter: text as it is, and marks around what is set in italics."""

    def italic(words):
        return f"{OPENS}{words}{CLOSES}"

    plainly = dict.fromkeys(("Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps"), str)
    return SimpleNamespace(preformat=str, Italic=italic, Oblique=italic, **plainly)


def _ended_once(line, title):
    """Take away the full stop that a style puts after a title with an end of its own."""
    if title[-1:] not in ".?!":
        return line
    return re.sub(rf"({re.escape(title)}{CLOSES}?)\.", lambda found: found[1], line, count=1)
