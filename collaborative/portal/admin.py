"""Administrators read here what readers found wrong."""

from django.contrib import admin

from collaborative.core.admin import ReadOnlyAdmin
from collaborative.portal.models import ProblemReport


@admin.register(ProblemReport)
class ProblemReportAdmin(ReadOnlyAdmin):
    """Reported problems, newest first."""

    manage_policy = module_policy = "portal.administer"
    view_on_site = False
    list_display = ("__str__", "page", "email", "reporter", "reported_at", "settled_at")
    list_select_related = ("reporter",)
    list_filter = ("reported_at",)
    search_fields = ("page", "message", "email")
    ordering = ("-reported_at", "-pk")
    fields = ("page", "message", "email", "reporter", "reported_at", "settled_at")
