"""What somebody is in an organisation changes: their role, the first day, the job title."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.models import User
from collaborative.audit.services import record
from collaborative.core.errors import Refused
from collaborative.core.persons import person_changed
from collaborative.notifications.services import tell
from partners.holdings import LastLead
from partners.models import Membership
from partners.services.belonging import locked_organisations
from partners.services.dated import require
from partners.services.handing_on import open_handovers, tell_responsible

Role = Membership.Role


@transaction.atomic
def change_membership(membership, *, by, role=None, title=None, starts_on=None, stays=False):
    """Change what somebody is in an organisation, from when, or under which job title; return the membership.

    What is None stays; ``stays`` takes back a last day that is to come. A new role is told to the person. When
    nobody leads the organisation after it, those who then answer for it are told, and a lead is looked for.

    Raises ``Refused`` once the membership has ended, for a first day after the last, and for the only lead who
    would stop leading by themselves.
    """
    locked_organisations(membership.organisation_id)
    by = by and User.objects.get(pk=by.pk)  # asked anew: of two leads who change each other, the second leads no more
    locked = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    require("memberships.save", by, locked)
    if locked.ended:
        raise Refused(_("This membership has ended. Let the person in anew."))
    new = _differing(locked, {"role": role, "title": title, "starts_on": starts_on}, stays)
    opened = _step_down(locked, new, by)
    before = locked.role
    for name, value in new.items():
        setattr(locked, name, value)
    if locked.ends_on and locked.ends_on < locked.starts_on:
        raise Refused(_("It cannot end before it begins."))
    if new:
        locked.save(update_fields=list(new))
        person_changed(locked.user_id)
        _tell(locked, before, opened, by)
    return locked


def _differing(membership, given, stays):
    """Return what would change, by field."""
    new = {name: value for name, value in given.items() if value is not None and value != getattr(membership, name)}
    return new | ({"ends_on": None} if stays and membership.ends_on else {})


def _step_down(membership, new, by):
    """Open the search for a lead where nobody leads after this, and return it as ``[Handover]``; else return []."""
    now = {"role": membership.role, "starts_on": membership.starts_on} | new
    leads_still = now["role"] == Role.LEAD and now["starts_on"] <= timezone.localdate()
    user, organisation = membership.user, membership.organisation
    here = Membership.objects.leads_of(organisation)
    if leads_still or not here.filter(pk=membership.pk).exists() or here.exclude(user=user).exists():
        return []
    if by is not None and by.pk == user.pk:
        raise Refused(_("Nobody else leads %(name)s. Make somebody else a lead first.") % {"name": organisation})
    return open_handovers(user, organisation, by=by, only=LastLead.name)


def _tell(membership, before, opened, by):
    """Record the change, tell the person of a new role, and those who answer now that nobody leads."""
    of = {"by": by, "organisation_id": membership.organisation_id}
    states = {"from_state": before, "to_state": membership.role} if membership.role != before else {}
    event = record("membership.changed", membership, **of, **states)
    if states:
        tell("membership.changed", membership, to=[membership.user_id], event=f"membership.changed:{event.pk}", **of)
    if opened:
        tell_responsible("organisation.leaderless", membership, opened, event=event.pk, by=by)
