"""The way to one's organisation's sign-in, and back."""

import logging
import secrets

from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.core.exceptions import SignupClosedException
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.sessions import LoginSession
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from collaborative.core.errors import Refused
from collaborative.core.outward import safe_address
from collaborative.core.views import FormPage, Page, act
from collaborative.portal.sign_on import arriving, saml
from collaborative.portal.sign_on.answers import failed, going_on
from collaborative.portal.sign_on.forms import ConfirmForm, OrganisationForm
from collaborative.portal.sign_on.mailbox import MailboxProof
from collaborative.portal.sign_on.openid import OrganisationAdapter
from partners.models import SignOn
from partners.services.sign_on import links_of, unlink

log = logging.getLogger(__name__)
LARGEST = 200_000
"""Characters that a SAML answer may have."""
KEPT_FOR = 300
"""Seconds for which an answer waits for its own browser to come for it."""
THEIR_FAULT = (RequestException, OAuth2Error, ProviderException, PermissionDenied, LookupError, TypeError, ValueError)
"""What comes of a provider that is away or answers nonsense."""


def service_or_404(key, protocol):
    """Return a service that is in use."""
    return get_object_or_404(SignOn.objects.enabled(), key=key, protocol=protocol)


def away(request, service, error):
    """Say that a provider does not answer as it should; its kind of failure goes to the log."""
    expected = isinstance(error, (RequestException, OAuth2Error, ProviderException))
    about = {"service": service.pk, "error": type(error).__name__}
    log.warning("a sign-on service failed", extra=about, exc_info=not expected)
    sentence = _("The sign-in of %(organisation)s does not answer just now. Try again in a few minutes.")
    return failed(request, sentence % {"organisation": service.organisation}, status=502)


