"""Peer review on other pages: the desk, one's own page, and the text that one reviews."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.panels import panel
from evidence.models import Comment, PeerReview, Round
from evidence.reading.in_hand import in_hand
from evidence.reading.peer_review import knows_names
from evidence.states import OPEN_PEER_REVIEWS, PeerReviewState


@panel("desk", order=30)
def at_the_desk(review, request):
    """How peer review stands: to those who run the review with the reviewers' names, to its authors in numbers."""
    user = request.user
    version = max(review.versions.all(), key=lambda each: each.number, default=None)
    rounds = list(Round.objects.filter(version=version).order_by("-number")) if version else []
    if not rounds:
        return None
    version.review = review
    current = next((each for each in rounds if each.closed_at is None), None)
    rows = list(current.peer_reviews.select_related("user").order_by("number")) if current else []
    knows = knows_names(user, version)
    remarks = Comment.objects.visible_to(user).filter(version=version, answer="").exclude(peer_review=None)
    return "evidence/peer_review_panel.html", {
        "review": review,
        "version": version,
        "current": current,
        "counts": _counts(rows),
        "rows": [_dated(row) for row in rows] if knows else [],
        "knows": knows or policies.offers("evidence.reviewers", user, version),
        "unanswered": remarks.count() if version.working else 0,
    }


def _counts(rows):
    sent = sum(row.state == PeerReviewState.SUBMITTED for row in rows)
    return {"sent": sent, "open": sum(row.state in OPEN_PEER_REVIEWS for row in rows)}


def _dated(row):
    row.late = row.due_on < timezone.localdate()
    row.calm = not row.late and not row.held_up
    return row


@panel("desks", order=10)
@panel("me", order=10)
def waiting_for_me(user, request):
    """The texts that a person is asked to review, and those they promised to."""
    if not in_hand(user)["peer_reviews"]:
        return None
    rows = PeerReview.objects.waiting_for(user).filter(round__closed_at=None).select_related("round__version")
    tasks = [_task(row) for row in rows.order_by("due_on", "pk")]
    return ("evidence/peer_review_mine.html", {"tasks": tasks}) if tasks else None


def _task(row):
    if row.state == PeerReviewState.INVITED:
        text = _("Say yes or no.")
    elif row.held_up:
        text = _("An editor decides about your conflict of interests. You need not do anything now.")
    else:
        text = _("Read it, comment, and send in your review.")
    due = _("Wanted by %(day)s") % {"day": date_format(row.due_on, "j F Y")}
    urgent = row.due_on < timezone.localdate()
    return {"title": row.round.version.title, "text": text, "url": row.get_absolute_url(), "due": due, "urgent": urgent}
