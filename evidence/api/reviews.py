"""Reviews, for programs."""

from django.db.models import Exists, OuterRef
from django.urls import resolve
from pydantic import Field

from collaborative.outputs.api import (
    READER,
    Named,
    Out,
    Resource,
    Thing,
    Tombstone,
    Word,
    address_of,
    named,
    named_all,
    resource,
    word,
)
from collaborative.outputs.api.addresses import absolute
from collaborative.outputs.api.schemas import ways
from collaborative.outputs.api.types import Address, Moment
from evidence.api.texts import TextOut, text_of
from evidence.citing import Cited, work_of_version
from evidence.filters import ReviewFilter
from evidence.models import Review as ReviewRow
from evidence.models import Version, withdrawn_reviews
from evidence.reading.catalogue import catalogue
from evidence.states import WORKING_STATES, VersionState
from projects.models import Project


class ReviewSummary(Thing):
    """A review, as the library lists it."""

    title: str = Field(examples=["Street lighting and crime"])
    """Its title."""
    summary: str
    """What it says, in one paragraph."""
    kind: Word
    """What kind of evidence it is."""
    programme: Named
    """The programme that it belongs to."""
    language: str = Field(examples=["en"])
    """The code of the language it is written in."""
    year: int | None
    """The year that it is cited by."""
    published_at: Moment
    """When it was first published."""
    state: str = Field(examples=["published"])
    """Where its published version stands: “published”, “update_due”, “superseded” or “archived”."""
    doi: Address = Field(examples=["https://doi.org/10.5281/zenodo.42"])
    """Its DOI, as an address."""


class VersionLine(Out):
    """A version of a review, in short."""

    number: int
    """Its number."""
    state: str = Field(examples=["replaced"])
    """Where it stands, by its code."""
    title: str
    """Its title."""
    published_at: Moment
    """When it was published."""
    withdrawn_at: Moment
    """When it was withdrawn: its address then tells why."""
    url: str
    """Its page for people."""
    api_url: str
    """Its whole record here."""


class Review(ReviewSummary, TextOut):
    """A review in full, with the text of its published version."""

    series: str
    """The series that it stands in, or nothing."""
    project: Named | None
    """The project that it comes from."""
    themes: list[Named]
    """What it is about."""
    places: list[str] = Field(examples=[["Lowick, United Kingdom"]])
    """The places that it is about."""
    populations: list[str]
    """The people that it is about."""
    methods: list[str]
    """The methods that it uses."""
    translations: list[Named]
    """The same text in other languages."""
    cited_by: list[Named]
    """The reviews of this library that cite it."""
    citation: str
    """How to cite it, as plain text."""
    versions: list[VersionLine]
    """All its versions, the newest first; those that were withdrawn, too."""


def published_versions():
    """Return the versions, and the tombstones of versions, that everyone may know of."""
    return Version.objects.visible_to(READER).exclude(state__in=WORKING_STATES)


def line_of(version):
    """Say of a version, whose review has been read, what a list of versions says."""
    told = {name: getattr(version, name) for name in ("number", "state", "title", "published_at", "withdrawn_at")}
    api_url = address_of("get_review_version", slug=version.review.slug, number=version.number)
    return VersionLine(**told, url=absolute(version.get_absolute_url()), api_url=api_url)


def tombstone_of(version):
    """Return what is left of a withdrawn version."""
    instead = ReviewRow.objects.visible_to(READER).filter(pk=version.review_id).first()
    return Tombstone(
        name=version.title,
        withdrawn_at=version.withdrawn_at,
        reason=version.withdrawn_reason,
        citation=Cited(work_of_version(version, version.authors.all(), own_address=True)).line,
        instead=address_of("get_review", slug=instead.slug) if instead else None,
    )


def themes_of(kept):
    """Return the themes of a catalogue entry, which holds them as ``(words, address)``."""
    return named_all("theme", ((resolve(address).kwargs["slug"], words) for words, address in kept.themes))


@resource("review", "reviews", one="review", order=10)
class Reviews(Resource):
    """The evidence library: reviews in their published version, those that are out of date marked by their state."""

    filters, summary, detail = ReviewFilter, ReviewSummary, Review
    dated = True

    def for_list(self, rows):
        """Fetch what a row says."""
        return rows.for_lists()

    def for_detail(self, rows):
        """Fetch the text with its review."""
        seen = Project.objects.visible_to(READER).filter(pk=OuterRef("project_id"))
        rows = rows.select_related("current__pdf", "kind_of", "programme", "project")
        return rows.annotate(sees_project=Exists(seen))

    def gone(self, slug):
        """Return what is left of a review that was withdrawn."""
        reviews = withdrawn_reviews(READER).filter(slug=slug)
        gone = Version.objects.filter(state=VersionState.WITHDRAWN, review__in=reviews).visible_to(READER)
        last = gone.select_related("review__programme", "review__kind_of").order_by("-withdrawn_at", "-pk").first()
        return tombstone_of(last) if last else None

    def summarise(self, review):
        """Say what the library's list shows."""
        return ReviewSummary(**self.told(review))

    def describe(self, review):
        """Say what the page of its published version says."""
        version = review.current
        version.review = review
        text, related, cited = text_of(version)
        kept = catalogue(review)
        rows = list(published_versions().filter(review=review).order_by("-number"))
        for each in rows:
            each.review = review
        return Review(
            **self.told(review) | text,
            series=review.series,
            project=named(review.project) if review.sees_project else None,
            themes=themes_of(kept),
            places=kept.places,
            populations=kept.populations,
            methods=kept.methods,
            translations=[named(each) for each in related.translations],
            cited_by=[named(each) for each in related.citing],
            citation=cited,
            versions=[line_of(each) for each in rows],
        )

    @staticmethod
    def told(review):
        """Say what a row says of a review whose published version has been read."""
        kept = ("title", "summary", "language", "year", "published_at")
        return (
            ways(review)
            | {name: getattr(review, name) for name in kept}
            | {
                "kind": word(review.kind_of),
                "programme": named(review.programme),
                "state": review.current.state,
                "doi": f"https://doi.org/{review.doi}" if review.doi else None,
            }
        )
