"""Our services in the form in which allauth wants them; nothing is kept twice."""

from allauth.socialaccount.models import SocialApp

from partners.intake.certificates import certificates_in
from partners.services.sign_on import secret_of


def app_of(service):
    """Return a service as allauth's application, which is never saved."""
    app = SocialApp(provider=service.protocol, provider_id=service.key, name=service.label)
    if service.saml:
        app.client_id = service.key
        names = ("entity_id", "sso_url", "subject_attribute", "email_attribute", "verified_attribute", "name_attribute")
        app.settings = {name: getattr(service, name) for name in names}
        app.settings["certificates"] = certificates_in(service.certificates)
    else:
        app.client_id, app.secret = service.client_id, secret_of(service)
        app.settings = {"server_url": service.issuer, "issuer": service.issuer, "oauth_pkce_enabled": True}
    return app
