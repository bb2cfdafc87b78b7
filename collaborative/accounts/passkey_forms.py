"""Passkeys: django-allauth's forms with our words, and a sentence for whatever a browser or a stranger sends."""

from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.forms import OurWords

NAME_LENGTH = 60
NAME = (_("Name of this passkey"), _("So that you can tell it from others, such as “Work laptop” or “Blue key”."))
NOT_ADDED = _("The passkey could not be added. Try again.")
NOT_TAKEN = _("This passkey was not accepted. Try again, or use another way.")
BROKEN = (AttributeError, KeyError, TypeError, ValueError, IndexError)
"""What reading a made-up credential may raise, besides the refusals."""


def said(wrong, act):
    """Return what an act returns; raise ``ValidationError`` with a sentence when the credential is not sound."""
    try:
        return act()
    except ValidationError as error:
        if error.code == "too_many_login_attempts":
            raise
        raise ValidationError(wrong, code="passkey") from None
    except BROKEN:
        raise ValidationError(wrong, code="passkey") from None


def in_words(form, wrong):
    """Let a form say a sentence when the browser sent no credential at all, or nothing that can be read."""
    form.fields["credential"].error_messages |= {"required": wrong, "invalid": wrong}


class Sound:
    """A form that a passkey fills in; the browser's script puts in the credential."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        in_words(self, NOT_TAKEN)

    def clean_credential(self):
        """Return the passkey that answered; raises ``ValidationError`` with a sentence otherwise."""
        return said(NOT_TAKEN, super().clean_credential)


class PasskeyLoginForm(Sound, webauthn.LoginWebAuthnForm):
    """Signing in with a passkey alone."""


class PasskeyForm(Sound, webauthn.AuthenticateWebAuthnForm):
    """A passkey as the second step of signing in."""


class PasskeyAgainForm(Sound, webauthn.ReauthenticateWebAuthnForm):
    """A passkey once more, before a delicate change."""


class AddPasskeyForm(OurWords, webauthn.AddWebAuthnForm):
    """A new passkey: its name, and whether it signs in alone."""

    words = {
        "name": NAME,
        "passwordless": (
            _("Let this passkey sign me in without my password"),
            _("It then asks for your finger, your face or a PIN. Leave this off for a key that has none of these."),
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = NAME_LENGTH
        self.fields["name"].widget.attrs |= {"maxlength": NAME_LENGTH, "autocomplete": "off"}
        self.fields["passwordless"].initial = True
        in_words(self, NOT_ADDED)

    def clean_name(self):
        """Return a name that fits; the passkey exists already, so a long one is cut instead of refused."""
        return super().clean_name()[:NAME_LENGTH]

    def clean(self):
        """Check what the browser made; raises ``ValidationError`` with a sentence."""
        return said(NOT_ADDED, super().clean)


class RenamePasskeyForm(OurWords, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    words = {"name": NAME}
    name = forms.CharField(max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "off"}))
