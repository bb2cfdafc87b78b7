"""A version as it is read: sections as HTML, citations joined to references, a contents list."""

import re
from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from collaborative.core import text

CITATION = re.compile(r"\[((?:@[\w-]+(?:,\s*[\w.–-]+)?;?\s*)+)\](?!\()")
ONE = re.compile(r"@([\w-]+)(?:,\s*([\w.–-]+))?")
LINK = re.compile(r'<a href="#ref-([\w-]+)"')
WORDS_A_MINUTE = 230


def cited_keys(markdown):
    """Return the keys that a text cites as ``[@key]`` or ``[@a, 39; @b]``, in order."""
    return [key for group in CITATION.finditer(markdown or "") for key, _page in ONE.findall(group.group(1))]


def unknown_citations(version):
    """Return the keys that the version's texts cite and its references lack."""
    texts = [version.plain_summary, version.background]
    for related in (version.sections.values_list("body"), version.findings.values_list("text")):
        texts += [value for (value,) in related]
    texts += [value for (value,) in version.priorities.values_list("text")]
    cited = {key for each in texts for key in cited_keys(each)}
    return sorted(cited - set(version.references.values_list("key", flat=True)))


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
    section: object = None


@dataclass
class Source:
    """A reference and the places that cite it: ``[(anchor, number), …]``."""

    reference: object
    places: list = field(default_factory=list)


class Reading:
    """Everything that the page of one version shows; five queries, whatever its length."""

    def __init__(self, version):
        self.version = version
        self.sources = {each.key: Source(each) for each in version.references.all()}
        self.authors = list(version.authors.select_related("organisation"))
        self.plain_summary = self._html(version.plain_summary, "summary", level=3)
        self.background = self._html(version.background, "background", level=3)
        self.provenance = self._html(version.provenance, "provenance", level=3)
        sections = list(version.sections.all())
        by_id = {section.pk: section for section in sections}
        self.findings = [
            Numbered(f.number, self._html(f.text, f"f{f.number}"), by_id.get(f.section_id))
            for f in version.findings.all()
        ]
        self.priorities = [
            Numbered(p.number, self._html(p.text, f"p{p.number}"), by_id.get(p.section_id))
            for p in version.priorities.all()
        ]
        self.parts = [Part(s.anchor, s.heading, self._html(s.body, s.anchor, level=3)) for s in sections]
        self.minutes = max(1, round(self._words(sections) / WORDS_A_MINUTE))

    def _words(self, sections):
        texts = [self.version.plain_summary, self.version.background, *(s.body for s in sections)]
        return sum(len(each.split()) for each in texts)

    @property
    def contents(self):
        """The contents list, in the order of the page, without what is empty."""
        fixed = [
            ("plain-language-summary", _("Plain-language summary"), self.plain_summary),
            ("key-findings", _("Key findings"), self.findings),
            ("research-priorities", _("Research priorities"), self.priorities),
            ("the-background", _("Background"), self.background),
        ]
        rows = [{"id": anchor, "title": title} for anchor, title, there in fixed if there]
        rows += [{"id": part.anchor, "title": part.heading} for part in self.parts]
        if self.sources:
            rows.append({"id": "references", "title": _("References")})
        return rows

    @property
    def references(self):
        """The references in order, each with the places that cite it."""
        return list(self.sources.values())

    @property
    def byline(self):
        """The authors as a title page names them: “A and B with C and D”, or the corporate author."""
        return byline(self.authors)

    @property
    def citation(self):
        """How to cite it, in one line of plain text."""
        review = self.version.review
        parts = [self.byline, f"({review.year})" if review.year else "", f"{self.version.title}."]
        series = f"{review.series}." if review.series else ""
        return " ".join(part for part in (*parts, series, f"{review.programme.name}.") if part)

    def _html(self, markdown, place, level=4):
        """Render one text; its citations become links, counted for the way back."""
        if not markdown:
            return ""
        linked = CITATION.sub(lambda found: self._citations(found.group(1)), markdown)
        html = text.markdown(linked, heading_level=level, prefix=place)
        return mark_safe(LINK.sub(lambda found: self._anchored(found.group(1), place), html))  # noqa: S308

    def _citations(self, group):
        named = []
        for key, page in ONE.findall(group):
            source = self.sources.get(key)
            label = f"{source.reference.short}{f', {page}' if page else ''}" if source else f"@{key}"
            plain = label.replace("[", "").replace("]", "").replace("*", "").replace("_", " ")
            named.append(f"[{plain}](#ref-{key})" if source else plain)
        return f"({'; '.join(named)})"

    def _anchored(self, key, place):
        source = self.sources.get(key)
        if source is None:
            return f'<a href="#ref-{escape(key)}"'
        anchor = f"cite-{place}-{len(source.places) + 1}-{key}"
        source.places.append((anchor, len(source.places) + 1))
        return f'<a class="cite" id="{escape(anchor)}" href="#ref-{escape(key)}"'


def byline(authors):
    """Return the authors in words: authors, then “with” others; a corporate author where nobody else is named."""
    named = {part: [a.name for a in authors if a.part == part] for part in ("author", "with", "corporate")}
    first = _joined(named["author"]) or _joined(named["corporate"])
    if named["with"]:
        return _("%(authors)s with %(others)s") % {"authors": first, "others": _joined(named["with"])}
    return first


def _joined(names):
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
