"""Who may look after people's accounts, and who appoints administrators."""

from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import is_administrator
from collaborative.core.policies import ALLOWED, policy, refusal

ADMINISTRATORS = refusal(_("Only an administrator can do this."))


@policy("accounts.manage")
def manage_people(user, thing):
    """Administrators see every account and may stop or restore its sign-in."""
    return ALLOWED if is_administrator(user) else ADMINISTRATORS


@policy("accounts.appoint")
def appoint(user, thing):
    """Administrators appoint each other."""
    return ALLOWED if is_administrator(user) else ADMINISTRATORS
