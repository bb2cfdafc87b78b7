"""What the versions of the reviews consist of."""

from collaborative.portal.demo import pictures
from evidence.models import (
    Author,
    Finding,
    Funder,
    Recommendation,
    Reference,
    ResearchPriority,
    Section,
    Study,
)
from partners.models import Organisation

NUMBERED = (
    (Finding, "findings", ()),
    (ResearchPriority, "priorities", ()),
    (Recommendation, "recommendations", ("title", "whom")),
)
STRUCTURED = ("authors", "title", "container", "publisher", "volume", "pages", "doi", "frozen_url")


def load(version, row, source):
    """Make all parts of a version."""
    bodies(Author, version, row.get("authors", []), ("name", "part", "affiliation", "family", "orcid"))
    bodies(Funder, version, row.get("funders", []), ("name", "grant"))
    sections = _sections(version, row)
    _numbered(version, row, sections, source)
    references = _references(version, row)
    _studies(version, row, references)
    pictures.load(version, row)


def bodies(model, version, rows, names):
    """Make authors or funders in their order, each with its organisation here if it has one."""
    for position, each in enumerate(rows, start=1):
        body = Organisation.objects.filter(slug=each.get("organisation", "")).first()
        values = {name: each[name] for name in names if name in each}
        model.objects.create(version=version, position=position, organisation=body, **values)


def _sections(version, row):
    made = {0: None}
    for each in row.get("sections", []):
        made[each["number"]] = Section.objects.create(
            version=version,
            position=each["number"],
            anchor=each["anchor"],
            heading=each["heading"],
            body=each["body"].strip(),
        )
    return made


def _numbered(version, row, sections, source):
    for model, name, more in NUMBERED:
        for each in row.get(name, []):
            values = {key: each[key] for key in more if key in each}
            if "by_when_in_days" in each:
                values["by_when"] = source.day(each["by_when_in_days"])
            section = sections.get(each.get("section", 0))
            text = each["text"].strip()
            model.objects.create(version=version, number=each["number"], text=text, section=section, **values)


def _references(version, row):
    made = {}
    for each in row.get("references", []):
        values = {key: each.get(key, "") for key in ("key", "short", "full", "url", "note", *STRUCTURED)}
        made[each["key"]] = Reference.objects.create(version=version, year=each.get("year"), **values)
    return made


def _studies(version, row, references):
    for each in row.get("studies", []):
        values = {key: each.get(key, "") for key in ("short", "design", "setting", "result")}
        reference = references.get(each.get("reference"))
        Study.objects.create(
            version=version, number=each["number"], year=each.get("year"), reference=reference, **values
        )
