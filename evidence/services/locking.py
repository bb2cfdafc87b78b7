"""What every act on a version begins with: the review locked first, then the version, both read again."""

from evidence.models import Review, Version


def locked_review(review_id):
    """Return a review, locked; whoever changes what is public of it waits here."""
    return Review.objects.select_for_update().get(pk=review_id)


def locked(version):
    """Return ``(review, version)``, both locked and freshly read, in that order for everybody."""
    review = locked_review(version.review_id)
    fresh = Version.objects.select_for_update().get(pk=version.pk)
    fresh.review = review
    return review, fresh
