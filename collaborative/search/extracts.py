"""Extracts: the part of a text in which the found words stand, safe to show."""

import re

from django.utils.html import format_html, format_html_join

from collaborative.search.engines.signs import CLOSE, OPEN

LENGTH = 240
"""Characters of an extract, at most."""

BEFORE = 40
"""Characters shown before the first found word."""

CONSIDERED = 200
"""Found words among which the best place is looked for."""

_found = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_signs = re.compile(f"[{OPEN}{CLOSE}]")


def whole(text, marked):
    """Return all of a short text with the found words in ``<mark>``."""
    text, spans = _spans(text, marked)
    return _safe(text, spans, 0, len(text))


def extract(summary, marked_summary, body, marked_body):
    """Return the best place of the summary, or else of the body, or else the summary's beginning."""
    for text, marked in ((summary, marked_summary), (body, marked_body)):
        text, spans = _spans(text, marked)
        if spans:
            return _best(text, spans)
    return _best(summary or body, [])


def holding(text, marked, between):
    """Return those parts of a text, parted by ``between``, in which a found word stands."""
    text, spans = _spans(text, marked)
    found, start = [], 0
    for part in text.split(between):
        stop = start + len(part)
        if any(begin < stop and start < end for begin, end in spans):
            found.append(part)
        start = stop + len(between)
    return found


def _spans(text, marked):
    """Return the text and where its found words are.

    An engine may return the text without accents and signs; as long as it, it tells the places.
    If not (a letter with an accent that has no composed form), the engine's text itself is shown.
    """
    spans, gone = [], 0
    for match in _found.finditer(marked):
        spans.append((match.start() - gone, match.start() - gone + len(match[1])))
        gone += len(match[0]) - len(match[1])
    if len(marked) - gone != len(text):
        text = _signs.sub("", marked)
    return text, spans


def _best(text, spans):
    """Return the stretch of about ``LENGTH`` characters with the most different found words."""
    spans = spans[:CONSIDERED]
    first = max((begin for begin, _end in spans), key=lambda begin: _worth(text, spans, begin), default=0)
    start = max(0, min(first - BEFORE, len(text) - LENGTH))
    if start:
        start = text.find(" ", start, start + BEFORE) + 1 or start
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), *(stop for _begin, stop in spans if stop <= end), start + BEFORE)
    return format_html("{}{}{}", "… " if start else "", _safe(text, spans, start, end), " …" if end < len(text) else "")


def _worth(text, spans, first):
    """Say what an extract from ``first`` on would show: different words, then words, then an early place."""
    inside = [text[begin:end].lower() for begin, end in spans if first <= begin and end <= first + LENGTH - BEFORE]
    return len(set(inside)), len(inside), -first


def _safe(text, spans, start, end):
    """Return a stretch of the text, escaped, with the found words in ``<mark>``."""
    pieces, here = [], start
    for begin, stop in spans:
        if start <= begin and stop <= end:
            pieces.append(format_html("{}<mark>{}</mark>", text[here:begin], text[begin:stop]))
            here = stop
    return format_html_join("", "{}", ((piece,) for piece in (*pieces, text[here:end])))
