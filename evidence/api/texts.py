"""What a version of a review consists of, for programs."""

from django.urls import reverse
from pydantic import Field

from collaborative.outputs.api import READER, Named, Out, absolute, named, named_all
from collaborative.outputs.api.types import Address, Day, Markdown, Moment
from evidence.citing import Cited, work_of_version
from evidence.models import Pdf
from evidence.reading.related import Related
from evidence.reading.rows import FINDING, PRIORITY, RECOMMENDATION, rows_of


class AuthorOut(Out):
    """An author, a body that wrote a text, or somebody who wrote it “with” others."""

    part: str = Field(examples=["author"])
    """“author”, “with” or “corporate”."""
    name: str = Field(examples=["Sam Okafor"])
    """The whole name."""
    affiliation: str
    """Where they worked when it was written, or nothing."""
    orcid: Address = Field(examples=["https://orcid.org/0000-0002-1825-0097"])
    """Their ORCID."""
    ror: Address = Field(examples=["https://ror.org/01kj2bm70"])
    """The affiliation in the Research Organization Registry."""
    organisation: Named | None
    """The affiliation, where the portal has it."""


class FunderOut(Out):
    """Who paid for the work."""

    name: str
    """The name."""
    grant: str
    """The fund or grant, or nothing."""
    ror: Address
    """The funder in the Research Organization Registry."""
    organisation: Named | None
    """The funder, where the portal has it."""


class StatementOut(Out):
    """A numbered statement: a key finding, or a question left for research."""

    number: int
    """Its number."""
    text: Markdown
    """What it says."""
    section: str | None = Field(examples=["what-was-found"])
    """The anchor of the section that it rests on."""


class RecommendationOut(StatementOut):
    """A numbered recommendation."""

    title: str
    """What it says in short, or nothing."""
    whom: str
    """For whom it is, or nothing."""
    by_when: Day
    """By when it should be done."""


class SectionOut(Out):
    """A section of the text."""

    anchor: str = Field(examples=["what-was-found"])
    """What it can be linked to by."""
    heading: str
    """Its heading."""
    body: Markdown
    """Its text. A reference is cited as [@key], a figure placed as ![](key)."""


class SourceOut(Out):
    """Where something is published; what is not known is nothing."""

    short: str = Field(examples=["Okafor and Lind (2021)"])
    """The short citation."""
    authors: str = Field(examples=["Okafor, Sam; Lind, Maja"])
    """The authors as “Family, Given; Family, Given”."""
    year: int | None
    """The year."""
    title: str
    """The title."""
    container: str
    """The journal, book or series."""
    publisher: str
    """The publisher."""
    volume: str
    """The volume and issue."""
    pages: str
    """The pages."""
    doi: Address = Field(examples=["https://doi.org/10.1000/182"])
    """The DOI, as an address."""
    address: Address
    """Where it can be read."""
    frozen_address: Address
    """A frozen copy in a web archive."""
    note: str
    """What has to be known of this entry, or nothing."""


class ReferenceOut(SourceOut):
    """A source that the text cites."""

    key: str
    """What the text cites it by."""
    full: str
    """The full reference as one text, or nothing."""
    review: Named | None
    """The same text in this library."""


class StudyOut(SourceOut):
    """A study that the review includes."""

    number: int
    """Its number."""
    design: str
    """Its design, or nothing."""
    setting: str
    """Where and with whom, or nothing."""
    result: Markdown
    """What came out."""
    reference: str | None
    """The key of its reference in this text."""


class FileOut(Out):
    """A figure or an attachment."""

    use: str = Field(examples=["figure"])
    """“figure” or “attachment”."""
    key: str
    """What the text places a figure by."""
    title: str
    """Its title or caption."""
    alternative_text: str
    """What a figure shows, for who cannot see it."""
    credit: str
    """Its source and licence, or nothing."""
    name: str
    """The file's name."""
    media_type: str = Field(examples=["image/png"])
    """What kind of file it is."""
    bytes: int
    """Its size."""
    sha256: str
    """Its content's SHA-256."""
    address: Address
    """Where it is fetched."""


class CorrectionOut(Out):
    """A dated note that corrects a published text."""

    text: str
    """What was wrong, and what is right."""
    at: Moment
    """When it was noted."""


