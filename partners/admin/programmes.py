"""Programmes in the coordinators' workshop."""

from django.contrib import admin

from collaborative.core import policies
from collaborative.core.admin import AskingForm, PolicyAdmin, PolicyInline
from collaborative.vocabulary.admin import ThemesInline
from partners.admin.organisations import PartnershipForm, PartnershipRows
from partners.models import Programme, ProgrammePartner, ProgrammeTheme, ThemeLead


class PartnershipOfProgrammeInline(PolicyInline):
    """Who takes part in the programme. Any organisation may be chosen; the policy has the last word."""

    model = ProgrammePartner
    form = PartnershipForm
    formset = PartnershipRows
    row_policy = "partnerships.save"
    own_fields = ()
    autocomplete_fields = ("organisation",)
    list_select_related = ("organisation",)
    read_once = ("role",)


class ProgrammeThemeInline(ThemesInline):
    """What the programme works on."""

    model = ProgrammeTheme


class ThemeLeadForm(AskingForm):
    """One lead of a theme; which side of which theme stays once saved."""

    fixed = ("theme", "side")


class ThemeLeadInline(PolicyInline):
    """The pairs that lead the programme's themes."""

    model = ThemeLead
    form = ThemeLeadForm
    row_policy = "theme_leads.save"
    autocomplete_fields = ("theme", "organisation")
    fields = ("theme", "side", "title", "organisation", "starts_on", "ends_on")
    list_select_related = ("theme", "organisation")


@admin.register(Programme)
class ProgrammeAdmin(PolicyAdmin):
    """Programmes; a coordinator runs their own."""

    manage_policy = "programmes.manage"
    add_policy = "portal.administer"
    list_display = ("name", "short_name", "region", "starts_on", "ends_on")
    fields = (
        "name",
        "slug",
        "short_name",
        "summary",
        "description",
        "region",
        "contact",
        "time_zone",
        "starts_on",
        "ends_on",
    )
    search_fields = ("name", "short_name")
    ordering = ("name", "pk")
    inlines = (PartnershipOfProgrammeInline, ProgrammeThemeInline, ThemeLeadInline)

    def get_readonly_fields(self, request, obj=None):
        """Leave a programme's address to administrators."""
        fields = super().get_readonly_fields(request, obj)
        return fields if policies.ask("portal.administer", request.user) else (*fields, "slug")
