"""Organisations, for programs."""

from pydantic import Field

from collaborative.outputs.api import READER, Named, Out, Resource, Thing, Word, named, named_all, resource, word
from collaborative.outputs.api.schemas import ways
from collaborative.outputs.api.types import Address, Day, Markdown
from partners.filters.directory import DirectoryFilters
from partners.models import FormerAddress
from partners.reading import parts_of, ties_of


class OrganisationSummary(Thing):
    """An organisation, as the directory shows it."""

    name: str = Field(examples=["Gwent Police"])
    """Its name."""
    name_cy: str
    """Its name in Welsh, or nothing."""
    kind: Word
    """What kind of body it is."""
    region: str = Field(examples=["Wales"])
    """The region, or nothing."""
    country: str = Field(examples=["GB"])
    """The country, in two letters as in ISO 3166."""
    ror: Address = Field(examples=["https://ror.org/01kj2bm70"])
    """Its identifier in the Research Organization Registry."""
    valid_from: Day
    """Since when it exists."""
    valid_to: Day
    """Until when it existed."""


class PartnershipOut(Out):
    """A part in a programme."""

    programme: Named
    """The programme."""
    role: Word
    """As what it takes part."""
    starts_on: Day
    """From when on."""
    ends_on: Day
    """Until when, not including that day."""


class TieOut(Out):
    """How it stands to other organisations."""

    how: str = Field(examples=["Unit of"])
    """How, in words."""
    others: list[Named]
    """To whom."""


class Organisation(OrganisationSummary):
    """An organisation in full."""

    description: Markdown
    """What it is."""
    also_known_as: list[str]
    """What else people call it."""
    web_site: Address
    """Its own web site."""
    ons_code: str
    """The ONS code of a police force area, or nothing."""
    police_uk_id: str
    """Its identifier at data.police.uk, or nothing."""
    successor: Named | None
    """What took its place."""
    programmes: list[PartnershipOut]
    """What it takes or took part in."""
    ties: list[TieOut]
    """How it stands to other organisations."""


@resource("organisation", "organisations", one="organisation", order=60)
class Organisations(Resource):
    """The directory: as on the page, the organisations of today unless “when” says otherwise."""

    filters, summary, detail = DirectoryFilters, OrganisationSummary, Organisation

    def for_list(self, rows):
        """Fetch what a row says."""
        return rows.select_related("kind_of")

    def for_detail(self, rows):
        """Fetch what the whole record says."""
        return rows.select_related("kind_of", "successor").prefetch_related("aliases")

    def moved(self, slug):
        """Know the addresses of before the ledger, too."""
        former = FormerAddress.objects.filter(slug=slug).values_list("organisation__slug", flat=True).first()
        return former or super().moved(slug)

    def summarise(self, organisation):
        """Say what the directory shows."""
        return OrganisationSummary(**self._told(organisation))

    def describe(self, organisation):
        """Say what its page says; who leads it stands with those people."""
        parts = [
            PartnershipOut(
                programme=named(part.programme), role=word(part.role), starts_on=part.starts_on, ends_on=part.ends_on
            )
            for part in parts_of(organisation)
        ]
        ties = [
            TieOut(how=str(how), others=named_all("organisation", ((slug, name) for name, slug in others)))
            for how, others in ties_of(organisation, READER)
        ]
        return Organisation(
            **self._told(organisation),
            description=organisation.description,
            also_known_as=[each.name for each in organisation.aliases.all()],
            web_site=f"https://{organisation.web_domain}" if organisation.web_domain else None,
            ons_code=organisation.ons_code,
            police_uk_id=organisation.police_uk_id,
            successor=named(organisation.successor),
            programmes=parts,
            ties=ties,
        )

    def _told(self, organisation):
        kept = ("name", "name_cy", "region", "country", "valid_from", "valid_to")
        return (
            ways(organisation)
            | {name: getattr(organisation, name) for name in kept}
            | {
                "kind": word(organisation.kind_of),
                "ror": f"https://ror.org/{organisation.ror}" if organisation.ror else None,
            }
        )
