"""Asking for a text in another format or language: it reaches whoever can help, has a day, and gets an answer."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.models import Appointment, User
from collaborative.accounts.services import present
from collaborative.audit.services import record
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from collaborative.notifications.services import forget_addresses, tell, tell_address
from collaborative.workflow.services import transition
from evidence.models import FormatRequest, Review, ReviewPerson
from evidence.states import ANSWER_ASKED, DECLINE_ASKED, AskedState
from partners.models import ProgrammeRole

ANSWER_WITHIN = 10
"""Working days in which an answer is promised: Mondays to Fridays, bank holidays among them."""

CHASE_BEFORE = timedelta(days=2)
"""How long before its day a request is brought to mind."""

LONGEST_DETAILS, LONGEST_ANSWER = 2000, 4000
BATCH = 500
FORGOTTEN = "(forgotten)"
"""What stands in place of words that have outlived their purpose: an answered request has an answer."""

DUE_SOON, OVERDUE = 1, 2


@dataclass(frozen=True)
class Wish:
    """What somebody asks for: a format or a language, and what would help."""

    wanted: str
    format: str = ""
    language: str = ""
    details: str = ""


def due_on(day):
    """Return the day by which a request of ``day`` is to be answered."""
    left = ANSWER_WITHIN
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def ask_for(review, wish, *, key, by=None, name="", email=""):
    """Keep that somebody asks for a review in another format or language; tell who can help, and who asked.

    ``by`` is None for somebody without an account, who gives an ``email``. The same form sent twice (``key``)
    is one request. Raises ``Refused`` when the review has been withdrawn meanwhile or an address is missing.
    """
    try:
        with transaction.atomic():
            return _ask_for(review, wish, UUID(str(key)), by, name, email)
    except IntegrityError:  # the same form, a moment quicker
        return FormatRequest.objects.get(form_key=key)


def _ask_for(review, wish, key, by, name, email):
    kept = FormatRequest.objects.filter(form_key=key).first()
    if kept:
        return kept
    locked = Review.objects.select_for_update().get(pk=review.pk)
    if locked.current_id is None:
        raise Refused(_("This text has been withdrawn, so no other format of it is made."))
    if by:
        present(by.pk)
    elif not email:
        raise Refused(_("Give an e-mail address: the answer goes to it."))
    asked = FormatRequest.objects.create(
        review=locked,
        version_id=locked.current_id,
        wanted=wish.wanted,
        format=wish.format if wish.wanted == FormatRequest.Wanted.FORMAT else "",
        language=wish.language if wish.wanted == FormatRequest.Wanted.TRANSLATION else "",
        details=wish.details.strip(),
        form_key=key,
        user=by,
        name="" if by else name.strip(),
        email="" if by else email.strip().lower(),
        due_on=due_on(timezone.localdate()),
    )
    record("format_request.made", asked, by=by, to_state=asked.state)
    tell("format_request.made", asked, to=answerers(locked), event=f"format_request.made:{asked.pk}")
    _tell_asker("received", asked)
    return asked


def answerers(review):
    """Return the ids of those who answer: the editors, without any the coordinators, without any the administrators."""
    editors = ReviewPerson.objects.current().filter(review=review, part=ReviewPerson.Part.EDITOR)
    offices = ProgrammeRole.objects.current().filter(programme=review.programme_id, role=ProgrammeRole.Role.COORDINATOR)
    for rows in (editors, offices, Appointment.objects.current()):
        ids = set(rows.values_list("user_id", flat=True))
        active = set(User.objects.filter(pk__in=ids, is_active=True, anonymised_at=None).values_list("pk", flat=True))
        if active:
            return active
    return set()


def letter_to_asker(word, asked):
    """Return the happening that names the letter ``word`` to whoever asked."""
    return f"format_request.{word}:asker:{asked.pk}"


def _tell_asker(word, asked, by=None):
    event = letter_to_asker(word, asked)
    if asked.user_id:
        tell(f"format_request.{word}", asked, to=[asked.user_id], event=event, by=by)
    elif asked.email:
        key, about = f"format_request.{word}_by_mail", asked.review
        tell_address(key, about, address=asked.email, event=event, by=by, data={"format_request": asked.pk})


@transaction.atomic
def answer_asked(asked, *, by, can_be_done, words):
    """Answer a request, or say why it cannot be done; whoever asked gets the words by mail. Return it.

    Of two people who answer at once the second raises ``Refused``; so do missing words. Raises
    ``PermissionDenied`` for anyone who does not run the review.
    """
    words = words.strip()
    if not words:
        raise Refused(_("Write an answer: it goes to the person who asked."))
    if len(words) > LONGEST_ANSWER:
        raise Refused(_("Shorten the answer to %(n)s characters.") % {"n": LONGEST_ANSWER})
    move = ANSWER_ASKED if can_be_done else DECLINE_ASKED
    answered = transition(asked, move, by=by, answer=words, answered_by=by, answered_at=timezone.now())
    _tell_asker("answered" if can_be_done else "declined", answered, by=by)
    return answered


def chase(now=None):
    """Bring requests to mind two days before their day and once it has passed; each once. Return how many.

    May run twice or at once with another without harm.
    """
    today = timezone.localdate(now or timezone.now())
    waiting = FormatRequest.objects.open().select_related("review").order_by("due_on", "pk")
    late = list(waiting.filter(due_on__lt=today, chased__lt=OVERDUE)[:BATCH])
    soon = list(waiting.filter(due_on__gte=today, due_on__lte=today + CHASE_BEFORE, chased__lt=DUE_SOON)[:BATCH])
    late = sum(_chase(asked, OVERDUE, "overdue") for asked in late)
    return late + sum(_chase(asked, DUE_SOON, "due") for asked in soon)


@transaction.atomic
def _chase(asked, step, word):
    open_still = FormatRequest.objects.open().filter(pk=asked.pk, chased__lt=step)
    if not open_still.update(chased=step):
        return False
    key = f"format_request.{word}"
    tell(key, asked, to=answerers(asked.review), event=f"{key}:{asked.pk}:{asked.due_on}")
    return True


@transaction.atomic
def forget_asked(rows):
    """Take who asked, their words and the answer out of requests; what was asked for and what became of it stays."""
    ids = list(rows.values_list("pk", flat=True))
    kept = FormatRequest.objects.filter(pk__in=ids)
    events = [letter_to_asker(word, asked) for asked in kept for word in ("received", "answered", "declined")]
    forget_addresses(Letter.objects.filter(event__in=events))
    words = {"name": "", "email": "", "details": "", "user": None}
    kept.filter(state=AskedState.OPEN).update(**words)
    kept.exclude(state=AskedState.OPEN).update(answer=FORGOTTEN, **words)


@transaction.atomic
def forget_asker(rows):
    """Close what waits for an answer that would reach nobody, then forget who asked."""
    for asked in rows.filter(state=AskedState.OPEN):
        transition(asked, DECLINE_ASKED, by=None, answer=FORGOTTEN, answered_at=timezone.now())
    forget_asked(rows)
