"""What time does to peer review: reviewers are reminded before and after the day, editors when nobody answers."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from collaborative.notifications.services import tell
from evidence.models import PeerReview
from evidence.services.peer_review import editors_of, locked_review
from evidence.states import PeerReviewState

STEPS = (-3, 1, 8, 15, 22)
"""Days after the day on which a review is wanted: three before it, the day after it, then three times weekly."""

ANSWER_WITHIN = timedelta(days=7)
"""How long a request waits before the editors hear that nobody has answered."""

SHOWN = ("round__version__review",)


def chase(now=None):
    """Remind reviewers of what they promised, and tell editors of requests that nobody answers; each once.

    What was missed while the portal stood still is made up for by one reminder. May run twice, or at once with
    another, without harm.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    for row in _due(today):
        remind(row, today)
    _tell_unanswered(now)


def _due(today):
    """Return those who read, whose day is near or past, and who were not reminded of the latest step yet."""
    first, last = today - timedelta(days=STEPS[-1] + 7), today - timedelta(days=STEPS[0])
    rows = PeerReview.objects.with_text_open().filter(state=PeerReviewState.ACCEPTED, due_on__range=(first, last))
    rows = list(rows.filter(user__is_active=True).order_by("pk"))
    known = _told(event for event in (_event(row, today) for row in rows))
    return [row for row in rows if _step(row, today) is not None and _event(row, today) not in known]


def _told(events):
    return set(Letter.objects.filter(event__in=list(events)).values_list("event", flat=True))


def _step(row, today):
    """Return the latest step whose day has come since the reviewer said yes, or None."""
    answered_on = timezone.localdate(row.answered_at)
    days = ((step, row.due_on + timedelta(days=step)) for step in STEPS)
    return max((step for step, day in days if answered_on < day <= today), default=None)


def _event(row, today):
    return f"peer_review.chased:{row.pk}:{row.due_on}:{_step(row, today)}"


@transaction.atomic
def remind(peer_review, today):
    """Remind a reviewer of the latest step, if they still read and nobody reminded them of it meanwhile."""
    row = PeerReview.objects.select_for_update().get(pk=peer_review.pk)
    event = _event(row, today)
    if row.state == PeerReviewState.ACCEPTED and not _told([event]):
        _remind(row, event)


def _remind(row, event, by=None):
    PeerReview.objects.filter(pk=row.pk).update(chased=F("chased") + 1)
    tell("peer_review.chased", row, to=[row.user_id], event=event, by=by)


@transaction.atomic
def chase_now(peer_review, *, by):
    """Remind a reviewer at once, once a day at most; return the peer review.

    Raises ``Refused`` when nothing is waited for, today's reminder has gone out or the round is closed,
    ``PermissionDenied`` by policy.
    """
    row = locked_review(peer_review)
    policies.require("evidence.reviewers", by, row)
    if not row.open or row.held_up:
        raise Refused(_("This review does not wait for its reviewer now."))
    start = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    sent = Letter.objects.filter(
        Q(key="peer_review.chased") | Q(key="peer_review.asked"), kind_of=row.kind, object_id=row.pk
    )
    if sent.filter(created_at__gte=start).exists():
        raise Refused(_("They were asked or reminded today already. Give them until tomorrow."))
    _remind(row, f"peer_review.chased:{row.pk}:on:{timezone.localdate()}", by)
    record("peer_review.chased", row, by=by)
    row.refresh_from_db(fields=["chased"])
    return row


def _tell_unanswered(now):
    rows = PeerReview.objects.filter(state=PeerReviewState.INVITED, round__closed_at=None)
    rows = list(rows.filter(invited_at__lte=now - ANSWER_WITHIN).select_related(*SHOWN).order_by("pk"))
    known = _told(f"peer_review.unanswered:{row.pk}" for row in rows)
    for row in rows:
        event = f"peer_review.unanswered:{row.pk}"
        if event not in known:
            tell("peer_review.unanswered", row, to=editors_of(row.round.version), event=event)