class TextOut(Out):
    """A text in full."""

    version: int
    """The number of the version."""
    state: str = Field(examples=["published"])
    """Where the version stands, by its code."""
    licence: str
    """Its licence, or nothing."""
    plain_summary: Markdown
    """What it says in plain language."""
    background: Markdown
    """Why it was written."""
    provenance: Markdown
    """Where this copy comes from."""
    changes: Markdown
    """What is new in this version."""
    current_as_of: Day
    """The day to which its knowledge reaches."""
    archived_reason: str
    """Why it was archived, or nothing."""
    superseded_by: Named | None
    """The review that took its place."""
    pdf: Address
    """The text as PDF."""
    authors: list[AuthorOut]
    """Who wrote it, in order."""
    funders: list[FunderOut]
    """Who paid for it."""
    findings: list[StatementOut]
    """Its key findings."""
    recommendations: list[RecommendationOut]
    """What it recommends."""
    research_priorities: list[StatementOut]
    """The questions that it leaves for research."""
    sections: list[SectionOut]
    """The text."""
    studies: list[StudyOut]
    """The studies that it includes."""
    references: list[ReferenceOut]
    """What it cites."""
    files: list[FileOut]
    """Its figures and attachments."""
    corrections: list[CorrectionOut]
    """What was corrected since, the newest first."""


def text_of(version, *, own_address=False):
    """Return ``(what TextOut says, Related, how to cite it)`` of a version, read with review and PDF; seven queries."""
    rows, related = rows_of(version), Related(version, READER)
    anchors = {each.pk: each.anchor for each in rows.sections}
    figures = [*rows.figures.values(), *rows.attachments]
    told = {name: getattr(version, name) for name in KEPT}
    text = told | {
        "version": version.number,
        "superseded_by": _seen(related, version.superseded_by_id),
        "pdf": _pdf(version),
        "authors": [_author(each) for each in rows.authors],
        "funders": [_funder(each) for each in rows.funders],
        "findings": [StatementOut(**_statement(each, anchors)) for each in rows.statements[FINDING]],
        "recommendations": [_recommendation(each, anchors) for each in rows.statements[RECOMMENDATION]],
        "research_priorities": [StatementOut(**_statement(each, anchors)) for each in rows.statements[PRIORITY]],
        "sections": [SectionOut(anchor=each.anchor, heading=each.heading, body=each.body) for each in rows.sections],
        "studies": [_study(each) for each in rows.studies],
        "references": [_reference(each, related) for each in rows.references],
        "files": [_file(version, each) for each in figures],
        "corrections": [CorrectionOut(text=each.text, at=each.at) for each in rows.corrections],
    }
    return text, related, Cited(work_of_version(version, rows.authors, own_address=own_address)).line


KEPT = (
    *("state", "licence", "plain_summary", "background", "provenance", "changes"),
    *("current_as_of", "archived_reason"),
)


def _seen(related, pk):
    """Return a review around the text, where everyone may read it."""
    return named(related.seen(pk)) if pk else None


def _pdf(version):
    pdf = getattr(version, "pdf", None)
    if pdf is None or pdf.state != Pdf.State.MADE:
        return None
    return absolute(reverse("evidence:version_pdf", args=[version.review.slug, version.number]))


def _body(person):
    return named_all("organisation", [(person.slug, person.affiliation or person.name)])[0] if person.slug else None


def _ror(person):
    return f"https://ror.org/{person.ror}" if person.ror else None


def _author(person):
    return AuthorOut(
        part=person.part,
        name=person.name,
        affiliation=person.affiliation,
        orcid=f"https://orcid.org/{person.orcid}" if person.orcid else None,
        ror=_ror(person),
        organisation=_body(person),
    )


def _funder(person):
    body = named_all("organisation", [(person.slug, person.name)])[0] if person.slug else None
    return FunderOut(name=person.name, grant=person.affiliation, ror=_ror(person), organisation=body)


def _statement(row, anchors):
    return {"number": row.number, "text": row.text, "section": anchors.get(row.section_id)}


def _recommendation(row, anchors):
    return RecommendationOut(**_statement(row, anchors), title=row.title, whom=row.whom, by_when=row.by_when)


SOURCE = ("short", "authors", "year", "title", "container", "publisher", "volume", "pages", "note")


def _source(row):
    return {name: getattr(row, name) for name in SOURCE} | {
        "doi": f"https://doi.org/{row.doi}" if row.doi else None,
        "address": row.url or None,
        "frozen_address": row.frozen_url or None,
    }


def _reference(row, related):
    return ReferenceOut(**_source(row), key=row.key, full=row.full, review=_seen(related, row.review_id))


def _study(row):
    return StudyOut(
        **_source(row),
        number=row.number,
        design=row.design,
        setting=row.setting,
        result=row.result,
        reference=row.reference.key if row.reference else None,
    )


def _file(version, row):
    return FileOut(
        **{name: getattr(row, name) for name in ("use", "key", "title", "credit", "name", "media_type", "sha256")},
        alternative_text=row.alt,
        bytes=row.size,
        address=absolute(reverse("evidence:file", args=[version.review.slug, version.number, row.key])),
    )
