"""A version as it is read: all its parts, its texts as HTML, citations joined to references, a contents list."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from evidence.reading import authors as names
from evidence.reading.anchors import (
    ABOUT,
    ATTACHMENTS,
    BACKGROUND,
    FINDINGS,
    PRIORITIES,
    RECOMMENDATIONS,
    REFERENCES,
    STUDIES,
    SUMMARY,
)
from evidence.reading.rendering import rendered
from evidence.reading.rows import FINDING, PRIORITY, RECOMMENDATION, rows_of
from evidence.reading.shown import Figure, Numbered, Part, Source


class Reading:
    """Everything that the page of one version shows; six queries, whatever its length.

    ``figure_address`` returns where the picture of a ``File`` is fetched; without it, its address in the portal.
    Which of the references are in this library, and which the reader may see, ``Related`` says.
    """

    def __init__(self, version, figure_address=None):
        self.version = version
        self.rows = rows = rows_of(version)
        self.figures = [Figure(each, version, figure_address) for each in rows.figures.values()]
        self.html = html = rendered(version, rows, {each.key: each for each in self.figures})
        self.plain_summary, self.background = html.texts[SUMMARY], html.texts[BACKGROUND]
        self.provenance = html.texts[ABOUT]
        self.parts = [Part(html.anchors[each.pk], each.heading, html.texts[each.pk]) for each in rows.sections]
        sections = {row.pk: part for row, part in zip(rows.sections, self.parts, strict=True)}
        self.findings, self.priorities, self.recommendations = (
            [Numbered(each, html.texts[f"{kind}-{each.number}"], sections.get(each.section_id)) for each in of_kind]
            for kind, of_kind in ((kind, rows.statements[kind]) for kind in (FINDING, PRIORITY, RECOMMENDATION))
        )
        self.references = [Source(each, html.places.get(each.key, [])) for each in rows.references]
        self.studies, self.attachments, self.corrections = rows.studies, rows.attachments, rows.corrections
        self.authors, self.funders, self.minutes = rows.authors, rows.funders, html.minutes

    @property
    def contents(self):
        """The contents list, in the order of the page, without what is empty; with every heading of the texts."""
        below = self.html.headings
        fixed = [
            (SUMMARY, _("Plain-language summary"), self.plain_summary, below.get(SUMMARY)),
            (FINDINGS, _("Key findings"), self.findings, ()),
            (RECOMMENDATIONS, _("Recommendations"), self.recommendations, self._titled()),
            (PRIORITIES, _("Research priorities"), self.priorities, ()),
            (BACKGROUND, _("Background"), self.background, below.get(BACKGROUND)),
        ]
        rows = [_row(anchor, title, children) for anchor, title, there, children in fixed if there]
        for section, part in zip(self.rows.sections, self.parts, strict=True):
            rows.append(_row(part.anchor, part.heading, below.get(section.pk)))
        last = (
            (STUDIES, _("Included studies"), self.studies),
            (REFERENCES, _("References"), self.references),
            (ATTACHMENTS, _("Attachments"), self.attachments),
            (ABOUT, _("About this text"), True),
        )
        return rows + [_row(anchor, title) for anchor, title, there in last if there]

    def _titled(self):
        return [
            (f"recommendation-{each.number}", f"{each.number}. {each.title}")
            for each in self.recommendations
            if each.title
        ]

    def link_sources(self, addresses):
        """Lead from the references to the same texts in this library; ``addresses`` by the ids of reviews."""
        for source in self.references:
            source.address = addresses.get(source.reference.review_id, "")

    @cached_property
    def byline(self):
        """The authors as a title page names them: “A and B with C and D”, or the corporate author."""
        return names.byline(self.authors)


def _row(anchor, title, children=()):
    row = {"id": anchor, "title": title}
    if children:
        row["children"] = [{"id": each, "title": words} for each, words in children]
    return row
