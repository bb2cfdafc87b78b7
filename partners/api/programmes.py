"""Programmes, for programs."""

from pydantic import Field

from collaborative.outputs.api import (
    READER,
    Named,
    NamedFilters,
    Out,
    Resource,
    Thing,
    Word,
    named,
    named_all,
    resource,
    word,
)
from collaborative.outputs.api.schemas import ways
from collaborative.outputs.api.types import Day, Markdown
from collaborative.vocabulary.models import Theme
from partners.reading import partners_by_kind, theme_leads


class ProgrammeSummary(Thing):
    """A programme, as a list shows it."""

    name: str = Field(examples=["Better Policing Collaborative"])
    """Its name."""
    short_name: str = Field(examples=["BPC"])
    """What it is called in short."""
    summary: str
    """What it is for, in short."""
    region: str
    """The region, or nothing."""
    starts_on: Day
    """When it began."""
    ends_on: Day
    """When it ended, or will."""


class PartnerOut(Out):
    """An organisation that takes part."""

    organisation: Named
    """Which."""
    kind: Word
    """What kind of body it is."""
    role: Word
    """As what it takes part."""
    starts_on: Day
    """From when on."""
    ends_on: Day
    """Until when, not including that day."""


class LeadOut(Out):
    """One half of the pair that leads a theme, by its role."""

    theme: Named
    """The theme."""
    side: str = Field(examples=["operational"])
    """“operational” or “academic”."""
    organisation: Named
    """For which organisation."""
    title: str
    """The title of the role."""


class Programme(ProgrammeSummary):
    """A programme in full."""

    description: Markdown
    """What it is."""
    contact: str
    """Whom to write to, as a role, or nothing."""
    themes: list[Named]
    """What it works on."""
    partners: list[PartnerOut]
    """Who takes part today."""
    former_partners: list[PartnerOut]
    """Who took part."""
    theme_leads: list[LeadOut]
    """Who leads its themes today."""


class ProgrammeFilters(NamedFilters):
    """Search and order."""

    kind_searched = "programme"


def _part(part):
    body = part.organisation
    return PartnerOut(
        organisation=named(body),
        kind=word(body.kind_of),
        role=word(part.role),
        starts_on=part.starts_on,
        ends_on=part.ends_on,
    )


def _lead(lead):
    return LeadOut(
        theme=named(lead.theme, lead.theme.name),
        side=lead.side,
        organisation=named(lead.organisation),
        title=lead.title,
    )


@resource("programme", "programmes", one="programme", order=70)
class Programmes(Resource):
    """Research collaboratives that partners run together."""

    filters, summary, detail = ProgrammeFilters, ProgrammeSummary, Programme

    def summarise(self, programme):
        """Say what a list shows."""
        return ProgrammeSummary(**self._told(programme))

    def describe(self, programme):
        """Say what its page says."""
        groups, past = partners_by_kind(programme, READER)
        themes = Theme.objects.visible_to(READER).filter(programmes=programme).values_list("slug", "name")
        return Programme(
            **self._told(programme),
            description=programme.description,
            contact=programme.contact,
            themes=named_all("theme", themes),
            partners=[_part(part) for _kind, parts in groups for part in parts],
            former_partners=[_part(part) for part in past],
            theme_leads=[_lead(lead) for lead in theme_leads(programme=programme)],
        )

    def _told(self, programme):
        kept = ("name", "short_name", "summary", "region", "starts_on", "ends_on")
        return ways(programme) | {name: getattr(programme, name) for name in kept}
