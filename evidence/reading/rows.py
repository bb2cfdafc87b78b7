"""What a version consists of, read in as few queries as there can be."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import BigIntegerField, CharField, DateField, DateTimeField, F, SmallIntegerField, Value
from django.db.models.functions import Cast

from evidence.models import Author, Correction, File, Finding, Funder, Recommendation, ResearchPriority
from evidence.reading.dead import with_dead

FINDING, PRIORITY, RECOMMENDATION, CORRECTION = "finding", "priority", "recommendation", "correction"


@dataclass(frozen=True)
class Statement:
    """A numbered statement, or a correction with its moment."""

    kind: str
    number: int
    text: str
    section_id: int | None
    title: str
    whom: str
    by_when: date | None
    at: datetime | None


@dataclass(frozen=True)
class Person:
    """An author or a funder, in the order of the page."""

    part: str
    name: str
    affiliation: str
    orcid: str
    ror: str
    slug: str | None
    """The address of the organisation, when the portal has it."""
    family: str = ""

    def __str__(self):
        return f"{self.name}, {self.affiliation}" if self.affiliation else self.name


@dataclass
class Rows:
    """All rows of one version; six queries, whatever their number."""

    authors: list
    funders: list
    statements: dict
    sections: list
    references: list
    studies: list
    figures: dict
    attachments: list
    corrections: list = field(default_factory=list)


def rows_of(version):
    """Read the rows of a version."""
    people = _people(version)
    statements = statements_of(version)
    files = list(version.files.all())
    return Rows(
        authors=[each for each in people if each.part != "funder"],
        funders=[each for each in people if each.part == "funder"],
        statements={kind: statements.get(kind, []) for kind in (FINDING, PRIORITY, RECOMMENDATION)},
        sections=list(version.sections.all()),
        references=list(with_dead(version.references.all())),
        studies=list(with_dead(version.studies.select_related("reference"))),
        figures={each.key: each for each in files if each.use == File.Use.FIGURE},
        attachments=[each for each in files if each.use == File.Use.ATTACHMENT],
        corrections=sorted(statements.get(CORRECTION, []), key=lambda each: each.at, reverse=True),
    )


NOTHING = Value("", CharField())


def _people(version):
    """Return authors, then funders, each in their order."""
    columns = ("position", "pk", "name", "ror", "organisation__slug")
    authors = Author.objects.filter(version=version).order_by()
    funders = Funder.objects.filter(version=version).order_by()
    both = authors.values_list(*columns, F("part"), F("affiliation"), F("orcid"), F("family")).union(
        funders.values_list(*columns, Value("funder", CharField()), F("grant"), NOTHING, NOTHING), all=True
    )
    found = []
    for _position, _pk, name, ror, slug, part, affiliation, orcid, family in sorted(both, key=lambda row: row[:2]):
        found.append(Person(part, name, affiliation, orcid, ror, slug, family))
    return found


def statements_of(version):
    """Return ``{kind: [Statement, …]}`` in the order of their numbers."""
    no_day, no_moment = Cast(Value(None), DateField()), Cast(Value(None), DateTimeField())
    rows = _of(Recommendation, version, RECOMMENDATION).values_list(
        "kind", F("number"), F("text"), F("section_id"), F("title"), F("whom"), F("by_when"), no_moment
    )
    others = [
        _of(model, version, kind).values_list(
            "kind", F("number"), F("text"), F("section_id"), NOTHING, NOTHING, no_day, no_moment
        )
        for model, kind in ((Finding, FINDING), (ResearchPriority, PRIORITY))
    ]
    none, no_section = Value(0, SmallIntegerField()), Cast(Value(None), BigIntegerField())
    dated = _of(Correction, version, CORRECTION).values_list(
        "kind", none, F("text"), no_section, NOTHING, NOTHING, no_day, F("at")
    )
    found = {}
    for row in sorted(rows.union(*others, dated, all=True), key=lambda row: row[1]):
        found.setdefault(row[0], []).append(Statement(*row))
    return found


def _of(model, version, kind):
    return model.objects.filter(version=version).order_by().annotate(kind=Value(kind, CharField()))
