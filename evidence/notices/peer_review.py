"""The letters of peer review, to reviewers and to editors; that a text comes back is told with that act."""

from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice
from evidence.states import OPEN_PEER_REVIEWS, PeerReviewState

RELATED = ("round__version__review__programme",)


def title_of(peer_review):
    """A peer review is known by the text it is about."""
    return peer_review.round.version.title


def going_on(letter, peer_review):
    """Nobody has to do anything any more once the round is closed."""
    return peer_review.round.closed_at is None


def waits(letter, peer_review):
    """It waits for its reviewer, in a round that is open."""
    return peer_review.state in OPEN_PEER_REVIEWS and going_on(letter, peer_review)


def unanswered(letter, peer_review):
    """Its reviewer has not answered, and the round is open."""
    return peer_review.state == PeerReviewState.INVITED and going_on(letter, peer_review)


def stands(state):
    """Return whether a letter still holds that tells of a state."""
    return lambda letter, peer_review: peer_review.state == state


def held_up(letter, peer_review):
    """A conflict was declared and nobody has decided."""
    return peer_review.held_up and going_on(letter, peer_review)


def _letter(name, label, template=None, **more):
    notice(
        f"peer_review.{name}",
        kind="peer_review",
        label=label,
        group="requests",
        template=template or f"evidence/letters/peer_review_{name}.txt",
        title=title_of,
        related=RELATED,
        **more,
    )


_letter("asked", _("You are asked to review a text"), required=True, still_true=unanswered)
_letter("chased", _("A review that you promised is wanted"), required=True, still_true=waits)
_letter("cleared", _("You can read the text you review"), required=True, still_true=waits)
_letter("released", _("A review is no longer needed"), required=True, still_true=stands(PeerReviewState.RELEASED))
_letter("accepted", _("A reviewer said yes"), still_true=stands(PeerReviewState.ACCEPTED))
_letter("declined", _("A reviewer said no"), still_true=stands(PeerReviewState.DECLINED))
_letter("conflict", _("A reviewer declared a conflict of interests"), still_true=held_up)
_letter("submitted", _("A review was sent in"), still_true=stands(PeerReviewState.SUBMITTED))
_letter("unanswered", _("A reviewer has not answered"), still_true=unanswered)
_letter("left", _("A reviewer has left the portal"), still_true=going_on)


def _round_letter(name, label, **more):
    notice(
        f"peer_review.{name}",
        kind="peer_review_round",
        label=label,
        group="requests",
        template=f"evidence/letters/peer_review_{name}.txt",
        title=lambda a_round: a_round.version.title,
        related=("version__review__programme",),
        **more,
    )


_round_letter(
    "opened", _("A text was sent to peer review"), still_true=lambda letter, a_round: a_round.closed_at is None
)
_round_letter("all_in", _("All reviews of a text are in"), still_true=lambda letter, a_round: a_round.closed_at is None)
