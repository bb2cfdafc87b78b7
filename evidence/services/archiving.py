"""What becomes of a published text with time: due for an update, reaffirmed, superseded, archived, restored."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.handling import Handling
from collaborative.notifications.services import tell
from collaborative.search import services as search
from collaborative.workflow.services import transition
from evidence import states
from evidence.models import Review
from evidence.services.locking import locked
from evidence.services.pdf import ask_for_pdf
from evidence.services.telling import editors, tell_concerned


@transaction.atomic
def call_update(version, *, by):
    """Say that a published text has to be looked at again, and tell its editors; return it. ``by=None``: its day came.

    Raises ``Refused`` from a wrong state, ``PermissionDenied`` for anyone who does not run the review.
    """
    review, fresh = locked(version)
    called = transition(fresh, states.CALL_UPDATE, by=by)
    _show(review, called)
    event = f"version.update_due:{called.pk}:{timezone.now().isoformat()}"
    tell("version.update_due", called, to=editors(review), event=event, by=by)
    return called


@transaction.atomic
def reaffirm(version, *, by, current_as_of, update_due_on=None):
    """Say that a text whose update was due still holds, as of a day; return it.

    Raises ``Refused`` for a day to come or before the one it had, for a next update that is not to come, and
    from a wrong state; ``PermissionDenied`` for anyone who does not run the review, and for its authors.
    """
    today = timezone.localdate()
    review, fresh = locked(version)
    policies.require("evidence.publish", by, fresh)
    if current_as_of > today:
        raise Refused(_("Choose a day that has come: on it somebody saw that the text still holds."))
    if fresh.current_as_of and current_as_of < fresh.current_as_of:
        raise Refused(_("It is current as of a later day already."))
    if update_due_on and update_due_on <= today:
        raise Refused(_("Choose a day to come for the next update."))
    days = {"current_as_of": current_as_of, "update_due_on": update_due_on}
    reaffirmed = transition(fresh, states.REAFFIRM, by=by, **days)
    _show(review, reaffirmed)
    return reaffirmed


@transaction.atomic
def supersede(version, *, by, other):
    """Say that another review, which the person may see, stands in this one's place; return the version.

    Raises ``Refused`` where the other one is this one, leads back to it, or cannot be read by all who read
    this one, and from a wrong state; ``PermissionDenied`` for anyone who does not run the review, and for
    its authors.
    """
    review, fresh = locked(version)
    policies.require("evidence.publish", by, fresh)
    if fresh.state in states.SUPERSEDE.sources:
        _require_successor(review, fresh, other, by)
    superseded = transition(fresh, states.SUPERSEDE, by=by, superseded_by=other)
    _show(review, superseded)
    _tell_of("version.superseded", superseded, review, by)
    return superseded


def _require_successor(review, version, other, by):
    if other.pk == review.pk:
        raise Refused(_("A review cannot take its own place. Choose another one."))
    if not Review.objects.visible_to(by).filter(pk=other.pk).exists():
        raise Refused(_("There is no such review."))
    if other.current.state not in states.LIVE_STATES:
        raise Refused(_("That review is out of date itself. Choose one that holds today."))
    for_all = version.handling == Handling.PUBLIC and not version.embargoed()
    if for_all and not Review.objects.visible_to(None).filter(pk=other.pk).exists():
        raise Refused(_("Everyone reads this review, but not that one. Choose one that everyone can read."))


@transaction.atomic
def archive(version, *, by, reason):
    """Keep a published text as a document of its time, with the reason; return it. It stays readable and is marked.

    Raises ``Refused`` without a reason or from a wrong state, ``PermissionDenied`` for anyone who does not run
    the review, and for its authors.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why it is archived: its readers see the reason."))
    review, fresh = locked(version)
    archived = transition(fresh, states.ARCHIVE, by=by, archived_at=timezone.now(), archived_reason=reason)
    _show(review, archived)
    _tell_of("version.archived", archived, review, by)
    return archived


@transaction.atomic
def restore(version, *, by):
    """Take a text back out of the archive, or from behind the review that superseded it; return it.

    Raises ``Refused`` from a wrong state, ``PermissionDenied`` for anyone who does not run the review, and for
    its authors.
    """
    review, fresh = locked(version)
    restored = transition(fresh, states.RESTORE, by=by, superseded_by=None)
    _show(review, restored)
    _tell_of("version.restored", restored, review, by)
    return restored


def _show(review, version):
    """Let index and PDF say how the text now stands."""
    review.current = version
    search.index(review)
    ask_for_pdf(version)


def _tell_of(key, version, review, by):
    event = f"{key}:{version.pk}:{timezone.now().isoformat()}"
    tell_concerned(key, version, by=by, event=event, review=review)
