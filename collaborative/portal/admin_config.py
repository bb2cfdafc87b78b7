"""Installs the portal's own site as the admin."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """The stock admin with our site."""

    default_site = "collaborative.portal.admin_site.PortalAdminSite"
