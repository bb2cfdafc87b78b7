"""What happens at its time: publication, the end of an embargo, the day of an update. Run by a job each minute."""

import logging

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.search import services as search
from evidence import states
from evidence.models import Version
from evidence.services.archiving import call_update
from evidence.services.locking import locked
from evidence.services.publishing import UNSCHEDULED, publish
from evidence.services.telling import editors, tell_published
from evidence.states import VersionState
from evidence.wanted import missing

logger = logging.getLogger(__name__)


@transaction.atomic
def schedule(version, *, by, at, now=None):
    """Let an approved version be published at a moment to come, in the person's name; return it.

    Raises ``Refused`` for a moment that has passed, with what is missing, or from a wrong state, and
    ``PermissionDenied`` for anyone who may not publish it.
    """
    _review, fresh = locked(version)
    policies.require("evidence.publish", by, fresh)
    if fresh.state != VersionState.APPROVED:
        state = fresh.get_state_display()
        raise Refused(_("This cannot be done now: it is already “%(state)s”.") % {"state": state})
    if at <= (now or timezone.now()):
        raise Refused(_("Choose a time to come."))
    lacks = missing(fresh)
    if lacks:
        raise Refused(" ".join(lacks))
    return _set(fresh, "version.scheduled", by=by, publish_at=at, publish_by=by)


@transaction.atomic
def unschedule(version, *, by):
    """Take the time of publication back; return the version, which stays approved.

    Raises ``Refused`` when no time is set, ``PermissionDenied`` for anyone who may not publish it.
    """
    _review, fresh = locked(version)
    policies.require("evidence.publish", by, fresh)
    if fresh.publish_at is None:
        raise Refused(_("No time is set for its publication."))
    return _set(fresh, "version.unscheduled", by=by, **UNSCHEDULED)


def _set(version, verb, *, by, **values):
    for name, value in values.items():
        setattr(version, name, value)
    version.save(update_fields=list(values))
    record(verb, version, by=by, from_state=version.state, to_state=version.state)
    return version


def publish_due(now=None):
    """Publish what is due, each as the person who set its time, provided that they still may; return how many.

    What cannot be published stays approved, without a time, and its editors are told once. Two workers at once
    publish nothing twice.
    """
    now = now or timezone.now()
    due = Version.objects.filter(publish_at__lte=now).order_by("publish_at", "pk")
    return _each(due, _publish_one, now)


def _each(rows, act, now):
    """Run an act for each of some versions; one that goes wrong keeps none of the others from theirs."""
    done = 0
    for version in rows:
        try:
            done += bool(act(version, now))
        except Exception:
            logger.exception("a version could not be seen to at its time", extra={"version": version.pk})
    return done


@transaction.atomic
def _publish_one(version, now):
    _review, fresh = locked(version)
    if fresh.publish_at is None or fresh.publish_at > now:
        return False
    try:
        with transaction.atomic():
            _publish_for(fresh, now)
    except (Refused, PermissionDenied):
        _give_up(fresh)
        return False
    return True


def _publish_for(version, now):
    by = version.publish_by
    if by is None or not by.is_active:
        raise PermissionDenied
    publish(version, by=by, now=now)


def _give_up(version):
    event = f"version.not_published:{version.pk}:{version.publish_at.isoformat()}"
    told = {*editors(version.review), version.publish_by_id}
    data = {"at": version.publish_at.isoformat()}
    _set(version, "version.not_published", by=None, **UNSCHEDULED)
    tell("version.not_published", version, to=told, event=event, data=data)


def lift_schedules_of(user):
    """Take back the times that somebody set who may publish no more; the editors are told."""
    for version in Version.objects.filter(publish_by=user, publish_at__isnull=False):
        with transaction.atomic():
            _review, fresh = locked(version)
            if fresh.publish_by_id == user.pk:
                _give_up(fresh)


def lift_due(now=None):
    """Tell of the versions whose embargo has ended, once; return how many. Readers had them at that moment already."""
    now = now or timezone.now()
    due = Version.objects.filter(public_from__lte=now, announced_at=None).order_by("public_from", "pk")
    return _each(due, _lift_one, now)


@transaction.atomic
def _lift_one(version, now):
    review, fresh = locked(version)
    if fresh.announced_at is not None or fresh.public_from is None or fresh.public_from > now:
        return False
    fresh.announced_at = now
    fresh.save(update_fields=["announced_at"])
    if fresh.state not in states.PUBLIC_STATES:
        return False
    record("version.embargo_ended", fresh, by=None, from_state=fresh.state, to_state=fresh.state)
    search.index(review)  # what was withdrawn before its embargo goes out again
    tell_published(review, fresh, by=None)
    return True


def updates_due(now=None):
    """Mark the versions whose day of update has come, and tell their editors; return how many."""
    now = now or timezone.now()
    due = Version.objects.filter(state=VersionState.PUBLISHED, update_due_on__lte=timezone.localdate(now))
    return _each(due.order_by("update_due_on", "pk"), _call_one, now)


def _call_one(version, now):
    try:
        call_update(version, by=None)
    except Refused:
        return False
    return True
