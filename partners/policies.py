"""Who may do what with organisations and programmes, and who enters the admin."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.policies import ALLOWED, policy, refusal
from partners.rights import rights_of

NOT_COORDINATOR = refusal(_("Only a coordinator of this programme can do this."))


@policy("portal.admin")
def enter_admin(user, thing):
    """Coordinators and administrators enter the admin."""
    rights = rights_of(user)
    if rights.administrator or rights.coordinator_of:
        return ALLOWED
    return refusal(_("This part of the portal is for coordinators."))


@policy("portal.administer")
def administer(user, thing):
    """Administrators alone change what concerns every programme."""
    return ALLOWED if rights_of(user).administrator else refusal(_("Only an administrator can do this."))


@policy("partners.member")
def member(user, thing):
    """Staff of a current partner."""
    if rights_of(user).member:
        return ALLOWED
    return refusal(_("This is for staff of partner organisations. Ask your organisation’s lead to let you in."))


@policy("programmes.manage")
def manage_programme(user, programme):
    """The coordinators of a programme run it."""
    return ALLOWED if rights_of(user).manages(programme.pk) else NOT_COORDINATOR


@policy("partners.manage")
def manage_organisation(user, organisation):
    """Coordinators of a programme manage its partners."""
    rights = rights_of(user)
    if rights.administrator:
        return ALLOWED
    if organisation.partnerships.filter(programme_id__in=rights.coordinator_of).exists():
        return ALLOWED
    return refusal(_("This organisation is not a partner of a programme that you coordinate."))
