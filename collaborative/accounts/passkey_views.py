"""Where django-allauth's pages of second factors need more than words: who may change them, and a failed passkey."""

from functools import wraps

from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseRedirect
from django.urls import reverse

from collaborative.accounts import second_factor


class PasskeyLogin(LoginWebAuthnView):
    """Signing in with a passkey; when it is not taken one is back at the sign-in page, on the way to the same place."""

    def form_invalid(self, form):
        """Say what was wrong, and let them try again."""
        return said_at(self.request, form, reverse("account_login"))


class PasskeyAgain(ReauthenticateWebAuthnView):
    """A passkey once more; when it is not taken one stays on the page, with a sentence."""

    def form_invalid(self, form):
        """Say what was wrong, and ask again."""
        return said_at(self.request, form, self.request.path)


def said_at(request, form, page):
    """Lead to a page that shows what was wrong with a passkey, and keeps where one wanted to go."""
    for sentence in form.errors.get("credential", []):
        messages.error(request, sentence)
    return HttpResponseRedirect(passthrough_next_redirect_url(request, page, REDIRECT_FIELD_NAME))


def after_second_factor(view):
    """Let those who have a second factor change it only once they have used it in this session.

    The password alone would let a thief put their own factor in its place.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        has_one = request.user.is_authenticated and second_factor.has_one(request.user)
        first = second_factor.stopped(request) if has_one else None
        return first or view(request, *args, **kwargs)

    return guarded
