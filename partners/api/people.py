"""People who chose to be found by everyone, for programs: what stands on their public page, and no more."""

from django.db.models import Prefetch
from django.urls import reverse
from pydantic import Field

from collaborative.outputs.api import Named, Out, Resource, Thing, Word, absolute, named, named_all, resource, word
from collaborative.outputs.api.schemas import ways
from collaborative.outputs.api.types import Address, Markdown
from partners.finding import FinderFilters
from partners.models import Membership
from partners.people import places_today


class PlaceOut(Out):
    """Where somebody works today."""

    organisation: Named
    """At which organisation."""
    title: str
    """As what, or nothing."""
    role: str = Field(examples=["lead"])
    """“lead” for who leads the organisation's part here, else “member”."""


class PersonSummary(Thing):
    """A person, as a list shows them."""

    name: str = Field(examples=["Sam Okafor"])
    """Their name."""
    places: list[PlaceOut]
    """Where they work today."""


class Person(PersonSummary):
    """A person, as their public page shows them."""

    about: Markdown
    """What they say of themselves."""
    orcid: Address = Field(examples=["https://orcid.org/0000-0002-1825-0097"])
    """Their ORCID."""
    email: str | None
    """Their address, if they chose to show it."""
    picture: Address
    """Their picture."""
    expertise: list[str]
    """What they know well, in their own words."""
    themes: list[Named]
    """What they work on."""
    methods: list[Word]
    """The methods they use."""
    languages: list[Word]
    """The languages they speak."""
    offers: list[Word]
    """What they are listed for."""


@resource("profile", "people", one="person", order=80)
class People(Resource):
    """Those who chose that everyone may find them. Who takes that back is gone from here with the next answer."""

    filters, summary, detail = FinderFilters, PersonSummary, Person

    def for_list(self, rows):
        """Fetch the name and the places."""
        places = Membership.objects.current().select_related("organisation__kind_of")
        return rows.select_related("user").prefetch_related(Prefetch("user__memberships", places))

    def for_detail(self, rows):
        """Fetch what the page says."""
        return self.for_list(rows).prefetch_related("expertise", "themes", "methods", "languages", "offers")

    def moved(self, slug):
        """Lead on from no address: what somebody was once called here is nobody's business."""
        return None

    def summarise(self, profile):
        """Say who it is."""
        return PersonSummary(**self._told(profile))

    def describe(self, profile):
        """Say what the public page says."""
        said = ("methods", "languages", "offers")
        words = {name: [word(term) for term in getattr(profile, name).all()] for name in said}
        return Person(
            **self._told(profile),
            about=profile.about,
            orcid=f"https://orcid.org/{profile.orcid}" if profile.orcid else None,
            email=profile.user.email if profile.shows_email else None,
            picture=absolute(reverse("people:picture", args=[profile.slug])) if profile.picture else None,
            expertise=[each.name for each in profile.expertise.all()],
            themes=named_all("theme", ((each.slug, each.name) for each in profile.themes.all())),
            **words,
        )

    def _told(self, profile):
        places = [
            PlaceOut(organisation=named(each.organisation), title=each.title, role=each.role)
            for each in places_today(profile)
        ]
        return ways(profile) | {"name": str(profile), "places": places}
