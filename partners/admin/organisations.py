"""Organisations in the coordinators' workshop."""

import re

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core import countries, policies
from collaborative.core.admin import AskingForm, NamedCells, PolicyAdmin, PolicyInline
from collaborative.core.errors import Refused
from collaborative.core.fields import RorField
from partners.admin.domains import DomainsOfOrganisationInline
from partners.admin.importing import ImportingAdmin
from partners.admin.succession import SuccessionAdmin
from partners.models import Organisation, OrganisationAlias, OrganisationLink, ProgrammePartner
from partners.services.organisations import save_organisation, taken, who_had
from partners.services.succession import followers_of
from partners.services.taking_part import add_partner, change_partnership, refuse_second_part

CHOSEN_AMONG_ALL = {"programmepartner", "organisationlink", "organisation"}
"""Where any organisation of the public directory may be chosen: as new partner, as parent, as successor."""


ONS_CODE = re.compile(r"[EWSN][0-9]{8}")


class PartnershipForm(AskingForm):
    """A part in a programme; whose it is stays once saved."""

    fixed = ("programme", "organisation")

    def _post_clean(self):
        """Say beside the row what the service would refuse: a second part, or one of an organisation of the past."""
        ended = self.instance.pk is not None and self.instance.ended
        super()._post_clean()
        begins = self.instance.organisation_id and self.has_changed() and (self.instance.pk is None or ended)
        if begins and not self.errors:
            try:
                refuse_second_part(self.instance)
            except Refused as refused:
                self.add_error(None, str(refused))


class PartnershipRows(NamedCells):
    """Rows that the services write, so that what begins and ends here is recorded as everywhere else."""

    recorded = True

    def save_new(self, form, commit=True):
        """Begin a part."""
        part = form.instance
        setattr(part, self.fk.name, self.instance)
        dates = {"starts_on": part.starts_on, "ends_on": part.ends_on}
        return add_partner(part.programme, part.organisation, role=part.role, by=form.user, **dates)

    def save_existing(self, form, obj, commit=True):
        """Change a part, or end it."""
        dates = {"starts_on": obj.starts_on, "ends_on": obj.ends_on}
        return change_partnership(obj, role=obj.role, by=form.user, **dates)


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
    formset = PartnershipRows
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


class OrganisationForm(AskingForm):
    """An organisation; of what only one may have, the sentence names who has it."""

    ror = RorField(
        label=gettext_lazy("ROR"),
        required=False,
        help_text=gettext_lazy(
            "The identifier of the Research Organization Registry, such as 01kj2bm70, or its whole address."
        ),
    )

    def clean_slug(self):
        """Refuse an address that another organisation has or had."""
        slug = self.cleaned_data["slug"]
        other = who_had(slug, self.instance)
        if other is not None:
            raise forms.ValidationError(taken(other))
        return slug

    def clean_successor(self):
        """Refuse a circle: what became part of this one, at first or second hand, cannot be what it becomes part of."""
        successor = self.cleaned_data["successor"]
        if successor is not None and self.instance.pk in followers_of(successor):
            raise forms.ValidationError(_("That is a circle: it became part of this organisation itself."))
        return successor

    def clean_country(self):
        """Take the two letters of a country in any case."""
        code = self.cleaned_data["country"].upper()
        if not countries.is_country(code):
            raise forms.ValidationError(_("There is no such country: write two letters, such as GB."))
        return code

    def clean_ror(self):
        """Refuse what another organisation has."""
        return self._nobody_else_s("ror", self.cleaned_data["ror"])

    def clean_ons_code(self):
        """Check the shape, and refuse what another organisation has."""
        code = self.cleaned_data["ons_code"].strip().upper()
        if code and not ONS_CODE.fullmatch(code):
            raise forms.ValidationError(_("An ONS code has one letter and eight digits, such as E23000007."))
        return self._nobody_else_s("ons_code", code)

    def clean_police_uk_id(self):
        """Refuse what another organisation has."""
        return self._nobody_else_s("police_uk_id", self.cleaned_data["police_uk_id"].strip().lower())

    def _nobody_else_s(self, name, value):
        other = value and Organisation.objects.filter(**{name: value}).exclude(pk=self.instance.pk).first()
        if other:
            words = _("%(name)s has this identifier already. An identifier belongs to one organisation.")
            raise forms.ValidationError(words % {"name": other.name})
        return value


@admin.register(Organisation)
class OrganisationAdmin(ImportingAdmin, SuccessionAdmin, PolicyAdmin):
    """Organisations; a coordinator sees the partners of their programmes."""

    form = OrganisationForm
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
        "ror",
        "ons_code",
        "police_uk_id",
        "provenance",
        "description",
        "valid_from",
        "valid_to",
        "successor",
    )
    list_filter = ("kind_of", "country")
    list_select_related = ("kind_of",)
    search_fields = ("name", "name_cy", "aliases__name", "ror")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("name", "pk")
    autocomplete_fields = ("successor",)
    inlines = (AliasInline, LinkInline, PartnershipOfOrganisationInline, DomainsOfOrganisationInline)

    def get_inlines(self, request, obj):
        """Show the table of mail domains once there is any; they are added on their own page."""
        shown = obj is not None and obj.email_domains.exists()
        return [each for each in self.inlines if shown or each is not DomainsOfOrganisationInline]

    def save_model(self, request, obj, form, change):
        """Save through the service, which keeps an address that is given up."""
        save_organisation(obj, by=request.user)

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
