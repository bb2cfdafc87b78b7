"""Writing the record."""

from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core.reader import scope_of
from collaborative.core.saved import when_saved


def record(verb, thing, *, by, organisation_id=None, from_state="", to_state="", at=None):
    """Append one event about ``thing`` (of a registered kind) and return it.

    ``by`` is None for the portal's own acts; ``at`` is now, but for what an import brings from before.
    Without ``organisation_id`` it is the one that the person acts for. Called inside the transaction of
    the act itself.
    """
    return Event.objects.create(
        verb=verb,
        kind=thing.kind,
        object_id=thing.pk,
        actor=by,
        organisation_id=organisation_id or scope_of(by).acting_for_id,
        from_state=from_state,
        to_state=to_state,
        at=at or timezone.now(),
    )


def record_all(verb, things, *, by, organisation_id=None, from_state="", to_state=""):
    """Append one event about each of many things, in as few statements as the database allows."""
    acting, now = organisation_id or scope_of(by).acting_for_id, timezone.now()
    common = {"verb": verb, "actor": by, "organisation_id": acting, "at": now}
    common |= {"from_state": from_state, "to_state": to_state}
    rows = (Event(kind=thing.kind, object_id=thing.pk, **common) for thing in things)
    Event.objects.bulk_create(rows, batch_size=500)


@when_saved
def record_saved(thing, *, verb, by):
    """Append that a coordinator added or changed a thing in the admin."""
    record(verb, thing, by=by)