@method_decorator(never_cache, name="dispatch")
class SignOnPage(FormPage):
    """Where one types one's work address or chooses the organisation, and goes on to its sign-in."""

    policy = "public"
    template_name = "socialaccount/choose.html"
    form_class = OrganisationForm

    def dispatch(self, request, *args, **kwargs):
        """Stand here only while a service is in use, and for those who are not signed in."""
        if not SignOn.objects.enabled().exists():
            raise Http404
        if request.user.is_authenticated:
            return redirect(get_next_redirect_url(request) or "me")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Pass on where one wanted to go."""
        return super().get_context_data(**kwargs) | {"next": get_next_redirect_url(self.request) or ""}

    def form_valid(self, form):
        """Go on to the provider; ``Refused`` for too many tries from one place."""
        if not ratelimit.consume(self.request, action="sign_on"):
            raise Refused(_("Too many attempts. Wait a minute, then try again."))
        service = form.cleaned_data["service"]
        try:
            answer = ask(self.request, service, form.cleaned_data.get("email"))
        except THEIR_FAULT as error:
            return away(self.request, service, error)
        if answer.status_code != 302:
            return answer
        return (
            going_on(self.request, service, answer.url)
            if safe_address(answer.url)
            else away(self.request, service, ValueError())
        )


def ask(request, service, email):
    """Return the redirect that takes a question to the provider."""
    more = {}
    if not service.saml:
        nonce = secrets.token_urlsafe(24)
        hint = {"login_hint": email} if email else {}
        more = {"nonce": nonce, "auth_params": {"nonce": nonce} | hint}
    return arriving.provider_of(request, service).redirect(
        request, "login", next_url=get_next_redirect_url(request), **more
    )


@never_cache
@require_GET
def openid_callback(request, key):
    """Take the answer of an OpenID Connect provider."""
    service = service_or_404(key, SignOn.Protocol.OPENID_CONNECT)
    try:
        return OAuth2CallbackView.adapter_view(OrganisationAdapter(request, service.key))(request)
    except THEIR_FAULT as error:
        return away(request, service, error)


@never_cache
@csrf_exempt
@require_POST
def saml_acs(request, key):
    """Take the answer of a SAML provider, which comes from elsewhere and hence without our session's cookie.

    It is put aside under a cookie of its own, and the browser is sent to fetch it with its session. Where
    the answer wants to go on to (its relay state) is not read: the session knows.
    """
    service = service_or_404(key, SignOn.Protocol.SAML)
    if not ratelimit.consume(request, action="sign_on"):
        raise Refused(_("Too many attempts. Wait a minute, then try again."))
    response = request.POST.get("SAMLResponse", "")
    if not 0 < len(response) <= LARGEST:
        return failed(request, _("This is not an answer of a sign-in service. Begin again."), status=400)
    onward = redirect("saml_finish_acs", service.key)
    aside = LoginSession(request, "saml_aside", "saml-aside")
    aside.store["response"] = response
    aside.store.set_expiry(KEPT_FOR)
    aside.save(onward)
    onward.cookies["saml-aside"]["httponly"] = True
    return onward


@never_cache
@require_GET
def saml_finish_acs(request, key):
    """Take the answer that was put aside, now with the session that asked."""
    service = service_or_404(key, SignOn.Protocol.SAML)
    aside = LoginSession(request, "saml_aside", "saml-aside")
    response = aside.store.get("response", "")
    aside.delete()
    answer = saml_answer(request, service, response)
    answer.delete_cookie("saml-aside", path=request.path)
    return answer


def saml_answer(request, service, response):
    """Believe an answer of a SAML provider, or not; return what the browser is answered."""
    provider = arriving.provider_of(request, service)
    try:
        talk = saml.believed(provider.app, response)
        state = provider.unstash_redirect_state(request, saml.answers(talk))
        login = provider.sociallogin_from_response(request, talk)
    except (saml.Unbelievable, PermissionDenied) as error:
        log.warning("a SAML answer was not believed", extra={"service": service.pk, "reason": str(error)[:200]})
        return render_authentication_error(request, provider, exception=error)
    login.state = state
    return complete_social_login(request, login)


@require_GET
def saml_metadata(request, key):
    """Show our metadata for one service."""
    service = service_or_404(key, SignOn.Protocol.SAML)
    return HttpResponse(
        saml.metadata(arriving.provider_of(request, service).app), content_type="application/samlmetadata+xml"
    )


@method_decorator(never_cache, name="dispatch")
class ConfirmPage(FormPage):
    """Where one types the code from the letter, before the sign-on goes on."""

    policy = "public"
    template_name = "socialaccount/confirm.html"
    form_class = ConfirmForm

    def dispatch(self, request, *args, **kwargs):
        """Stand here only while a sign-on waits in this session."""
        self.proof = MailboxProof.resume(request)
        if self.proof is None or request.user.is_authenticated:
            return redirect("account_login")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        """Tell the form which code it is."""
        return super().get_form_kwargs() | {"code": self.proof.code}

    def get_context_data(self, **kwargs):
        """Name the address."""
        return super().get_context_data(**kwargs) | {"email": self.proof.email}

    def form_invalid(self, form):
        """Count the try; after the last one the sign-on begins again."""
        if "code" in form.errors and form.data.get("code") and not self.proof.record_invalid_attempt():
            messages.error(self.request, _("That was the wrong code too often. Begin again."))
            return redirect("account_login")
        return super().form_invalid(form)

    def form_valid(self, form):
        """Let them in."""
        login = arriving.login_from(self.request, self.proof.state)
        self.proof.abort()
        try:
            return arriving.admit(self.request, login, self.proof.email, by_code=True)
        except SignupClosedException:
            return render(self.request, "account/signup_closed.html")


class LinksPage(Page):
    """The services by which one signs in, each with a button to take it away."""

    policy = "signed_in"
    template_name = "socialaccount/links.html"

    def get_context_data(self, **kwargs):
        """Add the services."""
        return super().get_context_data(**kwargs) | {"links": links_of(self.request.user)}


@act("signed_in")
def remove_link(request, thing):
    """Take a service off one's account."""
    link = request.POST.get("link", "")
    unlink(request.user, int(link) if link.isdecimal() and len(link) < 19 else 0)
    return reverse("sign_on_links"), _("This sign-in no longer leads to your account.")


for page in (openid_callback, saml_acs, saml_finish_acs, saml_metadata):
    page.policy = "public"
