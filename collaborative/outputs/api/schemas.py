"""What answers have in common. Docstrings go into the OpenAPI document, and from there onto the page for people."""

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from collaborative.core import kinds
from collaborative.outputs.api.addresses import absolute, address_of
from collaborative.outputs.api.registry import one_of


class Out(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")


class Named(Out):
    """Another thing of the portal, by its name."""

    name: str = Field(examples=["Mental health and policing"])
    """Its name or title."""
    url: str = Field(examples=["https://portal.example/themes/mental-health-and-policing/"])
    """Its page for people."""
    api_url: str = Field(examples=["https://portal.example/api/v1/themes/mental-health-and-policing/"])
    """Its whole record here."""


class Word(Out):
    """A word of one of the portal's own lists."""

    code: str = Field(examples=["rapid_evidence_review"])
    """The word's code, which does not change; filters take it."""
    label: str = Field(examples=["Rapid evidence review"])
    """The word in English."""


class Thing(Out):
    """What every record has."""

    slug: str = Field(examples=["street-lighting-and-crime"])
    """The last part of its address."""
    url: str = Field(examples=["https://portal.example/evidence/street-lighting-and-crime/"])
    """Its page for people, and its identifier."""
    api_url: str = Field(examples=["https://portal.example/api/v1/reviews/street-lighting-and-crime/"])
    """Its whole record here."""
    updated_at: AwareDatetime | None = Field(None, examples=["2026-03-01T09:30:00Z"])
    """Since when the record is as it is."""


def ways(thing):
    """Return what ``Thing`` says of a thing's addresses."""
    return {
        "slug": thing.slug,
        "url": absolute(thing.get_absolute_url()),
        "api_url": address_of(one_of(thing.kind), slug=thing.slug),
    }


def named(thing, name=""):
    """Return a thing of a kind that is offered here by its name, or None for none."""
    if thing is None:
        return None
    kept = ways(thing)
    return Named(name=name or str(thing), url=kept["url"], api_url=kept["api_url"])


def named_all(kind, rows):
    """Return things of a kind from ``(slug, name)``, by name."""
    model = kinds.model_of(kind)
    return [named(model(slug=slug), name) for slug, name in sorted(rows, key=lambda row: row[1])]


def word(term):
    """Return a term, or None for none."""
    return Word(code=term.code, label=term.label) if term else None
