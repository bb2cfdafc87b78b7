"""Sending mail from the ledger: claim, look again, render, send, write down what became of it."""

import logging
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from time import monotonic

from django.conf import settings
from django.core.mail import get_connection
from django.db.models import F
from django.utils import timezone

from collaborative.notifications import notices
from collaborative.notifications.models import Letter
from collaborative.notifications.rendering import as_reader, message
from collaborative.notifications.states import LetterState, Suppression
from collaborative.notifications.things import told_of, visible

logger = logging.getLogger(__name__)

BATCH = 50
"""Letters looked at in one go."""

FRESH_SECONDS = 30
"""How long what was read for a batch is trusted; what is left then waits for the next batch."""

WAITS = (60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
"""Seconds to wait after each failed attempt; when they are used up the letter has failed."""

SMTP_STEPS = 10
"""More steps than a mail conversation has; each may last as long as the mail timeout."""


def lease():
    """Return how long a claim holds: longer than sending one letter can last."""
    return timedelta(seconds=SMTP_STEPS * (settings.EMAIL_TIMEOUT or 60))


def deliver():
    """Send one batch of due mail; return whether more of it can be sent at once.

    Never called inside a transaction. When the mail server cannot be reached nothing is claimed
    and no attempt is counted: the letters stay due, and the sweep comes back to them.
    """
    letters = list(Letter.objects.due().select_related("recipient").order_by("due_at", "pk")[:BATCH])
    if not letters:
        return False
    with Line() as line:
        things = Things(letters)
        stop_at = monotonic() + FRESH_SECONDS
        for letter in letters:
            if not line.is_open() or monotonic() > stop_at:
                break
            if claim(letter):
                carry(letter, things, line)
        reachable = line.is_open()
    return reachable and Letter.objects.due().exists()


def claim(letter):
    """Take a due letter into this worker's hands; return False when another has it.

    One conditional UPDATE decides. The claim runs out by itself, so a killed worker's letter is
    due again.
    """
    now = timezone.now()
    until = now + lease()
    taken = (
        Letter.objects.due(now)
        .filter(pk=letter.pk)
        .update(state=LetterState.SENDING, due_at=until, claimed_until=until, attempts=F("attempts") + 1)
    )
    letter.claimed_until = until
    letter.attempts += 1
    return bool(taken)


def carry(letter, things, line):
    """Send one claimed letter, or write down why not. Whatever goes wrong stays with this letter."""
    try:
        thing = things.of(letter)
        with as_reader(letter.recipient):
            reason = why_not(letter, thing)
            mail = None if reason else message(letter, thing)
        if reason:
            settle(letter, LetterState.SUPPRESSED, reason)
            return
        line.send(mail)
        settle(letter, LetterState.SENT, sent_at=timezone.now())
    except SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        (bounce if 500 <= code < 600 else retry)(letter, f"{type(error).__name__} {code}")
    except (SMTPException, OSError) as error:
        line.drop()
        retry(letter, _name(error))
    except Exception as error:
        logger.exception("a letter could not be made", extra={"letter": letter.pk, "key": letter.key})
        retry(letter, type(error).__name__)


def why_not(letter, thing):
    """Return why a letter must not go out now, or an empty string."""
    recipient = letter.recipient
    if recipient and (not recipient.is_active or recipient.anonymised_at):
        return Suppression.LEFT
    if thing is None:
        return Suppression.NO_LONGER_VISIBLE
    return "" if notices.find(letter.key).holds(letter, thing) else Suppression.NO_LONGER_TRUE


def settle(letter, state, reason="", **changes):
    """Write down what became of a claimed letter, unless the claim has run out and another has it."""
    mine = Letter.objects.filter(pk=letter.pk, state=LetterState.SENDING, claimed_until=letter.claimed_until)
    mine.update(state=state, reason=reason, claimed_until=None, **changes)


def retry(letter, reason):
    """Let the letter wait, each time longer; after the last wait it has failed."""
    if letter.attempts > len(WAITS):
        logger.error("a letter failed", extra={"letter": letter.pk, "key": letter.key, "reason": reason})
        settle(letter, LetterState.FAILED, reason)
        return
    wait = timedelta(seconds=WAITS[letter.attempts - 1])
    settle(letter, LetterState.QUEUED, reason, due_at=timezone.now() + wait)


def bounce(letter, reason):
    """Write down that the recipient's server wants no mail for this address."""
    settle(letter, LetterState.BOUNCED, reason)


def _name(error):
    """Name an error by its class and code only: a server's words may hold addresses."""
    code = error.smtp_code if isinstance(error, SMTPResponseException) else ""
    return f"{type(error).__name__} {code}".strip()


class Things:
    """What the letters of a batch are about, read for each recipient at once and only as they may see it."""

    def __init__(self, letters):
        self.pairs, self.people, self.seen = {}, {}, {}
        for letter in letters:
            if letter.recipient_id is None:
                continue
            letter.recipient = self.people.setdefault(letter.recipient_id, letter.recipient)
            self.pairs.setdefault(letter.recipient_id, set()).add((letter.kind_of, letter.object_id))

    def of(self, letter):
        """Return the letter's thing, or None when its recipient may neither see it nor be told of it.

        What goes to an address tells the same to whoever has confirmed that address as to anybody else.
        """
        person = letter.recipient
        if person is None:
            return told_of(letter, letter.address)
        if person.pk not in self.seen:
            person.rights_kept = {}
            self.seen[person.pk] = visible(self.pairs[person.pk], person)
        thing = self.seen[person.pk].get((letter.kind_of, letter.object_id))
        return thing or told_of(letter, person.email)


class Line:
    """One connection to the mail server for a batch, opened anew after an error."""

    def __init__(self):
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.drop()

    def is_open(self):
        """Open the connection when there is none; return False when the server cannot be reached."""
        if self.connection is None:
            connection = get_connection()
            try:
                connection.open()
            except (SMTPException, OSError):
                logger.exception("the mail server cannot be reached")
                return False
            self.connection = connection
        return True

    def send(self, mail):
        """Send one message; raises what the mail library raises."""
        self.connection.send_messages([mail])

    def drop(self):
        """Hang up, whatever state the conversation is in."""
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(SMTPException, OSError):
                connection.close()
