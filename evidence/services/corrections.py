"""Dated notes that correct a published text, which itself never changes."""

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import announce, topics_of
from evidence.models import Correction
from evidence.services.locking import locked
from evidence.services.pdf import ask_for_pdf
from evidence.services.telling import tell_concerned


@transaction.atomic
def correct(version, *, by, text):
    """Put a dated note beside a readable text, tell those concerned and followers; return the note.

    Raises ``Refused`` without words, for a note that stands there already and for a text that cannot be read,
    ``PermissionDenied`` for anyone who does not run the review, and for its authors.
    """
    review, fresh = locked(version)
    policies.require("evidence.publish", by, fresh)
    text = text.strip()
    if not text:
        raise Refused(_("Say what was wrong, and what is right."))
    if not fresh.readable:
        raise Refused(_("Only a text that can be read is corrected by a note."))
    if fresh.corrections.filter(text=text).exists():
        raise Refused(_("This note stands there already."))
    note = Correction.objects.create(version=fresh, text=text, by=by)
    record("version.corrected", fresh, by=by)
    happening = f"review.corrected:{note.pk}"
    tell_concerned("review.corrected", fresh, by=by, event=happening, review=review)
    if fresh.pk == review.current_id:
        announce(review, event=happening, topics=topics_of(review), by=by)
    ask_for_pdf(fresh)
    return note
