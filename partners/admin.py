"""The coordinators' workshop: organisations, programmes, and who belongs to them."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User
from collaborative.core import policies
from collaborative.core.admin import AskingForm, PolicyAdmin, PolicyInline
from collaborative.vocabulary.admin import ThemesInline
from partners.models import (
    Membership,
    Organisation,
    OrganisationAlias,
    OrganisationLink,
    Programme,
    ProgrammePartner,
    ProgrammeRole,
    ProgrammeTheme,
    ThemeLead,
)

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


class PartnershipOfProgrammeInline(PolicyInline):
    """Who takes part in the programme. Any organisation may be chosen; the policy has the last word."""

    model = ProgrammePartner
    form = PartnershipForm
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


class PersonForm(AskingForm):
    """Names the person by their address, so that nobody browses everyone's."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("Of an account that exists."), max_length=254)

    def clean_email(self):
        """Return the address of an account; raises ``ValidationError`` when there is none."""
        email = self.cleaned_data["email"].strip().lower()
        person = User.objects.filter(email=email, is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has an account with this address. Ask them to make one first."))
        self.instance.user = person
        return email

    def _get_validation_exclusions(self):
        """Check what is said about a person who was found, though the form names them otherwise."""
        found = {"user"} if self.instance.user_id else set()
        return super()._get_validation_exclusions() - found


class PersonAdmin(PolicyAdmin):
    """What belongs to a person: named by address when added, and theirs from then on."""

    shown = ()
    fixed = ()
    search_fields = ("user__name", "user__email")

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Ask for the address only while there is no person yet."""
        form = self.asking_form(request, AskingForm if obj else PersonForm)
        return super().get_form(request, obj, change=change, **{"form": form} | kwargs)

    def get_fields(self, request, obj=None):
        """Put the person first."""
        return ("user" if obj else "email", *self.shown)

    def get_readonly_fields(self, request, obj=None):
        """Show whose it is, which stays."""
        return (*super().get_readonly_fields(request, obj), *(("user", *self.fixed) if obj else ()))


@admin.register(Membership)
class MembershipAdmin(PersonAdmin):
    """Who belongs to the organisations that the person manages."""

    manage_policy = "memberships.save"
    row_policy = "memberships.save"
    add_policy = "portal.admin"
    fixed = ("organisation",)
    shown = ("organisation", "role", "title", "starts_on", "ends_on")
    autocomplete_fields = ("organisation",)
    list_display = ("user", "organisation", "role", "title", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    ordering = ("organisation__name", "pk")


@admin.register(ProgrammeRole)
class ProgrammeRoleAdmin(PersonAdmin):
    """Who runs a programme: coordinators see it, administrators decide it."""

    manage_policy = "programme_roles.see"
    change_policy = change_any_policy = "portal.administer"
    add_policy = "portal.administer"
    row_policy = "portal.administer"
    fixed = ("programme",)
    shown = ("programme", "role", "starts_on", "ends_on")
    list_display = ("user", "programme", "role", "starts_on", "ends_on")
    list_select_related = ("user", "programme")
    ordering = ("programme__name", "pk")
