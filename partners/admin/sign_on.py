"""Single sign-on in the administrators' workshop."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core.admin import AskingForm, PolicyAdmin
from collaborative.core.outward import safe_address
from partners.intake import certificates
from partners.models import SignOn
from partners.services import sign_on

WELL_KNOWN = "/.well-known/openid-configuration"
NEEDED = {
    SignOn.Protocol.OPENID_CONNECT: ("issuer", "client_id", "secret"),
    SignOn.Protocol.SAML: ("entity_id", "sso_url", "certificates", "email_attribute"),
}
"""What a service lacks nothing of before it can be used."""


class SignOnForm(AskingForm):
    """One service; whose it is and which protocol it speaks stay once saved."""

    fixed = ("organisation", "protocol")

    secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
        help_text=gettext_lazy("Kept encrypted and never shown again. Empty: it stays as it is."),
    )

    def clean_issuer(self):
        """Take the discovery document's address for the issuer's; raises ``ValidationError`` for an unsafe one."""
        return self._safe(self.cleaned_data["issuer"].strip().removesuffix(WELL_KNOWN))

    def clean_sso_url(self):
        """Raise ``ValidationError`` for an unsafe address."""
        return self._safe(self.cleaned_data["sso_url"].strip())

    def clean_entity_id(self):
        """Take spaces away."""
        return self.cleaned_data["entity_id"].strip()

    def clean_certificates(self):
        """Check that each certificate can be read."""
        return certificates.checked(self.cleaned_data["certificates"])

    def clean(self):
        """Let nothing be used that lacks something, or whose certificates have all run out."""
        cleaned = super().clean()
        if not cleaned.get("enabled"):
            return cleaned
        for name in NEEDED[self.instance.protocol]:
            kept = name == "secret" and self.instance.sealed_secret
            if name not in self.errors and not cleaned.get(name) and not kept:
                self.add_error(name, _("This is needed before the service can be used."))
        text = cleaned.get("certificates")
        if text and max(certificates.ends_of(text)) <= timezone.now():
            self.add_error("certificates", _("This has run out. Ask the organisation for its present certificate."))
        return cleaned

    def _safe(self, address):
        if address and not safe_address(address):
            raise forms.ValidationError(_("Give a whole address that begins with https://."))
        return address


@admin.register(SignOn)
class SignOnAdmin(PolicyAdmin):
    """The services of identity: administrators alone decide whose word is taken for who people are.

    A new one is named first; what it needs is asked on the page that follows, beside what its organisation
    has to be told.
    """

    form = SignOnForm
    manage_policy = module_policy = add_policy = row_policy = "portal.administer"
    list_display = ("organisation", "label", "protocol", "enabled", "required", "certificates_end")
    list_filter = ("enabled", "protocol")
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "label")
    ordering = ("organisation__name", "pk")
    autocomplete_fields = ("organisation",)
    readonly_fields = ("tell_them", "certificates_end")

    def get_fieldsets(self, request, obj=None):
        """Ask of a service what its protocol needs."""
        if obj is None:
            return [(None, {"fields": ("organisation", "protocol", "label")})]
        theirs = (
            ("entity_id", "sso_url", "certificates", "certificates_end", "subject_attribute", "email_attribute")
            if obj.saml
            else ("issuer", "client_id", "secret")
        )
        more = ("verified_attribute", "name_attribute") if obj.saml else ()
        return [
            (None, {"fields": ("organisation", "protocol", "label", "enabled", "required")}),
            (_("What the organisation has to be told"), {"fields": ("tell_them",)}),
            (_("What the organisation tells"), {"fields": theirs + more}),
        ]

    @admin.display(description=gettext_lazy("our addresses"))
    def tell_them(self, service):
        """Show the addresses that the other side has to be told."""
        return format_html_join("", "<p>{}:<br><code>{}</code></p>", service.addresses)

    @admin.display(description=gettext_lazy("certificate holds until"))
    def certificates_end(self, service):
        """Show until when the certificates hold, the last of which counts."""
        ends = certificates.ends_of(service.certificates)
        if not ends:
            return "–"
        day = date_format(timezone.localtime(max(ends)), "j F Y")
        return day if max(ends) > timezone.now() else format_html("<strong>{}</strong>", _("Run out on %s") % day)

    def save_model(self, request, obj, form, change):
        """Keep it by the service's own verb."""
        sign_on.keep(obj, by=request.user, secret=form.cleaned_data.get("secret", ""))

    def response_add(self, request, obj, post_url_continue=None):
        """Go on to the page that asks for the rest."""
        request.POST = request.POST.copy()
        request.POST["_continue"] = "1"
        return super().response_add(request, obj, post_url_continue)
