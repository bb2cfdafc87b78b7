"""Rounds of peer review: opened when a text is sent in, closed when it is sent back or approved."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from evidence import states
from evidence.models import PeerReview, ReviewPerson, Round, Version
from evidence.services.locking import locked
from partners.models import ProgrammeRole

LASTS = timedelta(days=28)
"""How long reviewers have when nothing else is said."""

LONGEST_ROUND = timedelta(days=366)
LONGEST_LETTER = 5000


@transaction.atomic
def send_to_review(version, *, by, due_on=None, letter=""):
    """Send a draft to peer review and open a round of it; return the round.

    ``due_on`` is the day by which reviews are wanted, four weeks from today when not said; ``letter`` is what the
    authors tell the reviewers. The editors are told. Raises ``Refused`` from a wrong state or for a day that is not
    to come within a year, ``PermissionDenied`` for those who do not make the text.
    """
    today = timezone.localdate()
    due_on = due_on or today + LASTS
    if not today < due_on <= today + LONGEST_ROUND:
        raise Refused(_("Choose a day after today and within a year, so that the reviewers have time."))
    if len(letter.strip()) > LONGEST_LETTER:
        raise Refused(_("The letter may have at most %(longest)d characters.") % {"longest": LONGEST_LETTER})
    review, fresh = locked(version)
    sent = transition(fresh, states.SEND_TO_REVIEW, by=by)
    sent.review = review
    last = sent.rounds.aggregate(last=Max("number"))["last"] or 0
    opened = Round.objects.create(version=sent, number=last + 1, due_on=due_on, letter=letter.strip())
    event = f"peer_review.opened:{opened.pk}"
    tell("peer_review.opened", opened, to=editors_of(sent), event=event, by=by)
    return opened


@transaction.atomic
def close_round(version, *, by=None):
    """Close the open round of a version, if there is one, and release who was still asked; return it or None.

    Called by whoever approves the text or sends it back, in the same transaction and after that move.
    """
    Version.objects.select_for_update().get(pk=version.pk)
    current = version.rounds.select_for_update().filter(closed_at=None).first()
    if current is None:
        return None
    for waiting in current.peer_reviews.filter(state__in=states.OPEN_PEER_REVIEWS):
        released = transition(waiting, states.RELEASE_REVIEWER, by=None)
        tell_released(released, by=by)
    current.closed_at = timezone.now()
    current.save(update_fields=["closed_at"])
    return current


def tell_released(released, *, by=None):
    """Tell a reviewer that the review is no longer needed."""
    event = f"peer_review.released:{released.pk}"
    tell("peer_review.released", released, to=[released.user_id], event=event, by=by)


def locked_round(round_id):
    """Return an open round, its version locked until the transaction ends; raises ``Refused`` once it is closed.

    Whatever belongs to peer review begins here, so that acts queue up behind the version.
    """
    version_id = Round.objects.values_list("version_id", flat=True).get(pk=round_id)
    version = Version.objects.select_for_update(of=("self",)).select_related("review__programme").get(pk=version_id)
    found = Round.objects.get(pk=round_id)
    if found.closed_at:
        raise Refused(_("This round of peer review is closed, so nothing more can be said or sent in."))
    found.version = version
    return found


def locked_review(peer_review):
    """Return a peer review read again, its open round locked; raises ``Refused`` once the round is closed."""
    found = locked_round(peer_review.round_id)
    locked = PeerReview.objects.select_for_update().get(pk=peer_review.pk)
    locked.round = found
    return locked


def editors_of(version):
    """Return the ids of the editors of a text who are not its authors; without any, those of the coordinators.

    They are told of all that happens to its reviewers: their names are among it.
    """
    people = ReviewPerson.objects.current().filter(review=version.review_id)
    parts = list(people.values_list("user_id", "part"))
    authors = {pk for pk, part in parts if part == ReviewPerson.Part.AUTHOR}
    found = {pk for pk, part in parts if part == ReviewPerson.Part.EDITOR} - authors
    if found:
        return sorted(found)
    offices = ProgrammeRole.objects.current().filter(role=ProgrammeRole.Role.COORDINATOR)
    return sorted(
        set(offices.filter(programme=version.review.programme_id).values_list("user_id", flat=True)) - authors
    )
