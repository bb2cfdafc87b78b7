"""Sign-in and its relatives: allauth's forms with our words, hints and order.

Placeholders go: they vanish when one types, and are read by some screen readers only.
"""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.mfa.base import forms as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User

EMAIL = _("E-mail address")
PASSWORD_HINT = _("At least 12 characters. Three or four words that have nothing to do with each other work well.")
CODE_HINT = _("Eight letters, such as BCDF-GHJK. Capitals and the dash do not matter.")
APP_CODE = _("Code from your authenticator app")


class OurWords:
    """Gives fields the labels and hints of ``words`` ({field: (label, hint)}) and takes placeholders away."""

    words = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
        if "code" in self.fields:
            self.fields["code"].widget.attrs |= {"class": "govuk-input--width-10", "spellcheck": "false"}


class LoginForm(OurWords, account.LoginForm):
    """Address and password."""

    words = {
        "login": (EMAIL, ""),
        "password": (_("Password"), ""),
        "remember": (_("Keep me signed in for two weeks. Not on a shared computer."), ""),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("login", get_adapter().invited_address())


class SignupForm(OurWords, account.SignupForm):
    """Name, address and password; answers the same, and takes as long, whether or not the address is known."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=User._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")
    words = {
        "name": (_("Your name"), _("As colleagues in other organisations should see it.")),
        "email": (EMAIL, _("Your work address, if you have one: we send a code to it.")),
        "password1": (_("Password"), PASSWORD_HINT),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("email", get_adapter().invited_address())

    def clean_email(self):
        """Return the address; while joining is closed only the one that was invited will do."""
        get_adapter().check_joining(self.cleaned_data["email"])
        return super().clean_email()

    def try_save(self, request):
        """Make the account, or quietly nothing for a known address, whose owner gets a letter instead.

        Two sign-ups at the same moment end the same way: the second finds the address taken.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            return None, flows.signup.prevent_enumeration(request, email=self.cleaned_data["email"])


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    """The address to which a code is sent."""

    words = {"email": (EMAIL, _("The one you signed up with."))}


class NewPasswordForm(OurWords, account.ResetPasswordKeyForm):
    """A new password, after the code."""

    words = {"password1": (_("New password"), PASSWORD_HINT), "password2": (_("New password again"), "")}


class SetPasswordForm(OurWords, account.SetPasswordForm):
    """A first password, for accounts without one."""

    words = {"password1": (_("Password"), PASSWORD_HINT), "password2": (_("Password again"), "")}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    """The old password, and the new one twice."""

    words = {
        "oldpassword": (_("Current password"), ""),
        "password1": (_("New password"), PASSWORD_HINT),
        "password2": (_("New password again"), ""),
    }


class ChangeEmailForm(OurWords, account.AddEmailForm):
    """The new address; the old one holds until the new one is confirmed."""

    words = {"email": (_("New e-mail address"), _("We send a code to it. The present address holds until then."))}


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    """The password once more."""

    words = {"password": (_("Password"), "")}


class ConfirmEmailForm(OurWords, account.ConfirmEmailVerificationCodeForm):
    """The code from the letter that confirms an address."""

    words = {"code": (_("Code"), CODE_HINT)}


class ConfirmResetForm(OurWords, account.ConfirmPasswordResetCodeForm):
    """The code from the letter that lets one choose a new password."""

    words = {"code": (_("Code"), CODE_HINT)}


class AskedCode(OurWords):
    """A field for a code: of the app, or for somebody who has only passkeys, a recovery code."""

    words = {"code": (APP_CODE, _("Six digits. Without your phone, type one of your recovery codes: eight digits."))}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_mfa_enabled(self.user, [Authenticator.Type.TOTP]):
            self.fields["code"].label, self.fields["code"].help_text = _("Recovery code"), _("Eight digits.")


class SecondFactorForm(AskedCode, factor.AuthenticateForm):
    """The second step of signing in."""


class SecondFactorAgainForm(AskedCode, factor.ReauthenticateForm):
    """The second factor once more, before a delicate change."""


class ActivateAppForm(OurWords, totp.ActivateTOTPForm):
    """The first code of an authenticator app."""

    words = {"code": (APP_CODE, _("Six digits; the app shows new ones every half minute."))}


class DetailsForm(forms.ModelForm):
    """The name by which others know the person."""

    class Meta:
        model = User
        fields = ["name"]
        labels = {"name": _("Your name")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
