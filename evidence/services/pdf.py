"""The PDF of each published version: asked for, made by a job, found again when the job was lost."""

import logging
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.jobs import nudge
from evidence.models import Pdf, Version
from evidence.services.files import FOLDER, forget_stored
from evidence.states import READ_STATES

logger = logging.getLogger(__name__)
MOST_TRIES = 3
LEASE = timedelta(seconds=settings.JOB_TIME_LIMIT + 60)
"""How long a claim holds: longer than a job may run."""

AGAIN_AFTER = timedelta(minutes=1)
AT_ONCE = 50
"""PDFs that one sweep asks for."""

JOB = "evidence.make_pdf"


class NoEngine(Exception):
    """What lays out pages is not on this machine; says what the operator has to install."""


def ask_for_pdf(version):
    """Have the PDF of a readable version made, or made again; return its row.

    Called within the act that changes what the PDF shows: publication, a correction, archiving. While it is
    made again the old one is not given out: it says what is no longer so.
    """
    fresh = {"state": Pdf.State.WAITING, "tries": 0, "fault": "", "asked_at": timezone.now(), "claimed_until": None}
    row, _made = Pdf.objects.update_or_create(version=version, defaults=fresh)
    nudge(JOB, row.pk)
    return row


@transaction.atomic
def make_pdf_again(version, *, by):
    """Have the PDF of a version made once more; return the version.

    Raises ``Refused`` for a version that nobody reads, ``PermissionDenied`` for anyone but the programme's
    coordinators.
    """
    policies.require("evidence.manage", by, version)
    if not version.readable:
        raise Refused(_("This version is not to be read, so there is no PDF of it."))
    ask_for_pdf(version)
    return version


def forget_pdf(version):
    """Take the PDF of a version away, file and row."""
    rows = Pdf.objects.filter(version=version)
    stored = [name for name in rows.values_list("stored", flat=True) if name]
    rows.delete()
    forget_stored(*stored)


def make_pdf(pk):
    """Make one PDF that waits; return whether it is made now.

    Never called inside a transaction. Of several jobs one gets the claim. Without the engine no try is
    counted: the row waits, says why, and the sweep comes back to it.
    """
    lease = _claim(pk)
    if lease is None:
        return False
    row = Pdf.objects.select_related("version__review__programme", "version__review__kind_of").get(pk=pk)
    try:
        data, pages = engine().printed(row.version)
    except NoEngine as missing:
        logger.error("no PDF can be made on this machine: Pango is missing", extra={"pdf": pk})
        _still(row, lease, fault=str(missing), claimed_until=None, tries=row.tries - 1)
    except Exception as error:
        logger.exception("a PDF could not be made", extra={"pdf": pk, "version": row.version_id})
        fault = _("It could not be made (%(error)s). The worker’s log says more.") % {"error": type(error).__name__}
        ended = {"state": Pdf.State.FAILED, "claimed_until": None} if row.tries >= MOST_TRIES else {}
        _still(row, lease, **{"fault": fault, "claimed_until": timezone.now() + AGAIN_AFTER} | ended)
    else:
        return _keep(row, lease, data, pages)
    return False


def engine():
    """Return the module that lays out pages, loaded only where it is needed; raises ``NoEngine``."""
    try:
        return import_module("evidence.services.paper")
    except (OSError, ImportError) as missing:
        raise NoEngine(
            _("The library Pango is not on the machine where jobs run, and PDFs need it. See “Run it for real”.")
        ) from missing


def _claim(pk):
    """Take the row for this job; return the claim, or None when another has it or nothing is to be done."""
    now = timezone.now()
    lease = now + LEASE
    due = Pdf.objects.filter(_free(now), pk=pk, state=Pdf.State.WAITING, tries__lt=MOST_TRIES)
    return lease if due.update(claimed_until=lease, tries=F("tries") + 1) else None


def _free(now):
    return Q(claimed_until=None) | Q(claimed_until__lt=now)


def _still(row, lease, **changes):
    """Change the row unless it was asked for anew, or taken away, meanwhile; say whether that was done."""
    mine = Pdf.objects.filter(pk=row.pk, state=Pdf.State.WAITING, claimed_until=lease)
    return bool(mine.update(**changes))


def _keep(row, lease, data, pages):
    stored = default_storage.save(f"{FOLDER}/{uuid4().hex}.pdf", ContentFile(data))
    made = {"state": Pdf.State.MADE, "stored": stored, "size": len(data), "pages": pages, "fault": ""}
    kept = _still(row, lease, **made, claimed_until=None, made_at=timezone.now())
    forget_stored(row.stored if kept else stored)
    return kept


def sweep_pdfs(now=None):
    """Ask for what nobody makes: what waits, and what was published before PDFs were made or by another way.

    Gives up on what was lost too often. Return how many it asked for.
    """
    now = now or timezone.now()
    left = Pdf.objects.filter(_free(now), state=Pdf.State.WAITING)
    lost = _("The job was lost %(times)s times. The text may be too large for this machine.") % {"times": MOST_TRIES}
    left.filter(tries__gte=MOST_TRIES).update(state=Pdf.State.FAILED, fault=lost, claimed_until=None)
    waiting = list(left.order_by("asked_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    for pk in waiting:
        nudge(JOB, pk)
    never = list(Version.objects.filter(state__in=READ_STATES, pdf=None).order_by("-pk")[:AT_ONCE])
    for version in never:
        ask_for_pdf(version)
    return len(waiting) + len(never)
