"""What a list takes from its address: the filters of the pages' own list, and what turns its pages."""

import datetime
from typing import Annotated, Literal

from django.utils import translation
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints, create_model
from pydantic.fields import FieldInfo

from collaborative.core.facets import BEST, LONGEST_TEXT, MOST_CHOICES, ConditionFacet, Facet, Sort, Words
from collaborative.outputs.api.problems import Problem
from collaborative.outputs.api.schemas import Out

LONGEST_CURSOR = 1000
MOST, USUAL = 100, 20
"""Rows of a page: the most, and those of a page for which nobody says."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT)]


def _in_utc(moment):
    """Return a moment in UTC: PostgreSQL takes no zone sixteen hours away. At the ends of time: ``ValueError``."""
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError as error:
        raise ValueError("No such moment can be kept.") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class Paging(Out):
    """What every list takes."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="ignore")

    limit: int = Field(USUAL, ge=1, le=MOST)
    """How many rows a page has at most."""
    cursor: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CURSOR)] | None = None
    """Where the page begins: what stands in “next” of the page before, as it is."""
    updated_since: Moment | None = Field(None, examples=["2026-01-01T00:00:00Z"])
    """Only what changed at this moment or later. A moment with its zone: 2026-01-01T00:00:00Z."""


def parameters_of(resource):
    """Return the model of what a resource's list takes."""
    with translation.override("en-gb"):
        filters = resource.filters.base_filters
        fields = {name: _field(each, name) for name, each in filters.items() if _offered(resource, each)}
    return create_model(f"{resource.name.title()}Parameters", __base__=Paging, **fields)


def _offered(resource, each):
    return not isinstance(each, Words) or resource.filters.search is not None


def _field(each, name):
    if isinstance(each, Words):
        return Text | None, _told("Words to look for, as the pages' own search takes them.")
    if isinstance(each, Sort):
        return Literal[(BEST, *each.orders)] | None, _told(
            f"The order: {_listed({name: label for name, (label, _fields) in each.orders.items()})}. "
            f"“{BEST}”, for what is searched for with “q”, is then usual and goes by place, not by key."
        )
    choices = _choices(each)
    value = Literal[tuple(choices)] if choices else Text
    said = f"{each.label}: {_listed(choices)}." if choices else f"{each.label}, by its code, slug or value."
    if each.single:
        return value | None, _told(said + (f" Usually “{each.default}”." if each.default else ""))
    return list[value], _told(f"{said} May be repeated: any of them.", default=[], max_length=MOST_CHOICES)


def _told(words, default=None, **more):
    return Field(default, description=words, **more)


def _choices(each):
    """Return ``{value: label}`` of a filter whose values are fixed."""
    if isinstance(each, ConditionFacet):
        return {value: label for value, (label, _condition) in each.conditions().items()}
    return each.labels if isinstance(each, Facet) else {}


def _listed(choices):
    return ", ".join(f"“{value}” ({label})" for value, label in choices.items())


def check_names(query, model):
    """Refuse a parameter that a model does not know, and one given twice that is given once."""
    known = model.model_fields if model else {}
    for name in query:
        if name not in known:
            words = f"This address knows no parameter “{name[:LONGEST_TEXT]}”."
            raise Problem("unknown-parameter", words, parameter=name[:LONGEST_TEXT], known=sorted(known))
        if len(query.getlist(name)) > 1 and not _many(known[name]):
            raise Problem("bad-parameter", f"The parameter “{name}” can be given once.", parameter=name)


def _many(field: FieldInfo):
    return getattr(field.annotation, "__origin__", None) is list
