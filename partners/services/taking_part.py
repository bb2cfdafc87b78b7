"""Who takes part in a programme, and who coordinates it."""

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.search.services import index
from partners.models import Organisation, ProgrammePartner, ProgrammeRole
from partners.services.dated import begun, day_of, ended, refuse_second, require


@transaction.atomic
def add_partner(programme, organisation, *, role, by, starts_on=None, ends_on=None):
    """Make ``organisation`` a partner of ``programme`` in a role (a term) from a day on (today); return the part.

    With an ``ends_on`` that is past it is a part of former days. ``by=None`` is the portal itself. Raises
    ``Refused`` when it takes part already or exists no longer, ``PermissionDenied`` when the policy says no.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    part = ProgrammePartner(
        programme=programme, organisation=locked, role=role, starts_on=day_of(starts_on), ends_on=ends_on
    )
    require("partnerships.save", by, part)
    refuse_wrong_end(part)
    refuse_second_part(part)
    return begun(part, by=by, about=locked)


def refuse_wrong_end(part):
    """Refuse a part or an office that ends before it begins."""
    if part.ends_on is not None and part.ends_on < part.starts_on:
        raise Refused(_("It cannot end before it begins."))


def refuse_second_part(part):
    """Refuse a part that lasts beside another one, or of an organisation that exists no longer."""
    if part.ended:
        return
    if part.organisation.past:
        raise Refused(_("This organisation no longer exists."))
    others = part.organisation.partnerships.filter(programme_id=part.programme_id).exclude(pk=part.pk)
    refuse_second(others, _("It takes part in this programme already."))


@transaction.atomic
def change_partnership(part, *, role, starts_on, ends_on, by):
    """Change the role or the days of a partnership; return it. A last day that is new is its end.

    Raises ``Refused`` when it would end before it begins, or last beside another part in the programme.
    """
    organisation = Organisation.objects.select_for_update().get(pk=part.organisation_id)
    locked = ProgrammePartner.objects.select_for_update().get(pk=part.pk)
    ending = ends_on is not None and ends_on != locked.ends_on
    brought_back = locked.ended
    locked.role, locked.starts_on, locked.ends_on = role, starts_on, ends_on
    require("partnerships.save", by, locked)
    refuse_wrong_end(locked)
    if brought_back:
        refuse_second_part(locked)
    locked.save(update_fields=["role", "starts_on", "ends_on"])
    record(f"{locked.kind}.{'ended' if ending else 'changed'}", locked, by=by)
    index(organisation)
    return locked


@transaction.atomic
def end_partnership(part, *, by, ends_on=None):
    """End a partnership on a day (today), from which on it gives nothing; return it.

    Raises ``Refused`` when it has ended already or would end before it began.
    """
    return ended(part, "partnerships.save", by=by, ends_on=ends_on, about=part.organisation)


@transaction.atomic
def appoint_coordinator(programme, user, *, by, starts_on=None, ends_on=None):
    """Make a person coordinator of a programme from a day on (today), and tell them; return the role.

    Only administrators appoint. Raises ``Refused`` when the person is one already or the days are the wrong way
    round.
    """
    return _appointed(programme, user, ProgrammeRole.Role.COORDINATOR, by, starts_on, ends_on)


@transaction.atomic
def appoint_reviewer(programme, user, *, by, starts_on=None, ends_on=None):
    """Put a person among those whom a programme may ask for a review, and tell them; return the role.

    Its coordinators appoint. Raises as ``appoint_coordinator`` does.
    """
    return _appointed(programme, user, ProgrammeRole.Role.REVIEWER, by, starts_on, ends_on)


def _appointed(programme, user, office, by, starts_on, ends_on):
    locked = type(programme).objects.select_for_update().get(pk=programme.pk)
    role = ProgrammeRole(user=user, programme=locked, role=office, starts_on=day_of(starts_on), ends_on=ends_on)
    require("programme_roles.save", by, role)
    refuse_wrong_end(role)
    refuse_second_role(role)
    begun(role, by=by)
    key = "programme_role.started" if office == ProgrammeRole.Role.COORDINATOR else "programme_role.reviews"
    tell(key, role, to=[user.pk], event=f"{key}:{role.pk}", by=by)
    return role


def refuse_second_role(role):
    """Refuse an office that lasts beside the same one of the same person."""
    if not role.ended:
        same = ProgrammeRole.objects.filter(programme=role.programme_id, user=role.user_id, role=role.role)
        refuse_second(same.exclude(pk=role.pk), _("This person has this office in the programme already."))


@transaction.atomic
def change_office(role, *, by, starts_on, ends_on):
    """Change the days of an office; return it. A last day that is new is its end.

    Raises ``Refused`` when it would end before it begins, or last beside another.
    """
    require("programme_roles.save", by, role)
    type(role.programme).objects.select_for_update().get(pk=role.programme_id)
    locked = ProgrammeRole.objects.select_for_update().get(pk=role.pk)
    ending = ends_on is not None and ends_on != locked.ends_on
    locked.starts_on, locked.ends_on = starts_on, ends_on
    refuse_wrong_end(locked)
    refuse_second_role(locked)
    locked.save(update_fields=["starts_on", "ends_on"])
    record(f"{locked.kind}.{'ended' if ending else 'changed'}", locked, by=by)
    return locked
