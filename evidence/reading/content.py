"""What is written in a version and what its texts may point at, in three queries; for its faults and what it lacks."""

from dataclasses import dataclass

from django.db.models import CharField, F, PositiveSmallIntegerField, TextField, Value
from django.db.models.functions import Cast

from evidence.models import Author, File, Funder, Reference, Section, Study
from evidence.reading.rows import FINDING, PRIORITY, RECOMMENDATION, statements_of

STATEMENTS = {"findings": FINDING, "priorities": PRIORITY, "recommendations": RECOMMENDATION}
NO_PLACE, NOTHING, NO_TEXT = Value(0, PositiveSmallIntegerField()), Value("", CharField()), Value("", TextField())


@dataclass(frozen=True)
class Named:
    """A row by the key, number or name under which the page has it; ``title`` and ``alt`` are those of files."""

    key: str
    title: str
    alt: str


@dataclass(frozen=True)
class Content:
    """The rows of a version by the names of its parts: authors, funders, sections, references, figures …"""

    version: object
    parts: dict

    def __getitem__(self, part):
        return self.parts[part]


def content_of(version):
    """Read what a version consists of."""
    statements = statements_of(version)
    parts = {name: statements.get(kind, []) for name, kind in STATEMENTS.items()}
    return Content(version, parts | {"sections": list(Section.objects.filter(version=version))} | _named(version))


def _named(version):
    """Return ``{part: [Named, …]}``, each part in the order of its page."""
    of = {model: model.objects.filter(version=version).order_by() for model in (Author, Funder, File, Reference, Study)}
    files = of[File].values_list(F("use"), F("position"), F("key"), F("title"), F("alt"), "pk")
    others = [
        _row(of[Author], "authors", F("position"), F("name")),
        _row(of[Funder], "funders", F("position"), F("name")),
        _row(of[Reference], "references", NO_PLACE, F("key")),
        _row(of[Study], "studies", F("number"), Cast("number", CharField())),
    ]
    found = {"authors": [], "funders": [], "references": [], "studies": [], "figure": [], "attachment": []}
    for part, _place, key, title, alt, _pk in sorted(files.union(*others, all=True), key=lambda row: (row[1], row[5])):
        found[part].append(Named(key, title, alt))
    return found


def _row(rows, part, place, key):
    return rows.values_list(Value(part, CharField()), place, key, NOTHING, NO_TEXT, "pk")
