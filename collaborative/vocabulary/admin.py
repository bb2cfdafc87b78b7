"""Words in the admin: coordinators look them up, administrators change them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from collaborative.core.admin import PolicyAdmin, PolicyInline
from collaborative.vocabulary.models import Aspect, Term, Theme


@admin.register(Term)
class TermAdmin(PolicyAdmin):
    """The terms of every list. A code never changes once used; a word that is given up gets a last day."""

    manage_policy = "portal.admin"
    change_policy = change_any_policy = "portal.administer"
    add_policy = "portal.administer"
    list_display = ("label", "label_cy", "scheme", "code", "position", "valid_from", "valid_to")
    list_filter = ("scheme",)
    search_fields = ("label", "label_cy", "code")
    ordering = ("scheme", "position", "label", "pk")

    def get_readonly_fields(self, request, obj=None):
        """Keep list and code of a term that exists."""
        return (*super().get_readonly_fields(request, obj), *(("scheme", "code") if obj else ()))


class ThemesInline(PolicyInline):
    """The themes that a thing is about; subclasses name the model that joins the two."""

    removable = True
    autocomplete_fields = ("theme",)
    list_select_related = ("theme",)
    verbose_name_plural = _("themes")


class AspectInline(PolicyInline):
    """The numbered parts of a theme."""

    model = Aspect
    removable = True


@admin.register(Theme)
class ThemeAdmin(PolicyAdmin):
    """Themes with their aspects."""

    manage_policy = "portal.admin"
    change_policy = change_any_policy = "portal.administer"
    add_policy = "portal.administer"
    fields = ("name", "slug", "name_cy", "name_fr", "summary", "valid_from", "valid_to")
    list_display = ("name", "name_cy", "valid_from", "valid_to")
    search_fields = ("name", "name_cy", "name_fr")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("name", "pk")
    inlines = (AspectInline,)
