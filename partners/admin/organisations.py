"""Organisations in the coordinators' workshop."""

from django.contrib import admin

from collaborative.core import policies
from collaborative.core.admin import AskingForm, PolicyAdmin, PolicyInline
from partners.models import Organisation, OrganisationAlias, OrganisationLink, ProgrammePartner

CHOSEN_AMONG_ALL = {"programmepartner", "organisationlink", "organisation"}
"""Where any organisation of the public directory may be chosen: as new partner, as parent, as successor."""


class PartnershipForm(AskingForm):
    """A part in a programme; whose it is stays once saved."""

    fixed = ("programme", "organisation")


class AliasInline(PolicyInline):
    """Other names that people look for."""

    model = OrganisationAlias
    removable = True


class LinkInline(PolicyInline):
    """How the organisation stands to others."""

    model = OrganisationLink
    fk_name = "organisation"
    removable = True
    own_fields = ()
    autocomplete_fields = ("other",)
    list_select_related = ("other",)


class PartnershipOfOrganisationInline(PolicyInline):
    """The programmes that the organisation takes part in, of those that the person runs."""

    model = ProgrammePartner
    form = PartnershipForm
    row_policy = "partnerships.save"
    own_fields = ("programme",)
    list_select_related = ("programme",)
    read_once = ("programme", "role")

    def get_min_num(self, request, obj=None, **kwargs):
        """Ask a coordinator, who adds an organisation, in which programme it takes part."""
        return 0 if obj or policies.ask("portal.administer", request.user) else 1

    def get_formset(self, request, obj=None, **kwargs):
        """Return the rows' forms; the least number is checked, not only offered."""
        return super().get_formset(request, obj, **{"validate_min": True} | kwargs)


@admin.register(Organisation)
class OrganisationAdmin(PolicyAdmin):
    """Organisations; a coordinator sees the partners of their programmes."""

    manage_policy = "partners.manage"
    add_policy = "portal.admin"
    list_display = ("name", "kind_of", "region", "country", "valid_from", "valid_to")
    fields = (
        "name",
        "slug",
        "name_cy",
        "kind_of",
        "region",
        "country",
        "web_domain",
        "description",
        "valid_from",
        "valid_to",
        "successor",
    )
    list_filter = ("kind_of", "country")
    list_select_related = ("kind_of",)
    search_fields = ("name", "name_cy", "aliases__name")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("name", "pk")
    autocomplete_fields = ("successor",)
    inlines = (AliasInline, LinkInline, PartnershipOfOrganisationInline)

    def get_queryset(self, request):
        """Return those the person manages; all of them while a programme looks for a new partner."""
        looking = request.resolver_match.url_name == "autocomplete"
        if looking and request.GET.get("model_name") in CHOSEN_AMONG_ALL:
            return self.model.objects.visible_to(request.user).order_by(*self.ordering)
        return super().get_queryset(request)

    def get_search_results(self, request, queryset, search_term):
        """Search, and find each organisation once though two of its names match."""
        found, _duplicates = super().get_search_results(request, queryset, search_term)
        return queryset.filter(pk__in=found.values("pk")), False
