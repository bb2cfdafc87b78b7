"""Verbs of taking part: who joins a programme, who belongs to an organisation, who coordinates."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.search.services import index
from partners.models import Membership, Organisation, ProgrammePartner, ProgrammeRole


@transaction.atomic
def add_partner(programme, organisation, *, role, by, starts_on=None):
    """Make ``organisation`` a partner of ``programme`` in a role (a term) from a day on (today); return the part.

    ``by=None`` is the portal itself. Raises ``Refused`` when it takes part already or exists no longer,
    ``PermissionDenied`` when the policy says no.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    part = ProgrammePartner(programme=programme, organisation=locked, role=role, starts_on=_day(starts_on))
    _require("partnerships.save", by, part)
    if locked.past:
        raise Refused(_("This organisation no longer exists."))
    _refuse_second(locked.partnerships.filter(programme=programme), _("It takes part in this programme already."))
    return _begun(part, by=by, about=locked)


@transaction.atomic
def end_partnership(part, *, by, ends_on=None):
    """End a partnership on a day (today), from which on it gives nothing; return it.

    Raises ``Refused`` when it has ended already or would end before it began.
    """
    return _ended(part, "partnerships.save", by=by, ends_on=ends_on, about=part.organisation)


@transaction.atomic
def add_member(organisation, user, *, by, role=Membership.Role.MEMBER, title="", starts_on=None):
    """Let a person into an organisation from a day on (today); return the membership.

    Raises ``Refused`` when the person is in already or the organisation exists no longer.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    made = Membership(user=user, organisation=locked, role=role, title=title, starts_on=_day(starts_on))
    _require("memberships.save", by, made)
    if locked.past:
        raise Refused(_("This organisation no longer exists."))
    _refuse_second(locked.memberships.filter(user=user), _("This person is a member of this organisation already."))
    return _begun(made, by=by)


@transaction.atomic
def end_membership(membership, *, by, ends_on=None):
    """End a membership on a day (today), from which on it gives nothing; return it.

    Raises ``Refused`` when it has ended already or would end before it began.
    """
    return _ended(membership, "memberships.save", by=by, ends_on=ends_on)


@transaction.atomic
def appoint_coordinator(programme, user, *, by, starts_on=None):
    """Make a person coordinator of a programme from a day on (today); return the role.

    Only administrators appoint. Raises ``Refused`` when the person is one already.
    """
    _require("portal.administer", by, programme)
    locked = type(programme).objects.select_for_update().get(pk=programme.pk)
    role = ProgrammeRole(user=user, programme=locked, starts_on=_day(starts_on))
    _refuse_second(locked.roles.filter(user=user, role=role.role), _("This person coordinates this programme already."))
    return _begun(role, by=by)


def _day(given):
    return given or timezone.localdate()


def _require(policy, by, thing):
    if by is not None:
        policies.require(policy, by, thing)


def _refuse_second(rows, sentence):
    """Refuse when one of the dated ``rows`` still lasts."""
    if rows.lasting().exists():
        raise Refused(sentence)


def _begun(row, *, by, about=None):
    row.save()
    record(f"{row.kind}.started", row, by=by)
    if about is not None:
        index(about)
    return row


def _ended(row, policy, *, by, ends_on, about=None):
    locked = type(row).objects.select_for_update().get(pk=row.pk)
    _require(policy, by, locked)
    day = _day(ends_on)
    if locked.ends_on is not None and locked.ends_on <= timezone.localdate():
        raise Refused(_("This has ended already."))
    if day < locked.starts_on:
        raise Refused(_("It cannot end before it begins."))
    locked.ends_on = day
    locked.save(update_fields=["ends_on"])
    record(f"{locked.kind}.ended", locked, by=by)
    if about is not None:
        index(about)
    return locked
