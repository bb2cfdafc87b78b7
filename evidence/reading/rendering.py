"""The texts of a version as HTML: in the page's order, so that footnotes, tables and figures count through."""

from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join

from collaborative.core import text
from collaborative.core.text_marks import gap
from evidence.reading.anchors import (
    ABOUT,
    ATTACHMENTS,
    BACKGROUND,
    FINDINGS,
    PAGE_ANCHORS,
    PRIORITIES,
    RECOMMENDATIONS,
    REFERENCES,
    STUDIES,
    SUMMARY,
    numbered_words,
    page_words,
)
from evidence.reading.rows import FINDING, PRIORITY, RECOMMENDATION

WORDS_A_MINUTE = 230
IN_ORDER = (FINDING, RECOMMENDATION, PRIORITY)


@dataclass
class Rendered:
    """What rendering yields: plain values, so that it can be kept."""

    texts: dict = field(default_factory=dict)
    anchors: dict = field(default_factory=dict)
    headings: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)
    minutes: int = 1


def rendered(version, rows, figures):
    """Return the texts of a version as HTML; ``figures`` are those it may place, by key."""
    return _Renderer(version, rows, figures).done


class _Renderer:
    def __init__(self, version, rows, figures):
        self.shorts = {each.key: each.short for each in rows.references}
        self.figures, self.rows, self.done = figures, rows, Rendered()
        self.page = text.Page(self._fixed(), cite=self._cite, figure=self._figure, points=True)
        self.done.anchors = {each.pk: self.page.anchor(each.anchor) for each in rows.sections}
        self._texts(version)
        points = self._points()
        self.done.texts = {name: self.page.joined(html, points.get) for name, html in self.done.texts.items()}

    def _fixed(self):
        """Return the anchors that the page has before any text is rendered."""
        numbered = [f"{kind}-{each.number}" for kind in IN_ORDER for each in self.rows.statements[kind]]
        studies = [f"study-{each.number}" for each in self.rows.studies]
        return [*PAGE_ANCHORS, *numbered, *studies, *(f"ref-{key}" for key in self.shorts)]

    def _texts(self, version):
        words = self._text(SUMMARY, version.plain_summary, "summary")
        for kind in IN_ORDER:
            for each in self.rows.statements[kind]:
                words += self._text(f"{kind}-{each.number}", each.text, f"{kind}-{each.number}", level=4)
        words += self._text(BACKGROUND, version.background, BACKGROUND)
        for each in self.rows.sections:
            words += self._text(each.pk, each.body, self.done.anchors[each.pk])
        self._text(ABOUT, version.provenance, "provenance", level=4)
        self.done.minutes = max(1, round(words / WORDS_A_MINUTE))

    def _text(self, name, markdown, prefix, level=3):
        """Render one text and keep it with its headings; return how many words it has."""
        before = len(self.page.headings)
        html = self.page.markdown(markdown, heading_level=level, prefix=prefix) if markdown else ""
        self.done.texts[name] = html
        self.done.headings[name] = [(each.anchor, each.words) for each in self.page.headings[before:]]
        return len(markdown.split())

    def _points(self):
        """Return what cross-references may name, beside what the texts have of their own."""
        found = {each.anchor: text.Target(self.done.anchors[each.pk], each.heading) for each in self.rows.sections}
        there = self._there()
        found |= {anchor: text.Target(anchor, words) for anchor, words in page_words().items() if anchor in there}
        for kind in IN_ORDER:
            for each in self.rows.statements[kind]:
                anchor = f"{kind}-{each.number}"
                found[anchor] = text.Target(anchor, numbered_words(kind, each.number))
        found |= {f"study-{each.number}": text.Target(f"study-{each.number}", each.short) for each in self.rows.studies}
        placed = {key: self.page.targets.get(f"figure-{key}") for key in self.figures}
        return {key: target for key, target in placed.items() if target} | found

    def _there(self):
        """Return the anchors of the page's own places that this text has."""
        rows, texts = self.rows, self.done.texts
        own = {SUMMARY: texts[SUMMARY], BACKGROUND: texts[BACKGROUND], STUDIES: rows.studies, ABOUT: True}
        own |= {REFERENCES: rows.references, ATTACHMENTS: rows.attachments}
        places = {FINDINGS: FINDING, RECOMMENDATIONS: RECOMMENDATION, PRIORITIES: PRIORITY}
        own |= {place: rows.statements[kind] for place, kind in places.items()}
        return {anchor for anchor, there in own.items() if there}

    def _figure(self, key, number, anchor):
        return self.figures[key].html(number, anchor) if key in self.figures else None

    def _cite(self, cited):
        """Return “(Author 2009, 39; Other 2010)”, each linked to its reference; an unknown key is a gap."""
        return format_html("({})", format_html_join("; ", "{}", ((self._cite_one(*each),) for each in cited)))

    def _cite_one(self, key, where):
        if key not in self.shorts:
            return gap(f"@{key}{f', {where}' if where else ''}")
        places = self.done.places.setdefault(key, [])
        anchor = self.page.anchor(f"cite-{key}-{len(places) + 1}")
        places.append((anchor, len(places) + 1))
        words = f"{self.shorts[key]}{f', {where}' if where else ''}"
        return format_html('<a class="cite" id="{}" href="#ref-{}">{}</a>', anchor, key, words)
