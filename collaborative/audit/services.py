"""Writing the record."""

from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core.saved import when_saved


def record(verb, thing, *, by, organisation_id=None, from_state="", to_state="", at=None):
    """Append one event about ``thing`` (of a registered kind) and return it.

    ``by`` is None for the portal's own acts; ``at`` is now, but for what an import brings from before.
    Called inside the transaction of the act itself.
    """
    return Event.objects.create(
        verb=verb,
        kind=thing.kind,
        object_id=thing.pk,
        actor=by,
        organisation_id=organisation_id,
        from_state=from_state,
        to_state=to_state,
        at=at or timezone.now(),
    )


@when_saved
def record_saved(thing, *, verb, by):
    """Append that a coordinator added or changed a thing in the admin."""
    record(verb, thing, by=by)
