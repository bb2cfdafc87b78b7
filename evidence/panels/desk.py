"""What one has in hand among the reviews, on one's own page, and the way to the desk."""

from django.db.models import Exists, OuterRef, Subquery

from collaborative.core.panels import panel
from evidence.models import PeerReview, Review
from evidence.reading.in_hand import in_hand, makes

SHOWN = 5


@panel("me", order=14)
def in_my_hands(user, request):
    """The reviews that a person writes or edits and that are being made."""
    found = in_hand(user)
    if not found["works_on"]:
        return None
    reviews = list(makes(user).select_related("kind_of").order_by("-pk")[: SHOWN + 1]) if found["makes"] else []
    return "evidence/desk_mine.html", {"reviews": reviews}


@panel("review", order=4)
def ways_to_work(review, request):
    """The ways from a text to its desk, for those who make it, and to their own review of it, for its reviewers."""
    user = request.user
    if not user.is_authenticated:
        return None
    asked = PeerReview.objects.waiting_for(user).with_text_open().filter(round__version__review=OuterRef("pk"))
    ways = {
        "works": Exists(Review.objects.worked_on_by(user).filter(pk=OuterRef("pk"))),
        "asked": Subquery(asked.values("pk")[:1]),
    }
    found = Review.objects.filter(pk=review.pk).annotate(**ways).values("works", "asked").get()
    return ("evidence/ways_to_work.html", {"review": review, **found}) if any(found.values()) else None
