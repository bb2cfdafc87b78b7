"""The checklist that a text goes through before it is published."""

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from evidence.checks import checks_of
from evidence.models import Tick
from evidence.services.locking import locked


@transaction.atomic
def tick(version, line, *, by):
    """Say that a line of the checklist was seen done; saying it again changes nothing. Return the tick.

    Raises ``Refused`` for a line of another kind of text and for a text that is no longer in the making,
    ``PermissionDenied`` for anyone who does not run the review.
    """
    fresh = _at_work(version, line, by)
    made, new = Tick.objects.get_or_create(version=fresh, check_of=line, defaults={"by": by})
    if new:
        record("version.checked", fresh, by=by)
    return made


@transaction.atomic
def untick(version, line, *, by):
    """Take back that a line of the checklist was seen done; quietly nothing when it was not. Raises as ``tick``."""
    fresh = _at_work(version, line, by)
    if Tick.objects.filter(version=fresh, check_of=line).delete()[0]:
        record("version.unchecked", fresh, by=by)


def _at_work(version, line, by):
    _review, fresh = locked(version)
    policies.require("evidence.run", by, fresh)
    if not fresh.working:
        raise Refused(_("This text is no longer in the making: its checklist stands as it was."))
    if not checks_of(fresh).filter(pk=line.pk).exists():
        raise Refused(_("This line is not on the checklist of this text."))
    return fresh
