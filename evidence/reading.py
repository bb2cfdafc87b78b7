"""A version as it is read: sections as HTML, citations joined to references, a contents list."""

from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from collaborative.core import text

WORDS_A_MINUTE = 230
SUMMARY, FINDINGS, PRIORITIES = "plain-language-summary", "key-findings", "research-priorities"
BACKGROUND, REFERENCES, ABOUT = "the-background", "references", "about-this-text"
PAGE_ANCHORS = ("main", "menu-q", SUMMARY, FINDINGS, PRIORITIES, BACKGROUND, REFERENCES, ABOUT, "training", "cite")
"""Anchors that the page has of its own; a section of the same name gets a number behind it."""


def unknown_citations(version):
    """Return the keys that the version's texts cite and its references lack."""
    texts = [version.plain_summary, version.background, version.provenance]
    for parts in (version.sections.values_list("body"), version.findings.values_list("text")):
        texts += [value for (value,) in parts]
    texts += [value for (value,) in version.priorities.values_list("text")]
    named = {key for each in texts for key, _where in text.cited(each)}
    return sorted(named - set(version.references.values_list("key", flat=True)))


@dataclass
class Part:
    """A heading with its text, ready to be shown."""

    anchor: str
    heading: str
    html: str


@dataclass
class Numbered:
    """A finding or a priority with the section that it rests on."""

    number: int
    html: str
    section: Part = None


@dataclass
class Source:
    """A reference and the places that cite it: ``[(anchor, number), …]``."""

    reference: object
    places: list = field(default_factory=list)


class Reading:
    """Everything that the page of one version shows; six queries, whatever its length.

    The texts are rendered in the page's order, so that footnotes, tables and the ways back from a
    reference count through; no anchor is given twice.
    """

    def __init__(self, version):
        self.version = version
        self.sources = {each.key: Source(each) for each in version.references.all()}
        self.authors = list(version.authors.select_related("organisation"))
        sections, findings, priorities = (
            list(parts.all()) for parts in (version.sections, version.findings, version.priorities)
        )
        self._page = text.Page(self._fixed_anchors(findings, priorities))
        parts = {each.pk: Part(self._page.anchor(each.anchor), each.heading, "") for each in sections}
        self.plain_summary = self._html(version.plain_summary, "summary")
        self.findings = [self._numbered(each, "finding", parts) for each in findings]
        self.priorities = [self._numbered(each, "priority", parts) for each in priorities]
        self.background = self._html(version.background, BACKGROUND)
        for each in sections:
            parts[each.pk].html = self._html(each.body, parts[each.pk].anchor)
        self.parts = list(parts.values())
        self.provenance = self._html(version.provenance, "provenance", level=4)
        texts = [version.plain_summary, version.background, *(s.body for s in sections)]
        texts += [each.text for each in (*findings, *priorities)]
        self.minutes = max(1, round(sum(len(each.split()) for each in texts) / WORDS_A_MINUTE))

    def _fixed_anchors(self, findings, priorities):
        numbered = [f"finding-{each.number}" for each in findings] + [f"priority-{each.number}" for each in priorities]
        return [*PAGE_ANCHORS, *numbered, *(f"ref-{key}" for key in self.sources)]

    def _numbered(self, row, name, parts):
        html = self._html(row.text, f"{name}-{row.number}", level=4)
        return Numbered(row.number, html, parts.get(row.section_id))

    @property
    def contents(self):
        """The contents list, in the order of the page, without what is empty."""
        fixed = [
            (SUMMARY, _("Plain-language summary"), self.plain_summary),
            (FINDINGS, _("Key findings"), self.findings),
            (PRIORITIES, _("Research priorities"), self.priorities),
            (BACKGROUND, _("Background"), self.background),
        ]
        rows = [{"id": anchor, "title": title} for anchor, title, there in fixed if there]
        rows += [{"id": part.anchor, "title": part.heading} for part in self.parts]
        if self.sources:
            rows.append({"id": REFERENCES, "title": _("References")})
        return [*rows, {"id": ABOUT, "title": _("About this text")}]

    @property
    def references(self):
        """The sources in the order of the list."""
        return list(self.sources.values())

    @property
    def byline(self):
        """The authors as a title page names them: “A and B with C and D”, or the corporate author."""
        return byline(self.authors)

    @property
    def citation(self):
        """How to cite it, in one line of plain text."""
        review = self.version.review
        title = self.version.title
        parts = [self.byline, f"({review.year})" if review.year else "", title if title[-1:] in ".?!" else f"{title}."]
        series = f"{review.series}." if review.series else ""
        return " ".join(part for part in (*parts, series, f"{review.programme.name}.") if part)

    def _html(self, markdown, place, level=3):
        """Render one text; its citations become links, counted for the way back."""
        if not markdown:
            return ""
        return self._page.markdown(markdown, heading_level=level, prefix=place, cite=self._cite)

    def _cite(self, cited):
        """Return “(Author 2009, 39; Other 2010)”, each linked to its reference; an unknown key stands as typed."""
        return format_html("({})", format_html_join("; ", "{}", ((self._cite_one(*each),) for each in cited)))

    def _cite_one(self, key, where):
        source = self.sources.get(key)
        if source is None:
            return f"@{key}{f', {where}' if where else ''}"
        number = len(source.places) + 1
        anchor = self._page.anchor(f"cite-{key}-{number}")
        source.places.append((anchor, number))
        words = f"{source.reference.short}{f', {where}' if where else ''}"
        return format_html('<a class="cite" id="{}" href="#ref-{}">{}</a>', anchor, key, words)


def byline(authors):
    """Return the authors in words: authors, then “with” others.

    A corporate author stands alone when it is named first, or when nobody else is.
    """
    named = {part: [a.name for a in authors if a.part == part] for part in ("author", "with", "corporate")}
    if authors and authors[0].part == "corporate":
        return _joined(named["corporate"])
    first = _joined(named["author"]) or _joined(named["corporate"])
    if first and named["with"]:
        return _("%(authors)s with %(others)s") % {"authors": first, "others": _joined(named["with"])}
    return first or _joined(named["with"])


def _joined(names):
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
