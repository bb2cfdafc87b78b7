"""The coordinators' workshop: entered by policy, with a second factor."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _

from collaborative.core import policies


class PortalAdminSite(AdminSite):
    """The admin, for coordinators and administrators who have set up a second factor."""

    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("Coordinators’ workshop")
    enable_nav_sidebar = False

    def has_permission(self, request):
        """Ask the policy, and for a second factor."""
        return bool(policies.ask("portal.admin", request.user)) and is_mfa_enabled(request.user)

    def login(self, request, extra_context=None):
        """Send people to the portal's own sign-in, and to setting up a second factor."""
        return secure_admin_login(super().login)(request, extra_context)
