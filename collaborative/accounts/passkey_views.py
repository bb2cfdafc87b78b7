"""Where django-allauth's pages of second factors need more than words: who may change them, and a failed passkey."""

from functools import wraps

from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.contrib import messages
from django.http import HttpResponseRedirect

from collaborative.accounts import second_factor


class PasskeyAgain(ReauthenticateWebAuthnView):
    """A passkey once more; when it is not taken one stays on the page, with a sentence."""

    def form_invalid(self, form):
        """Say what was wrong, and ask again."""
        for sentence in form.errors.get("credential", []):
            messages.error(self.request, sentence)
        return HttpResponseRedirect(self.request.get_full_path())


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
