"""The numbered versions of reviews, for programs."""

from pydantic import Field

from collaborative.outputs.api import Named, Resource, Thing, absolute, address_of, named, resource
from collaborative.outputs.api.types import Moment
from evidence.api.reviews import Reviews, published_versions, tombstone_of
from evidence.api.texts import TextOut, text_of
from evidence.states import VersionState


class ReviewVersion(Thing, TextOut):
    """A numbered version of a review in full; once published, its text never changes."""

    title: str = Field(examples=["Street lighting and crime"])
    """Its title."""
    summary: str
    """What it says, in one paragraph."""
    published_at: Moment
    """When it was published."""
    review: Named
    """The review that it is a version of."""
    citation: str
    """How to cite it, as plain text."""


@resource("version", "reviews", one="review_version", order=11)
class Versions(Resource):
    """The versions of a review, each at an address of its own."""

    detail = ReviewVersion
    path = "{slug:slug}/versions/{int:number}/"
    listed = False

    def find(self, slug, number):
        """Return a version that everyone may read, or None."""
        found = self._rows(slug, number).select_related("pdf").exclude(state=VersionState.WITHDRAWN)
        return found.first()

    def gone(self, slug, number):
        """Return what is left of a version that was withdrawn."""
        found = self._rows(slug, number).filter(state=VersionState.WITHDRAWN).first()
        return tombstone_of(found) if found else None

    def moved(self, slug):
        """Lead on from an old address of the review."""
        from_review = published_versions().filter(review__slug=slug)
        return None if from_review.exists() else Reviews().moved(slug)

    def _rows(self, slug, number):
        rows = published_versions().filter(review__slug=slug, number=number)
        return rows.select_related("review__programme", "review__kind_of", "review__current")

    def describe(self, version):
        """Say what its page says."""
        text, _related, cited = text_of(version, own_address=True)
        review = version.review
        return ReviewVersion(
            **text,
            slug=review.slug,
            url=absolute(version.get_absolute_url()),
            api_url=address_of("get_review_version", slug=review.slug, number=version.number),
            title=version.title,
            summary=version.summary,
            published_at=version.published_at,
            review=named(review),
            citation=cited,
        )
