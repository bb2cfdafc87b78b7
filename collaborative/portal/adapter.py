"""How allauth does things here: our sentences, our letters, and secrets that a stolen database does not give away."""

import base64
import logging
import re
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.accounts import known_browsers, sessions
from collaborative.accounts.devices import device
from collaborative.core.errors import Refused
from collaborative.core.sealing import Lost, seal, unseal
from collaborative.core.text import markdown
from partners.views.invitations import carried_by

log = logging.getLogger(__name__)

NO_MAIL = _("We could not send mail to this address just now. Check it, or try again in a few minutes.")
TOO_MANY = _("Too many attempts. Wait five minutes, then try again.")
SEALED_FOR = "portal second factors"
ONLY_INVITED = _("Joining is closed at present. Use the address to which your invitation was sent.")
WRONG_CODE = _("This is not the right code. Check it and type it again.")

WAYS = {
    "reauthenticate": _("Type your password"),
    "mfa_reauthenticate": _("Type a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
"""What one may do to show that it is still oneself, by allauth's name."""


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up with a name, letters in our look, and one voice in every message."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account cannot sign in. Ask the people who run this portal."),
        "duplicate_email": _("This is already the address of your account."),
        "email_password_mismatch": _("This address and password do not belong together. Check both."),
        "email_taken": _("This address cannot be used here. Use another."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("We have just sent you a code. Wait a moment before asking for another."),
        "too_many_login_attempts": TOO_MANY,
        "same_as_current": _("This is already the address of your account."),
    }

    def is_safe_url(self, url):
        """Say whether somebody may be led there afterwards; not to what is no address at all."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def is_open_for_signup(self, request):
        """Say whether this browser may make an account: while joining is closed, only with an invitation."""
        return settings.SIGNUP_OPEN or carried_by(request) is not None

    def invited_address(self):
        """Return the address to which the invitation went that this browser carries, or an empty string."""
        invitation = carried_by(self.request) if self.request else None
        return invitation.email if invitation else ""

    def check_joining(self, email):
        """Raise ``ValidationError`` for an address that was not invited, while joining is closed."""
        if not settings.SIGNUP_OPEN and email.lower() != self.invited_address():
            raise ValidationError(ONLY_INVITED)

    def save_user(self, request, user, form, commit=True):
        """Keep the name with the account, and the address in lower case."""
        user = super().save_user(request, user, form, commit=False)
        user.name = form.cleaned_data["name"]
        if commit:
            user.save()
        return user

    first_time = False
    """Whether the person who is signing in has never done so before."""

    def login(self, request, user):
        """Begin the session, and note in it how: the admin asks which sessions used a second factor."""
        self.first_time = user.last_login is None
        super().login(request, user)
        if not get_authentication_records(request, user):
            record_authentication(request, user, "code")

    def post_login(self, request, user, **kwargs):
        """Tell of a sign-in from a browser the person has not used before, and let the browser remember them."""
        response = super().post_login(request, user, **kwargs)
        if not (self.first_time or known_browsers.knows(request, user)):
            self.send_notification_mail("account/email/new_device", user)
        known_browsers.remember(request, response, user)
        return response

    def get_login_stages(self):
        """Ask last whether the person's organisation demands its own sign-in."""
        return [*super().get_login_stages(), "collaborative.portal.sign_on.stage.OrganisationStage"]

    def logout(self, request):
        """End the session, and take it off the list of those in which one is signed in."""
        sessions.forget_here(request)
        super().logout(request)

    def render_mail(self, template_prefix, email, context, headers=None):
        """Return the letter: the text as it is written, and an HTML half made from it."""
        letter = super().render_mail(template_prefix, email, context, headers)
        letter.body = re.sub(r"\n{3,}", "\n\n", letter.body) + "\n"
        page = {"subject": letter.subject, "body": markdown(letter.body), "told": "code" not in context}
        letter.attach_alternative(render_to_string("account/email/letter.html", context | page), "text/html")
        return letter

    def send_mail(self, template_prefix, email, context):
        """Send one letter at once; raises ``Refused`` with a sentence when the mail server does not take it."""
        ours = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        try:
            super().send_mail(template_prefix, email, ours | context)
        except OSError as error:  # a mail server's answer repeats the address, so only its kind is logged
            log.error(
                "a security letter was not sent", extra={"letter": template_prefix, "error": type(error).__name__}
            )
            raise Refused(NO_MAIL) from None

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Tell someone of a change that has happened; a failing mail server does not undo or hide it."""
        told = {"device": device(self.get_http_user_agent(self.request))}
        try:
            super().send_notification_mail(template_prefix, user, told | (context or {}), email)
        except Refused:
            log.warning("a change of an account was not told", extra={"user": user.pk, "letter": template_prefix})

    def get_reauthentication_methods(self, user):
        """Return the ways of showing that it is still oneself, in our words."""
        ways = super().get_reauthentication_methods(user)
        return [way | {"description": WAYS.get(way["id"], way["description"])} for way in ways]

    def get_password_change_redirect_url(self, request):
        """Go back to the account's page."""
        return reverse("account_index")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator secrets and recovery seeds are stored encrypted; passkeys have names that people understand."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "unverified_email": _("Confirm your e-mail address first, then set up a second factor."),
        "cannot_delete_authenticator": _("The second factor of this account cannot be taken away."),
    }

    def generate_authenticator_name(self, user, type):
        """Return the name that a new passkey has until its owner gives it another."""
        number = user.authenticator_set.filter(type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def _get_site_name(self):
        """Return the name under which a browser keeps this portal's passkeys."""
        return settings.SITE_NAME

    def encrypt(self, text):
        """Return the secret as it is stored."""
        return seal(text, SEALED_FOR)

    def decrypt(self, encrypted_text):
        """Return a stored secret.

        One made with a key that is no longer known is lost: it becomes a secret that no code fits, so
        that its owner is refused and can be helped, instead of meeting an error page.
        """
        try:
            return unseal(encrypted_text, SEALED_FOR)
        except Lost:
            log.error("a second factor was stored with a key that is no longer known")
            return base64.b32encode(secrets.token_bytes(20)).decode()
