"""For which of their organisations a person acts."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core.errors import Refused
from partners.models import Membership
from partners.services.dated import require


@transaction.atomic
def act_for(membership, *, by):
    """Act for this organisation from now on, wherever nothing else is said; return the membership.

    Raises ``PermissionDenied`` for somebody else's, and ``Refused`` for one that does not hold today.
    """
    locked = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    require("memberships.leave", by, locked)
    if not locked.holds or locked.organisation.past:
        raise Refused(_("You are not a member of this organisation today."))
    locked.chosen_at = timezone.now()
    locked.save(update_fields=["chosen_at"])
    record("membership.chosen", locked, by=by, organisation_id=locked.organisation_id)
    return locked
