"""What changed from one version to another, part by part, as a person reads it."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core.differences import ADDED, PARAGRAPHS_APART, REMOVED, SAME, Steps, runs, words_changed
from collaborative.core.text_marks import CITATION, keys_of
from evidence.reading.anchors import numbered_words
from evidence.reading.authors import byline
from evidence.reading.rows import FINDING, PRIORITY, RECOMMENDATION, rows_of

AROUND = 1
"""Unchanged paragraphs that are shown on either side of a change."""
CHANGED, FOLD = "changed", "fold"
BETWEEN = re.compile(r"\n\s*\n")
HEADING = re.compile(r"^#{1,6}\s+")
FIGURE = re.compile(r"!\[[^\]]*\]\(([\w-]+)\)")


@dataclass(frozen=True)
class Row:
    """One paragraph: the same, added, removed, or changed with its ``pieces``; or a fold of unchanged ones."""

    kind: str
    text: str = ""
    pieces: tuple = ()


@dataclass(frozen=True)
class PartChanges:
    """A part that changed: its heading, whether it is new or gone, and its paragraphs."""

    heading: str
    kind: str
    rows: list


@dataclass(frozen=True)
class Changes:
    """All that changed between two versions, and the headings of what did not."""

    parts: list
    unchanged: list


def changes(old, new):
    """Return what changed from ``old`` to ``new``; the work is bounded, however long they are."""
    before, after = _parts(old), _parts(new)
    steps, parts, unchanged = Steps(), [], []
    for key in _order(list(before), list(after)):
        (was_heading, was), (heading, now) = before.get(key, ("", [])), after.get(key, ("", []))
        if was == now:
            unchanged += [heading] if now and was_heading == heading else []
            if was_heading == heading:
                continue
        kind = ADDED if key not in before else REMOVED if key not in after else CHANGED
        title = [heading or was_heading] if kind != CHANGED or was_heading == heading else [was_heading, heading]
        renamed = [Row(REMOVED, title[0]), Row(ADDED, title[1])] if len(title) == 2 else []
        parts.append(PartChanges(title[-1], kind, renamed + _rows(was, now, steps)))
    return Changes([each for each in parts if each.rows], unchanged)


def _order(old, new):
    """Return the keys of both, in the order of the new one, what is gone after what stood before it."""
    order = list(new)
    for at, key in enumerate(old):
        if key not in order:
            order.insert(order.index(old[at - 1]) + 1 if at else 0, key)
    return order


def _parts(version):
    """Return ``{key: (heading, [paragraph, …])}`` of a version, in the order of its page."""
    rows = rows_of(version)
    shorts = {each.key: each.short for each in rows.references}
    paragraphs = lambda text: [_tidy(each, shorts) for each in BETWEEN.split(text.strip()) if each.strip()]  # noqa: E731
    parts = {
        "title": (_("Title"), [version.title]),
        "authors": (_("Authors"), [byline(rows.authors)] if rows.authors else []),
        "summary": (_("Summary"), paragraphs(version.summary)),
        "plain": (_("Plain-language summary"), paragraphs(version.plain_summary)),
    }
    for kind in (FINDING, RECOMMENDATION, PRIORITY):
        for each in rows.statements[kind]:
            text = f"{each.title}\n\n{each.text}\n\n{_for_whom(each)}"
            parts[f"{kind} {each.number}"] = (numbered_words(kind, each.number), paragraphs(text))
    parts["background"] = (_("Background"), paragraphs(version.background))
    for each in rows.sections:
        parts[f"section {each.anchor}"] = (each.heading, paragraphs(each.body))
    parts["studies"] = (_("Included studies"), [_study(each) for each in rows.studies])
    parts["references"] = (_("References"), [_reference(each) for each in rows.references])
    files = [*rows.figures.values(), *rows.attachments]
    parts["files"] = (_("Figures and attachments"), [f"{each.title} ({each.sha256[:8]})" for each in files])
    parts["provenance"] = (_("Where this copy comes from"), paragraphs(version.provenance))
    parts["licence"] = (_("Licence"), [version.licence] if version.licence else [])
    return parts


def _for_whom(row):
    parts = [row.whom, row.by_when.isoformat() if row.by_when else ""]
    return ", ".join(each for each in parts if each)


def _reference(row):
    parts = (row.short, row.authors, row.year, row.title, row.container, row.full, row.doi, row.url, row.note)
    return ". ".join(str(each) for each in parts if each)


def _study(row):
    parts = (f"{row.number}", row.short, row.title, row.design, row.setting, row.result)
    return ". ".join(each for each in parts if each)


def _tidy(paragraph, shorts):
    """Return a paragraph of Markdown without the marks that only its writer needs."""

    def named(found):
        words = (f"{shorts.get(key, key)}{f', {where}' if where else ''}" for key, where in keys_of(found))
        return f"({'; '.join(words)})"

    text = CITATION.sub(named, HEADING.sub("", paragraph.strip()))
    text = FIGURE.sub(lambda found: _("Figure “%(key)s”") % {"key": found.group(1)}, text)
    return text.replace("**", "")


def _rows(old, new, steps):
    rows, found = [], runs(old, new, apart=PARAGRAPHS_APART, steps=steps)
    removed = []
    for at, (kind, paragraphs) in enumerate(found):
        following = found[at + 1][0] if at + 1 < len(found) else ""
        if kind == SAME:
            rows += _folded(paragraphs, first=at == 0, last=at == len(found) - 1)
        elif kind == REMOVED and following == ADDED:
            removed = paragraphs
        elif kind == ADDED:
            rows += _paired(removed, paragraphs, steps)
            removed = []
        else:
            rows += [Row(REMOVED, each) for each in paragraphs]
    return rows if any(kind != SAME for kind, _paragraphs in found) else []


def _paired(old, new, steps):
    """Show removed and added paragraphs that stand for each other word by word."""
    rows = []
    for was, now in zip(old, new, strict=False):
        pieces = words_changed(was, now, steps)
        rows += [Row(CHANGED, pieces=tuple(pieces))] if pieces else [Row(REMOVED, was), Row(ADDED, now)]
    rows += [Row(REMOVED, each) for each in old[len(new) :]]
    return rows + [Row(ADDED, each) for each in new[len(old) :]]


def _folded(paragraphs, first, last):
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    hidden = len(paragraphs) - head - tail
    if hidden < 2:
        return [Row(SAME, each) for each in paragraphs]
    words = ngettext("%(n)s paragraph is unchanged.", "%(n)s paragraphs are unchanged.", hidden) % {"n": hidden}
    kept = [Row(SAME, each) for each in paragraphs]
    return [*kept[:head], Row(FOLD, words), *kept[len(kept) - tail :]]
