"""The coordinators' workshop: entered by policy, with a second factor used in this very session."""

from functools import update_wrapper

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collaborative.accounts import second_factor
from collaborative.core import policies
from collaborative.core.admin import PolicyAdmin


class PortalAdminSite(AdminSite):
    """The admin, for coordinators and administrators who have set up a second factor."""

    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("Coordinators’ workshop")
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take in what policies guard; what other packages register for themselves stays out.

        Raises ``TypeError`` for one of our own that policies do not guard.
        """
        if admin_class and issubclass(admin_class, PolicyAdmin):
            super().register(model_or_iterable, admin_class, **options)
        elif admin_class and not admin_class.__module__.startswith(("django.", "allauth.")):
            raise TypeError(f"{admin_class.__name__} has to be a PolicyAdmin")

    def has_permission(self, request):
        """Ask the policy, and for a second factor."""
        return bool(policies.ask("portal.admin", request.user)) and second_factor.has_one(request.user)

    def admin_view(self, view, cacheable=False):
        """Open a page of the admin only to those who may enter; all others learn what to do, or why not."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            return stopped(request) or inner(request, *args, **kwargs)

        guarded = update_wrapper(guarded, inner)
        guarded.policy = "portal.admin"
        return guarded

    def get_urls(self):
        """Leave out Django's detour to a thing's page: it tells the address of any row by its number, drafts too."""
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    def login(self, request, extra_context=None):
        """Send people to the portal's own sign-in, or, when they may enter, where they wanted to go."""
        return stopped(request) or redirect("admin:index")

    def logout(self, request, extra_context=None):
        """Leave by the portal's own way out."""
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        """Change the password where everybody does."""
        return redirect("account_change_password")

    login.policy = "public"
    logout.policy = "public"


def stopped(request):
    """Return where to go before entering, or None for someone who may enter.

    Raises ``PermissionDenied`` with the reason for someone who has no business here.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(wanted(request), reverse("account_login"))
    policies.require("portal.admin", request.user)
    return second_factor.stopped(request, wanted(request))


def wanted(request):
    """Return the page of the admin that was asked for."""
    if request.path == reverse("admin:login"):
        return request.GET.get("next") or reverse("admin:index")
    return request.get_full_path()
