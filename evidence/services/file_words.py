"""The words of attachments: asked for when a file is kept, read by a job, found again when the job was lost."""

import logging
from datetime import timedelta
from pathlib import PurePath

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from collaborative.core.jobs import nudge
from collaborative.search import services as search
from evidence.intake import words
from evidence.models import File, FileWords, Review

logger = logging.getLogger(__name__)
JOB = "evidence.read_words"
MOST_TRIES = 3
LEASE = timedelta(seconds=settings.JOB_TIME_LIMIT + 60)
AGAIN_AFTER = timedelta(minutes=5)
AT_ONCE = 50
"""Files that one sweep asks for."""


def ask_for_words(sha256):
    """Have the words of an attachment read, once for each content; called in the act that keeps the file."""
    row, made = FileWords.objects.get_or_create(sha256=sha256)
    if made:
        nudge(JOB, row.pk)
    return row


def read_words(pk):
    """Read the words of one file that waits, and index whatever carries it; return whether that is done now.

    Never called inside a transaction. Of several jobs one gets the claim. A document that cannot be read has no
    words; one that is not there, or that the machine failed to read, is tried again.
    """
    row, lease = FileWords.objects.filter(pk=pk).first(), _claim(pk)
    if lease is None:
        return False
    file = File.objects.filter(sha256=row.sha256, use=File.Use.ATTACHMENT).first()
    if file is None:
        _mine(row, lease).delete()
        return False
    try:
        with default_storage.open(file.stored) as stored:
            data = stored.read(words.HEAVIEST + 1)
        text = words.words_of(data, PurePath(file.name).suffix.lower().removeprefix("."))
    except words.Unreadable as fault:
        return _keep(row, lease, FileWords.State.NONE, fault=str(fault))
    except Exception as error:
        logger.exception("the words of a file could not be read", extra={"file_words": pk})
        later = {"claimed_until": timezone.now() + AGAIN_AFTER, "fault": type(error).__name__}
        _mine(row, lease).update(**later)
        return False
    return _keep(row, lease, FileWords.State.READ if text else FileWords.State.NONE, text=text)


def _claim(pk):
    """Take the row for this job; return the claim, or None when another has it or nothing is to be done."""
    now = timezone.now()
    due = FileWords.objects.filter(_free(now), pk=pk, state=FileWords.State.WAITING, tries__lt=MOST_TRIES)
    return now + LEASE if due.update(claimed_until=now + LEASE, tries=F("tries") + 1) else None


def _free(now):
    return Q(claimed_until=None) | Q(claimed_until__lt=now)


def _mine(row, lease):
    return FileWords.objects.filter(pk=row.pk, state=FileWords.State.WAITING, claimed_until=lease)


@transaction.atomic
def _keep(row, lease, state, text="", fault=""):
    """Keep what was read unless the claim was lost meanwhile, and index the reviews that show the file today."""
    kept = _mine(row, lease).update(state=state, text=text, fault=fault[:200], claimed_until=None)
    if kept and text:
        carried = Review.objects.filter(current__files__sha256=row.sha256, current__files__use=File.Use.ATTACHMENT)
        search.index_each("review", set(carried.values_list("pk", flat=True)))
    return bool(kept)


def sweep_words(now=None):
    """Ask for what nobody reads, and forget the words of files that are gone; return how many it asked for."""
    now = now or timezone.now()
    attached = File.objects.filter(use=File.Use.ATTACHMENT)
    there = attached.filter(sha256=OuterRef("sha256"))
    FileWords.objects.exclude(Exists(there)).filter(_free(now), asked_at__lt=now - LEASE).delete()
    left = FileWords.objects.filter(_free(now), state=FileWords.State.WAITING)
    lost = {"state": FileWords.State.NONE, "claimed_until": None}
    left.filter(tries__gte=MOST_TRIES).update(**lost)
    waiting = list(left.filter(tries__lt=MOST_TRIES).order_by("asked_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in waiting:
        nudge(JOB, pk)
    known = FileWords.objects.filter(sha256=OuterRef("sha256"))
    never = set(attached.exclude(Exists(known)).order_by("pk").values_list("sha256", flat=True)[:AT_ONCE])
    for sha256 in sorted(never):
        ask_for_words(sha256)
    return len(waiting) + len(never)
