"""How allauth does single sign-on here: services come from our own table, and an address is nobody's proof."""

import logging

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User
from collaborative.portal.sign_on import arriving
from collaborative.portal.sign_on.answers import failed
from collaborative.portal.sign_on.applications import app_of
from collaborative.portal.sign_on.fetching import CarefulSession
from partners.models import SignOn

log = logging.getLogger(__name__)
CANCELLED = _("Your organisation’s sign-in was broken off. You can begin again.")
NOT_BELIEVED = _("We could not take your organisation’s answer as yours. Begin again, in this window.")


class SignOnAdapter(DefaultSocialAccountAdapter):
    """Knows the services that administrators set up and turned on, and no others."""

    def list_apps(self, request, provider=None, client_id=None):
        """Return the services in use, as allauth wants them; nothing is kept twice."""
        services = SignOn.objects.enabled()
        if provider in SignOn.Protocol.values:
            services = services.filter(protocol=provider)
        elif provider:
            services = services.filter(key=provider)
        return [app for app in map(app_of, services) if client_id in (None, app.client_id)]

    def get_requests_session(self):
        """Ask other servers with care."""
        return CarefulSession()

    def can_authenticate_by_email(self, login, email):
        """Never: who has an account shows it by the account or the mailbox."""
        return False

    def populate_user(self, request, sociallogin, data):
        """Keep the name and the address that the provider gives, for an account that may be made."""
        user = sociallogin.user
        user.email = data.get("email", "")
        user.name = data.get("name", "").replace("\x00", "").strip()[: User._meta.get_field("name").max_length]
        return user

    def pre_social_login(self, request, sociallogin):
        """Let in whom the service let in before; all others go the way of somebody new."""
        arriving.check_nonce(sociallogin)
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(arriving.of_somebody_new(request, sociallogin))

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        """Say in a sentence that it did not work; what the other side sent goes to the log by its kind alone."""
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(failed(request, CANCELLED))
        reason = type(exception).__name__ if exception else "no question of this session"
        log.warning("a sign-on was not believed", extra={"service": provider.app.provider_id, "reason": reason})
        raise ImmediateHttpResponse(failed(request, NOT_BELIEVED))
