"""What the verbs of dated parts, places and offices share: begin one, end one, refuse a second."""

from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.services import present
from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.persons import person_changed
from collaborative.search.services import index


def day_of(given):
    """Return the day that was given, or today."""
    return given or timezone.localdate()


def require(policy, by, thing):
    """Ask the policy about what a person does; ``by=None`` is the portal itself."""
    if by is not None:
        policies.require(policy, by, thing)


def refuse_second(rows, sentence):
    """Refuse when one of the dated ``rows`` still lasts."""
    if rows.lasting().exists():
        raise Refused(sentence)


def begun(row, *, by, about=None):
    """Save and record what begins; index ``about``, on whose page it shows. Return the row.

    Raises ``Refused`` when it is for a person who has left.
    """
    if getattr(row, "user_id", None):
        present(row.user_id)
    row.save()
    record(f"{row.kind}.started", row, by=by)
    _now_found_otherwise(row, about)
    return row


def ended(row, policy, *, by, ends_on, about=None):
    """End a row on a day (today), from which on it gives nothing; return it.

    Raises ``Refused`` when it has ended already or would end before it began.
    """
    locked = type(row).objects.select_for_update().get(pk=row.pk)
    require(policy, by, locked)
    day = day_of(ends_on)
    if locked.ends_on is not None and locked.ends_on <= timezone.localdate():
        raise Refused(_("This has ended already."))
    if day < locked.starts_on:
        raise Refused(_("It cannot end before it begins."))
    locked.ends_on = day
    locked.save(update_fields=["ends_on"])
    record(f"{locked.kind}.ended", locked, by=by)
    _now_found_otherwise(locked, about)
    return locked


def _now_found_otherwise(row, about):
    """Index ``about``, and tell that somebody's places have changed."""
    if about is not None:
        index(about)
    if row.kind == "membership":
        person_changed(row.user_id)
