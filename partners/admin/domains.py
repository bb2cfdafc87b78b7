"""The mail domains of partners, in the coordinators' workshop: confirmed, set, and taken off the list."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core.admin import AskingForm, PolicyAdmin, PolicyInline
from collaborative.core.admin_acts import ActsAdmin, AdminAct
from collaborative.core.errors import Refused
from partners.intake.mail_domains import checked
from partners.models import EmailDomain
from partners.services.domains import change_domain, confirm_domain, prepared, set_rule
from partners.services.removing import remove_domain, resting_on, told_of_removing

CHOICES = [
    ("", gettext_lazy("As usual")),
    *EmailDomain.Admits.choices,
]


class DomainForm(AskingForm):
    """A mail domain, and what it does; whose it is and how it is written stays once it is confirmed."""

    fixed = ("organisation", "domain")
    admits = forms.ChoiceField(
        label=gettext_lazy("What it does"),
        choices=CHOICES,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("As usual, universities and shared domains ask, and others let people in at once."),
    )

    def clean_domain(self):
        """Refuse beside the field what no one body owns."""
        if self.instance.pk:
            return self.instance.domain
        try:
            return checked(self.cleaned_data["domain"])
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None

    def clean(self):
        """Refuse what the service would; keep what the domain will do."""
        values = super().clean()
        organisation = self.cleaned_data.get("organisation") or (self.instance.pk and self.instance.organisation)
        if self.errors or not organisation:
            return values
        would = self._would(organisation, values["admits"], False, "admits" if self.instance.pk else "domain")
        if would and values["subdomains_at_once"]:
            would = self._would(organisation, values["admits"], True, "subdomains_at_once")
        return values | ({"admits": would.admits} if would else {})

    def _would(self, organisation, admits, subdomains_at_once, field):
        """Return the domain as it would be, or None with what the service would refuse beside a field."""
        try:
            if self.instance.pk:
                set_rule(self.instance, admits, subdomains_at_once)
                return self.instance
            rule = {"admits": admits, "subdomains_at_once": subdomains_at_once}
            return prepared(organisation, self.cleaned_data["domain"], by=self.user, **rule)
        except Refused as refused:
            self.add_error(field, str(refused))
            return None


class OnTheList(admin.SimpleListFilter):
    """Shows the domains that hold, or those that were taken off."""

    title = gettext_lazy("the list")
    parameter_name = "list"

    def lookups(self, request, model_admin):
        """Offer both."""
        return [("on", _("On the list")), ("off", _("Taken off the list"))]

    def queryset(self, request, queryset):
        """Keep those chosen."""
        if self.value() not in ("on", "off"):
            return queryset
        return queryset.filter(removed_at__isnull=self.value() == "on")


class DomainsOfOrganisationInline(PolicyInline):
    """The mail domains of an organisation, each with the way to its own page, where it is set."""

    model = EmailDomain
    addable = False
    show_change_link = True
    fields = readonly_fields = ("domain", "admits", "subdomains_at_once", "confirmed_at", "removed_at")

    def has_change_permission(self, request, obj=None):
        """They are changed on their own page."""
        return False


@admin.register(EmailDomain)
class EmailDomainAdmin(ActsAdmin, PolicyAdmin):
    """Mail domains; taking one off the list shows first whom that concerns, and asks for a reason."""

    manage_policy = row_policy = "email_domains.save"
    add_policy = "portal.admin"
    form = DomainForm
    recorded = True
    view_on_site = False
    autocomplete_fields = ("organisation",)
    fields = ("organisation", "domain", "admits", "subdomains_at_once")
    list_display = (
        "domain",
        "organisation",
        "admits",
        "subdomains_at_once",
        "confirmed_by",
        "confirmed_at",
        "removed_at",
    )
    list_filter = (OnTheList, "admits")
    list_select_related = ("organisation", "confirmed_by")
    search_fields = ("domain", "organisation__name")
    ordering = ("domain", "pk")
    acts = (
        AdminAct(
            "remove",
            gettext_lazy("Take off the list"),
            None,
            remove_domain,
            reason=True,
            policy="email_domains.save",
            when=lambda domain: domain.removed_at is None,
            told=told_of_removing,
        ),
    )

    def has_change_permission(self, request, obj=None):
        """What is off the list stays as it was."""
        return super().has_change_permission(request, obj) and not (obj and obj.removed_at)

    def get_fields(self, request, obj=None):
        """Show who confirmed it, and who took it off and why."""
        known = ("confirmed_by", "confirmed_at") if obj else ()
        return (
            *self.fields,
            *known,
            *(("removed_by", "removed_at", "removed_reason") if obj and obj.removed_at else ()),
        )

    def get_readonly_fields(self, request, obj=None):
        """Only what a domain does is for changing."""
        return tuple(name for name in self.get_fields(request, obj) if name not in self.fields)

    def save_model(self, request, obj, form, change):
        """Confirm or change it by the service."""
        rule = {name: form.cleaned_data[name] for name in ("admits", "subdomains_at_once")}
        if change:
            change_domain(obj, by=request.user, **rule)
        else:
            made = confirm_domain(obj.organisation, obj.domain, by=request.user, **rule)
            obj.pk, obj._state.adding = made.pk, False

    def act_details(self, domain):
        """Say what the domain does, and what taking it off means."""
        people = resting_on(domain).count()
        return [
            (_("Organisation"), str(domain.organisation)),
            (_("What it does"), domain.get_admits_display()),
            (_("People who are in by it alone"), str(people)),
            (
                _("What happens"),
                _(
                    "Their memberships end at once, and a request in the name of each waits for the organisation’s "
                    "leads. Each gets a letter with your reason; the leads get one letter for all."
                ),
            ),
        ]
