"""What one fills in on the way to one's organisation's sign-in."""

from allauth.account.forms import BaseConfirmCodeForm
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.accounts.forms import CODE_HINT, OurWords
from partners.models import SignOn
from partners.services.sign_on import service_for


class ServiceField(forms.ModelChoiceField):
    """The services in use, by organisation."""

    def label_from_instance(self, service):
        """Name organisation and service."""
        return f"{service.organisation} ({service})"


class OrganisationForm(forms.Form):
    """The address at work, or the organisation by name. What is asked is the address's domain, never an account."""

    use_required_attribute = False

    email = forms.EmailField(
        label=gettext_lazy("Your work e-mail address"),
        help_text=gettext_lazy("Only to find your organisation."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "govuk-input--width-20"}),
    )
    service = ServiceField(
        label=gettext_lazy("Or choose your organisation"),
        queryset=SignOn.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=gettext_lazy("Choose"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = SignOn.objects.enabled()

    def clean(self):
        """Find the service; it ends up in ``service``."""
        cleaned = super().clean()
        email, chosen = cleaned.get("email"), cleaned.get("service")
        if self.errors or chosen:
            return cleaned
        if not email:
            self.add_error("email", _("Type your work address, or choose your organisation below."))
            return cleaned
        cleaned["service"] = service_for(email)
        if cleaned["service"] is None:
            self.add_error(
                "email", _("No organisation that has its own sign-in here uses this domain. Sign in with a password.")
            )
        return cleaned


class ConfirmForm(OurWords, BaseConfirmCodeForm):
    """The code from the letter."""

    words = {"code": (gettext_lazy("Code"), CODE_HINT)}
