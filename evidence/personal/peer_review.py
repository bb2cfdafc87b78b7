"""What evidence holds of people who review, comment on a text or answer."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.personal import locked_while_closing, table
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from evidence.models import Comment, PeerReview, Version
from evidence.services.peer_review import editors_of
from evidence.states import OPEN_PEER_REVIEWS, RELEASE_REVIEWER, PeerReviewState

WORK = _("As long as the text it is about")


def theirs(user):
    """Return the versions that the person reviews now."""
    open_ones = PeerReview.objects.filter(user=user, state__in=OPEN_PEER_REVIEWS)
    return Version.objects.filter(pk__in=open_ones.values("round__version_id"))


locked_while_closing(40, theirs)


def leave_reviews(leaver):
    """Release the person from what is open and tell the editors; delete what they never sent in and about themselves.

    What was sent in stays with the text: its authors work with it, and never had the name.
    """
    rows = PeerReview.objects.filter(user=leaver.user)
    for row in rows.filter(state__in=OPEN_PEER_REVIEWS).select_related("round__version__review"):
        released = transition(row, RELEASE_REVIEWER, by=None)
        if row.round.closed_at is None:
            event = f"peer_review.left:{row.pk}"
            tell("peer_review.left", released, to=editors_of(row.round.version), event=event)
    rows.update(conflict="", declined_because="")
    unsent = rows.exclude(state=PeerReviewState.SUBMITTED)
    Comment.objects.filter(peer_review__in=unsent).delete()
    unsent.update(opinion="", overall="", confidential="")


table(
    "peer-reviews",
    covers=("evidence.PeerReview.user",),
    label=_("Reviews that you were asked for"),
    purpose=_("To have texts judged before they are published"),
    kept=WORK,
    leaving=_(
        "What you sent in stays with the text, without your name; what you did not send in, and what you said of "
        "conflicts and of reasons for a no, is deleted. You are released from open reviews"
    ),
    rows=lambda user: PeerReview.objects.filter(user=user),
    columns={
        "round__version__title": _("Text"),
        "part": _("About"),
        "state": _("State"),
        "invited_at": _("Asked"),
        "due_on": _("Wanted by"),
        "answered_at": _("Answered"),
        "submitted_at": _("Sent in"),
        "conflict": _("Conflict of interests"),
        "declined_because": _("Why you said no"),
        "opinion": _("Opinion"),
        "overall": _("For the authors"),
        "confidential": _("For the editors alone"),
    },
    erase=leave_reviews,
)

table(
    "text-comments",
    covers=("evidence.Comment.by",),
    label=_("Your comments on texts"),
    purpose=_("To make texts better before they are published"),
    kept=WORK,
    leaving=_("Stay with the text, without your name"),
    rows=lambda user: Comment.objects.filter(by=user),
    columns={
        "version__title": _("Text"),
        "part": _("Part of the text"),
        "at": _("When"),
        "text": _("Comment"),
    },
)

table(
    "text-answers",
    covers=("evidence.Comment.answered_by", "evidence.Comment.answer"),
    label=_("Your answers to reviewers’ comments"),
    purpose=_("To make texts better before they are published"),
    kept=WORK,
    leaving=_("Stay with the text, without your name"),
    rows=lambda user: Comment.objects.filter(answered_by=user),
    columns={
        "version__title": _("Text"),
        "part": _("Part of the text"),
        "answered_at": _("When"),
        "answer": _("Answer"),
    },
)

table(
    "conflicts-decided",
    covers=("evidence.PeerReview.conflict_cleared_by",),
    label=_("Conflicts of interests about which you decided"),
    purpose=_("So that decisions can be checked afterwards"),
    kept=WORK,
    leaving=_("Stays, without your name"),
    rows=lambda user: PeerReview.objects.filter(conflict_cleared_by=user),
    columns={"round__version__title": _("Text"), "answered_at": _("Declared")},
)
