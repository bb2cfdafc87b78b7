"""Who takes part in a programme, and who coordinates it."""

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.core.errors import Refused
from partners.models import Organisation, ProgrammePartner, ProgrammeRole
from partners.services.dated import begun, day_of, ended, refuse_second, require


@transaction.atomic
def add_partner(programme, organisation, *, role, by, starts_on=None):
    """Make ``organisation`` a partner of ``programme`` in a role (a term) from a day on (today); return the part.

    ``by=None`` is the portal itself. Raises ``Refused`` when it takes part already or exists no longer,
    ``PermissionDenied`` when the policy says no.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    part = ProgrammePartner(programme=programme, organisation=locked, role=role, starts_on=day_of(starts_on))
    require("partnerships.save", by, part)
    if locked.past:
        raise Refused(_("This organisation no longer exists."))
    refuse_second(locked.partnerships.filter(programme=programme), _("It takes part in this programme already."))
    return begun(part, by=by, about=locked)


@transaction.atomic
def end_partnership(part, *, by, ends_on=None):
    """End a partnership on a day (today), from which on it gives nothing; return it.

    Raises ``Refused`` when it has ended already or would end before it began.
    """
    return ended(part, "partnerships.save", by=by, ends_on=ends_on, about=part.organisation)


@transaction.atomic
def appoint_coordinator(programme, user, *, by, starts_on=None):
    """Make a person coordinator of a programme from a day on (today); return the role.

    Only administrators appoint. Raises ``Refused`` when the person is one already.
    """
    require("portal.administer", by, programme)
    locked = type(programme).objects.select_for_update().get(pk=programme.pk)
    role = ProgrammeRole(user=user, programme=locked, starts_on=day_of(starts_on))
    refuse_second(locked.roles.filter(user=user, role=role.role), _("This person coordinates this programme already."))
    return begun(role, by=by)
