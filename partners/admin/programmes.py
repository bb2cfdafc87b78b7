"""Programmes in the coordinators' workshop."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.services import present
from collaborative.core import policies
from collaborative.core.admin import AskingForm, PolicyAdmin, PolicyInline
from collaborative.vocabulary.admin import ThemesInline
from partners.admin.organisations import PartnershipForm, PartnershipRows
from partners.holdings import staff_of
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
    """One lead of a theme; which side of which theme stays once saved.

    The person is named by their address, so that nobody browses everyone's.
    """

    fixed = ("theme", "side")

    person = forms.EmailField(
        label=_("Person’s e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Of a member of the organisation; empty for nobody."),
    )

    def __init__(self, *args, instance=None, initial=None, **kwargs):
        address = {"person": instance.user.email} if instance is not None and instance.user_id else {}
        super().__init__(*args, instance=instance, initial=address | (initial or {}), **kwargs)

    def _words(self, name):
        """Say who it is by their name."""
        return self.instance.user or "" if name == "person" else super()._words(name)

    def clean(self):
        """Find the person among the organisation's staff."""
        cleaned = super().clean()
        if "person" in self.errors:
            return cleaned
        address = self.cleaned_data.get("person", "").strip()
        organisation = self.cleaned_data.get("organisation")
        self.instance.user = staff_of(organisation).filter(email__iexact=address).first() if organisation else None
        if address and organisation and self.instance.user is None:
            self.add_error("person", gettext("Nobody of this organisation’s staff has this address."))
        return cleaned

    def save(self, commit=True):
        """Save it; raises ``Refused`` for a person who has left the portal meanwhile."""
        if "person" in self.changed_data and self.instance.user_id:
            present(self.instance.user_id)
        return super().save(commit)


class ThemeLeadInline(PolicyInline):
    """The pairs that lead the programme's themes."""

    model = ThemeLead
    form = ThemeLeadForm
    row_policy = "theme_leads.save"
    autocomplete_fields = ("theme", "organisation")
    fields = ("theme", "side", "title", "organisation", "person", "starts_on", "ends_on")
    list_select_related = ("theme", "organisation", "user")


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
