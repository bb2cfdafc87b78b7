"""Words that mean the same, in the workshop: coordinators look them up, administrators change them."""

from django.contrib import admin

from collaborative.core.admin import PolicyAdmin
from collaborative.search import services
from collaborative.search.forms import SynonymsForm
from collaborative.search.models import Synonyms


@admin.register(Synonyms)
class SynonymsAdmin(PolicyAdmin):
    """Groups of wordings, each used from the next search on; one that is given up stays, unused."""

    form = SynonymsForm
    manage_policy = "portal.admin"
    change_policy = change_any_policy = "portal.administer"
    add_policy = "portal.administer"
    list_display = ("__str__", "used")
    list_filter = ("used",)
    search_fields = ("words",)
    ordering = ("words", "pk")

    def save_model(self, request, obj, form, change):
        """Save the group, and let searches know its wordings."""
        super().save_model(request, obj, form, change)
        services.keep_wordings(obj)
