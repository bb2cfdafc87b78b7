"""Reminders of reviews: before the day, after it, weekly; editors hear of requests that nobody answers; each once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.core.errors import Refused
from collaborative.notifications import notices, sending
from collaborative.notifications.models import Letter
from evidence import services
from evidence.models import PeerReview
from evidence.services.peer_review_time import ANSWER_WITHIN, STEPS, chase, chase_now
from evidence.services.peer_reviewers import decline
from evidence.states import VersionState
from evidence.tasks import peer_review as tasks
from tests import factories as make
from tests.races import at_once

pytestmark = pytest.mark.django_db


def asked(state="accepted", **fields):
    """Make a review with an editor, and ask somebody for a peer review of it; return that."""
    review = make.review(state=VersionState.PEER_REVIEW)
    make.editor(review)
    version = review.versions.get()
    made = make.peer_review(version, make.reviewer(review.programme), state=state, **fields)
    long_ago = timezone.now() - timedelta(days=60)
    PeerReview.objects.filter(pk=made.pk).update(
        invited_at=long_ago, answered_at=long_ago if made.answered_at else None
    )
    return PeerReview.objects.get(pk=made.pk)


def at(peer_review, days):
    """Return noon on a day counted from the one on which the review is wanted."""
    day = peer_review.due_on + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def letters(key="chased"):
    """Return how many letters of a kind were written, by mail."""
    return Letter.objects.filter(key=f"peer_review.{key}", channel="mail").count()


def test_a_reviewer_is_reminded_before_the_day_after_it_and_weekly_and_then_no_more():
    one = asked()
    reminded = []
    for days in range(-6, 40):
        before = letters()
        for _twice in range(2):
            chase(at(one, days))
        reminded += [days] * (letters() - before)
    assert reminded == list(STEPS) == [-3, 1, 8, 15, 22]
    one.refresh_from_db()
    assert one.chased == 5
    assert set(Letter.objects.values_list("recipient", flat=True)) == {one.user_id}


def test_what_was_missed_is_made_up_for_by_one_reminder():
    one = asked()
    chase(at(one, 9))
    chase(at(one, 10))
    assert letters() == 1


def test_who_said_yes_late_is_not_reminded_of_days_before_that():
    one = asked()
    PeerReview.objects.update(answered_at=at(one, -2))
    chase(at(one, -1))
    assert letters() == 0
    chase(at(one, 1))
    assert letters() == 1


def test_nobody_is_reminded_who_cannot_do_anything():
    sent, said_no, gone = asked("submitted"), asked("declined"), asked("released")
    held_up = asked(has_conflict=True, conflict="We share an office.")
    closed, stopped = asked(), asked()
    closed.round.closed_at = timezone.now()
    closed.round.save()
    stopped.user.is_active = False
    stopped.user.save()
    for one in (sent, said_no, gone, held_up, closed, stopped):
        chase(at(one, 1))
    assert Letter.objects.count() == 0
    PeerReview.objects.filter(pk=held_up.pk).update(conflict_cleared_by=make.person())
    chase(at(held_up, 1))
    assert letters() == 1


def test_editors_hear_once_of_a_request_that_waits_a_week():
    one = asked("invited")
    editor = one.round.version.review.people.get().user
    began = timezone.now()
    PeerReview.objects.update(invited_at=began)
    chase(began + ANSWER_WITHIN - timedelta(minutes=1))
    assert letters("unanswered") == 0
    for _twice in range(2):
        chase(began + ANSWER_WITHIN)
    letter = Letter.objects.get(key="peer_review.unanswered", channel="mail")
    assert letter.recipient == editor
    assert letters() == 0


def test_an_editor_reminds_at_once_but_not_twice_a_day():
    one = asked()
    review = one.round.version.review
    editor, author = review.people.get().user, make.author(review)
    with pytest.raises(PermissionDenied):
        chase_now(one, by=author)
    assert chase_now(one, by=editor).chased == 1
    with pytest.raises(Refused, match="today already"):
        chase_now(one, by=editor)
    decline(one, by=one.user)
    with pytest.raises(Refused, match="does not wait"):
        chase_now(one, by=editor)
    assert letters() == 1


def test_letters_are_not_sent_once_they_are_no_longer_true():
    kept, released = asked(), asked()
    for one in (kept, released):
        chase(at(one, 1))
    by = released.round.version.review.people.get().user
    services.send_back(released.round.version, by=by, reason="Again, please.")
    sending.deliver()
    rows = Letter.objects.filter(channel="mail")
    states = {(key, pk): state for key, pk, state in rows.values_list("key", "object_id", "state")}
    assert states["peer_review.chased", kept.pk] == "sent"
    assert states["peer_review.chased", released.pk] == "suppressed"
    assert states["peer_review.released", released.pk] == "sent"


def test_each_letter_of_peer_review_says_when_it_holds():
    said_no = asked("declined")
    held = asked("invited")
    unsure = {name for name, each in notices.notices().items() if each.kind == "peer_review" and not each.still_true}
    assert unsure == set()
    asked_letter = notices.find("peer_review.asked")
    assert (asked_letter.holds(None, held), asked_letter.holds(None, said_no)) == (True, False)


def test_the_job_is_on_the_schedule_and_runs():
    schedule = {each["task"]: each["schedule"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
    assert schedule["evidence.chase"] == timedelta(hours=1)
    PeerReview.objects.filter(pk=asked().pk).update(due_on=timezone.localdate() - timedelta(days=1))
    tasks.chase()
    tasks.chase()
    assert letters() == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remind_once():
    one = asked()
    now = at(one, 1)
    assert at_once(lambda: chase(now), lambda: chase(now)) == [None, None]
    one.refresh_from_db()
    assert (letters(), one.chased) == (1, 1)
