"""What a person has in hand in evidence, counted once for all the panels of their own page."""

from django.db.models import Q
from django.utils import timezone

from collaborative.core.counting import numbers
from evidence.models import FormatRequest, PeerReview, Review, ReviewPerson, Sheet, Version
from evidence.states import WAITING, WORKING_STATES, SheetState, VersionState

FOR_EDITORS = (*WAITING, VersionState.UPDATE_DUE)
"""States in which a version waits for an editor."""


def in_hand(user):
    """Return ``{what: how many}``: what waits for the person and what they have begun, in one query.

    Kept for the length of one request, as their rights are.
    """
    kept = getattr(user, "rights_kept", None)
    if kept is None:
        return numbers(user, _rows(user))
    if "in_hand" not in kept:
        kept["in_hand"] = numbers(user, _rows(user))
    return kept["in_hand"]


def for_an_editor(user):
    """Return the versions that wait for the person as an editor or a coordinator."""
    return Version.objects.run_by(user).filter(state__in=FOR_EDITORS, publish_at=None)


def makes(user):
    """Return the reviews that the person writes or edits and that are being made."""
    own = ReviewPerson.objects.current().filter(user=user)
    return Review.objects.filter(people__in=own, versions__state__in=WORKING_STATES).distinct()


def drafts(user):
    """Return the practice sheets that the person can go on with."""
    return Sheet.objects.filter(submitted_by=user, state=SheetState.DRAFT)


def _rows(user):
    managed, asked = Version.objects.manageable_by(user), FormatRequest.objects.open().run_by(user)
    waiting = Sheet.objects.manageable_by(user).filter(state=SheetState.SUBMITTED).exclude(submitted_by=user)
    return {
        "peer_reviews": PeerReview.objects.waiting_for(user).filter(round__closed_at=None),
        VersionState.PEER_REVIEW: managed.filter(state=VersionState.PEER_REVIEW),
        VersionState.APPROVED: managed.filter(state=VersionState.APPROVED),
        "for_an_editor": for_an_editor(user),
        "asked": asked,
        "asked_late": asked.filter(Q(due_on__lt=timezone.localdate())),
        "asked_by_me": FormatRequest.objects.filter(user=user),
        "makes": makes(user),
        "works_on": Review.objects.worked_on_by(user),
        "drafts": drafts(user),
        "sheets": waiting,
    }
