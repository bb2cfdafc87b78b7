"""What readers ask for, counted in the coordinators’ workshop; answered on the portal's own pages."""

from django.contrib import admin

from collaborative.core.admin import ReadOnlyAdmin
from evidence.models import FormatRequest


@admin.register(FormatRequest)
class FormatRequestAdmin(ReadOnlyAdmin):
    """Requests for other formats and languages; who asked is shown where they are answered."""

    manage_policy = "evidence.answer_asked"
    list_display = ("review", "wanted", "format", "language", "state", "asked_at", "due_on", "answered_at")
    list_select_related = ("review",)
    list_filter = ("state", "wanted", "format", "asked_at")
    search_fields = ("review__title",)
    ordering = ("due_on", "pk")
    fields = ("review", "wanted", "format", "language", "state", "asked_at", "due_on", "answered_at")
