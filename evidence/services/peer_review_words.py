"""What is said in peer review: comments on the parts of a text, opinions, and what the authors answer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from evidence import states
from evidence.models import Comment, PeerReview, Version
from evidence.reading.peer_review import parts_of_text
from evidence.services.peer_review import editors_of, locked_review
from evidence.services.peer_reviewers import tell_when_all_in, works_on
from projects.services.keeping import text_of

LONGEST_COMMENT = 5000
LONGEST_OPINION = 20000


@transaction.atomic
def comment(version, *, by, part, text):
    """Say something about a part of a text, or with an empty ``part`` about the whole; return the comment.

    A reviewer's belongs to their review and is read by others once that is sent in; that of somebody who makes the
    text is a note to the others who do. Raises ``Refused`` for a part that the text does not have, once the round
    is closed or the text published, and ``PermissionDenied`` for everybody else.
    """
    locked = Version.objects.select_for_update().get(pk=version.pk)
    own = PeerReview.objects.filter(round__version=locked, user=by).order_by("-round__number").first()
    if own:
        own = _being_written(own, by)
    elif not policies.ask("evidence.desk", by, locked):
        raise PermissionDenied(policies.ask("evidence.desk", by, locked).reason)
    elif not locked.working:
        raise Refused(_("This text is published, so nothing more is noted on it."))
    if part and part not in dict(parts_of_text(locked)):
        raise Refused(_("The text has no such part. Choose one of those in the list."))
    text = _comment_text(text)
    return Comment.objects.create(version=locked, peer_review=own, by=by, part=part, text=text)


@transaction.atomic
def change_comment(comment, *, by, text):
    """Put other words in one's own comment; return it.

    Raises ``Refused`` once it was sent in, answered or the round is closed, ``PermissionDenied`` for others.
    """
    found = _own_comment(comment, by)
    found.text = _comment_text(text)
    found.save(update_fields=["text"])
    return found


@transaction.atomic
def remove_comment(comment, *, by):
    """Take one's own comment back; raises as ``change_comment`` does."""
    _own_comment(comment, by).delete()


def _comment_text(text):
    return text_of(text, LONGEST_COMMENT, _("Write a comment."))


def _own_comment(comment, by):
    if comment.by_id != by.pk:
        raise PermissionDenied(_("Only the person who wrote this can change it."))
    if comment.peer_review_id:
        _being_written(comment.peer_review, by)
    else:
        _require_making(comment)
    found = Comment.objects.filter(pk=comment.pk).first()
    if found is None:
        raise Refused(_("This comment was taken back meanwhile."))
    if found.answer:
        raise Refused(_("This was answered meanwhile, so it stays as it is."))
    return found


def _require_making(comment):
    version = Version.objects.select_for_update().get(pk=comment.version_id)
    if not version.working:
        raise Refused(_("This text is published, so its peer review stays as it is."))


def _being_written(peer_review, by):
    """Return a peer review, locked, whose words may change now; raises with the reason when not."""
    locked = locked_review(peer_review)
    policies.require("evidence.peer_review", by, locked)
    if locked.held_up:
        raise Refused(_("An editor decides about your conflict of interests first."))
    if locked.state == states.PeerReviewState.SUBMITTED:
        raise Refused(_("You have sent in your review, so it stays as it is."))
    if locked.state != states.PeerReviewState.ACCEPTED:
        raise Refused(_("You do not review this text now: %s.") % locked.get_state_display())
    return locked


@transaction.atomic
def save_opinion(peer_review, *, by, opinion="", overall="", confidential=""):
    """Keep what a reviewer has written so far, for nobody else to read; return the peer review.

    Raises ``Refused`` once it was sent in or the round is closed, ``PermissionDenied`` for others.
    """
    locked = _being_written(peer_review, by)
    for name, value in _words(opinion, overall, confidential).items():
        setattr(locked, name, value)
    locked.save(update_fields=["opinion", "overall", "confidential"])
    return locked


@transaction.atomic
def submit(peer_review, *, by, opinion, overall, confidential=""):
    """Send in a review: an opinion, what the authors are told, and what only the editors read; return it.

    From then on it stays as it is, and those who make the text read it. Of two attempts at once, and of sending in
    and being released at once, one goes through. Raises ``Refused`` for the other, for what is missing and once the
    round is closed; ``PermissionDenied`` for anyone but the reviewer.
    """
    locked = _being_written(peer_review, by)
    words = _words(opinion, overall, confidential)
    if not words["opinion"]:
        raise Refused(_("Choose your opinion."))
    if not words["overall"]:
        raise Refused(_("Write something for the authors."))
    if works_on(by, locked.round.version):
        raise Refused(_("You have come to work on this text, or its authors include you, so you cannot review it."))
    sent = transition(locked, states.SUBMIT_REVIEW, by=by, submitted_at=timezone.now(), **words)
    if not tell_when_all_in(locked.round, after=sent):
        to = editors_of(locked.round.version)
        tell("peer_review.submitted", sent, to=to, event=f"peer_review.submitted:{sent.pk}", by=by)
    return sent


def _words(opinion, overall, confidential):
    if opinion and opinion not in PeerReview.Opinion.values:
        raise Refused(_("Choose one of the opinions shown."))
    words = {"overall": overall.strip(), "confidential": confidential.strip()}
    if any(len(text) > LONGEST_OPINION for text in words.values()):
        raise Refused(_("This text may have at most %(longest)d characters.") % {"longest": LONGEST_OPINION})
    return {"opinion": opinion, **words}


@transaction.atomic
def answer(comment, *, by, text, instead_of=None):
    """Answer a comment for those who make the text, or put another answer in its place; return the comment.

    ``instead_of`` is the answer that the person had before them: when somebody has answered meanwhile, nothing is
    overwritten. Raises ``Refused`` then, for an empty answer and once the text is published; ``PermissionDenied``
    for those who do not make the text, or do not read the comment.
    """
    version = Version.objects.select_for_update().get(pk=comment.version_id)
    policies.require("evidence.desk", by, version)
    if not Comment.objects.visible_to(by).filter(pk=comment.pk).exists():
        raise PermissionDenied(_("You cannot read this comment."))
    if not version.working:
        raise Refused(_("This text is published, so its peer review stays as it is."))
    found = Comment.objects.get(pk=comment.pk)
    if instead_of is not None and found.answer.strip() != instead_of.strip():
        said = _("Somebody has answered meanwhile: “%(answer)s” What you typed is still here: send it to replace that.")
        raise Refused(said % {"answer": found.answer})
    found.answer = text_of(text, LONGEST_COMMENT, _("Write an answer."))
    found.answered_by, found.answered_at = by, timezone.now()
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    if found.peer_review_id:
        record("peer_review.answered", found.peer_review, by=by)
    return found
