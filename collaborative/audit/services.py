"""Writing the record."""

from collaborative.audit.models import Event


def record(verb, thing, *, by, organisation_id=None, from_state="", to_state=""):
    """Append one event about ``thing`` (of a registered kind) and return it.

    ``by`` is None for the portal's own acts. Called inside the transaction of the act itself.
    """
    return Event.objects.create(
        verb=verb,
        kind=thing.kind,
        object_id=thing.pk,
        actor=by,
        organisation_id=organisation_id,
        from_state=from_state,
        to_state=to_state,
    )
