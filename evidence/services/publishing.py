"""From a draft to what is public, and out of it again."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.handling import Handling
from collaborative.search import services as search
from collaborative.workflow.services import transition
from evidence import states
from evidence.models import Version
from evidence.services.locking import locked
from evidence.services.pdf import ask_for_pdf, forget_pdf
from evidence.services.peer_review import close_round
from evidence.services.telling import tell_concerned, tell_published
from evidence.wanted import missing, read_by_everyone

UNSCHEDULED = {"publish_at": None, "publish_by": None}


@transaction.atomic
def move(version, step, *, by):
    """Carry a working version one step on (protocol, begin, send to review); return it.

    Raises ``Refused`` from a wrong state, ``PermissionDenied`` when the policy says no.
    """
    _review, fresh = locked(version)
    return transition(fresh, step, by=by)


@transaction.atomic
def send_back(version, *, by, reason):
    """Give a text back to its authors, with what they are to change; a time set for its publication is taken back.

    Raises ``Refused`` without a reason or from a wrong state, ``PermissionDenied`` for anyone who does not run
    the review. Return the version.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say what is to be changed: its authors read it."))
    review, fresh = locked(version)
    words = {"sent_back_because": reason, "approved_without": ""}
    back = transition(fresh, states.SEND_BACK, by=by, **words, **UNSCHEDULED)
    event = f"version.sent_back:{back.pk}:{timezone.now().isoformat()}"
    tell_concerned("version.sent_back", back, by=by, event=event, review=review)
    close_round(back, by=by)
    return back


@transaction.atomic
def publish(version, *, by, until=None, now=None):
    """Make an approved version the one that the public reads; return it.

    The version before it stays readable as replaced. With ``until``, a moment to come, only partners of
    the programme read it before. Followers of the review's themes and programme get it in their digest and
    those concerned are told, under embargo the partners' side at once and followers when it ends.
    Raises ``Refused`` from a wrong state or with what is missing, ``PermissionDenied`` for anyone who does
    not run the review, and for its authors.
    """
    now = now or timezone.now()
    review, fresh = locked(version)
    policies.require("evidence.publish", by, fresh)
    if fresh.state in states.PUBLISH.sources:
        _require_ready(fresh, until, now)
    before = _public(review.pk).exclude(pk=fresh.pk).first()
    if before and fresh.state in states.PUBLISH.sources:
        ask_for_pdf(transition(before, states.REPLACE, by=by))
    dated = {"published_at": now, "public_from": until, "announced_at": None if until else now}
    published = transition(fresh, states.PUBLISH, by=by, **dated, **UNSCHEDULED)
    published.review = review
    _show(review, published, now)
    ask_for_pdf(published)
    if until:
        tell_concerned("review.embargoed", published, by=by, review=review)
    else:
        tell_published(review, published, by=by)
    return published


def _require_ready(version, until, now):
    lacks = missing(version)
    if lacks:
        raise Refused(" ".join(lacks))
    if until is None:
        return
    if until <= now:
        raise Refused(_("Choose a time to come for the end of the embargo."))
    if version.handling != Handling.PUBLIC:
        raise Refused(_("Only partners will read this text: there is no day on which it is for everyone."))
    if read_by_everyone(version).exists():
        raise Refused(_("An embargo would hide what everyone reads now. Publish this version without one."))


def _public(review_id):
    return Version.objects.filter(review=review_id, state__in=states.PUBLIC_STATES)


def _show(review, version, now):
    review.current = version
    review.title, review.summary = version.title, version.summary
    review.published_at = review.published_at or now
    review.year = version.current_as_of.year if version.current_as_of else review.year or timezone.localdate().year
    review.save(update_fields=["current", "title", "summary", "published_at", "year"])
    search.index(review)


@transaction.atomic
def withdraw(version, *, by, reason):
    """Take a published version from its readers, leaving a tombstone with the reason; return it.

    Withdrawing the one that the public reads withdraws the review: all its readable versions go with it, for
    the same reason, and nothing that waits to be published at a time is. An older one goes alone.
    Raises ``Refused`` without a reason or from a wrong state, ``PermissionDenied`` for anyone who does not
    run the review, and for its authors.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why it is withdrawn: the tombstone shows it."))
    review, fresh = locked(version)
    whole = fresh.pk == review.current_id
    gone = {"withdrawn_at": timezone.now(), "withdrawn_reason": reason}
    withdrawn = transition(fresh, states.WITHDRAW, by=by, **gone)
    withdrawn.review = review
    forget_pdf(withdrawn)
    if whole:
        for older in review.versions.filter(state__in=states.READ_STATES).order_by("number"):
            forget_pdf(transition(older, states.WITHDRAW, by=by, **gone))
        _unschedule_next(review, by)
        review.current = None
        review.save(update_fields=["current"])
        search.remove("review", review.pk)
    tell_concerned("review.withdrawn", withdrawn, by=by, review=review)
    return withdrawn


def _unschedule_next(review, by):
    """What was to come out by itself waits for somebody to look at it again."""
    for waiting in review.versions.filter(publish_at__isnull=False):
        Version.objects.filter(pk=waiting.pk).update(**UNSCHEDULED)
        record("version.unscheduled", waiting, by=by, from_state=waiting.state, to_state=waiting.state)
