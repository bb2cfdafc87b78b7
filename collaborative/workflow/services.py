"""transition(): lock, check the state, ask the policy, save, record."""

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused


@transaction.atomic
def transition(thing, move, *, by, organisation_id=None, **changes):
    """Carry ``thing`` through ``move`` and return it, freshly read.

    The row is locked and read again first, so that of two people acting at once the second is
    told. ``changes`` are fields saved with the new state. ``by=None`` is the portal itself, which
    no policy is asked about. A model names its state's field in ``state_field`` (else ``state``).

    Raises ``Refused`` when the thing is no longer in one of the move's states, and
    ``PermissionDenied`` when the policy says no.
    """
    model = type(thing)
    field = getattr(model, "state_field", "state")
    locked = model._base_manager.select_for_update().get(pk=thing.pk)
    before = getattr(locked, field)
    if before not in move.sources:
        label = getattr(locked, f"get_{field}_display")()
        raise Refused(_("This cannot be done now: it is already “%(state)s”.") % {"state": label})
    if by is not None:
        policies.require(move.policy, by, locked)
    for name, value in {field: move.target, **changes}.items():
        setattr(locked, name, value)
    locked.save(update_fields=[field, *changes])
    record(move.verb, locked, by=by, organisation_id=organisation_id, from_state=before, to_state=move.target)
    return locked
