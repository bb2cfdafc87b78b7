"""OpenID Connect, stricter than allauth has it: the identity token is always checked, and so is who it is from."""

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.urls import reverse

from collaborative.core.outward import safe_address

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""With public keys only; “none” and those with a shared secret are not among them."""
ASKED_BY_US = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST = 191
"""Characters that an identifier of a person may have."""


class OrganisationAdapter(OpenIDConnectOAuth2Adapter):
    """Talks to one organisation's provider; raises ``OAuth2Error`` for what is not as it should be."""

    @property
    def openid_config(self):
        """The provider's discovery document: its own, with addresses that may be used; read once a request."""
        if not hasattr(self, "_openid_config"):
            provider = self.get_provider()
            document = self._asked(provider.server_url)
            if _without_slash(document.get("issuer")) != _without_slash(provider.app.settings["issuer"]):
                raise OAuth2Error("the discovery document is another issuer's")
            if not all(safe_address(document.get(name)) for name in ASKED_BY_US):
                raise OAuth2Error("the discovery document has an address that may not be used")
            self._openid_config = document
        return self._openid_config

    def get_callback_url(self, request, app):
        """Return the address that the provider knows, whatever the name by which we were called."""
        return settings.SITE_URL + self.get_provider().get_callback_url()

    def complete_login(self, request, app, token, **kwargs):
        """Return who it is, by the identity token and, where it is offered, the page about the person."""
        claims = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        nonce = claims.get("nonce")
        claims |= self._more(token, claims["sub"])
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.nonce = nonce
        return login

    def _decode_id_token(self, app, id_token):
        try:
            claims = jwt.decode(
                id_token,
                self._key(id_token),
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=60,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("the identity token is not valid") from error
        if claims.get("azp", app.client_id) != app.client_id or not 0 < len(str(claims["sub"])) <= LONGEST:
            raise OAuth2Error("the identity token is not for us")
        return claims

    def _key(self, id_token):
        """Return the provider's key by which the token says it is signed; a provider with one key need not name it."""
        keys = jwt.PyJWKSet.from_dict(self._asked(self.openid_config["jwks_uri"])).keys
        name = jwt.get_unverified_header(id_token).get("kid")
        fitting = [each for each in keys if each.key_id == name] or (keys if name is None else [])
        if len(fitting) != 1:
            raise OAuth2Error("the identity token is signed with an unknown key")
        return fitting[0].key

    def _more(self, token, subject):
        """Return what the provider's page about the person says; it has to be about the same person."""
        address = self.openid_config.get("userinfo_endpoint")
        if not address:
            return {}
        more = self._asked(address, headers={"Authorization": f"Bearer {token.token}"})
        if more.get("sub") != subject:
            raise OAuth2Error("the page about the person is about somebody else")
        return more

    def _asked(self, address, **kwargs):
        with get_adapter().get_requests_session() as session:
            answer = session.get(address, **kwargs)
            answer.raise_for_status()
            read = answer.json()
        if not isinstance(read, dict):
            raise OAuth2Error("the answer is not an object")
        return read


def _without_slash(issuer):
    return issuer.rstrip("/") if isinstance(issuer, str) else None


class OrganisationProvider(OpenIDConnectProvider):
    """One organisation's provider. Of what it says only the identifier is kept with the account."""

    oauth2_adapter_class = OrganisationAdapter

    def get_callback_url(self):
        """Return the path to which the provider sends people back."""
        return reverse("openid_connect_callback", args=[self.app.provider_id])

    def extract_uid(self, data):
        """Return the lasting identifier."""
        return str(data["sub"])

    def extract_extra_data(self, data):
        """Keep nothing else."""
        return {}

    def extract_common_fields(self, data):
        """Return address and name."""
        name = data.get("name") or " ".join(filter(None, [_text(data, "given_name"), _text(data, "family_name")]))
        return {"email": _text(data, "email"), "name": name if isinstance(name, str) else ""}

    def extract_email_addresses(self, data):
        """Return the address, verified only when the provider says so plainly."""
        email, verified = _text(data, "email"), data.get("email_verified")
        said = verified is True or verified == "true"
        return [EmailAddress(email=email, verified=said, primary=True)] if email else []


def _text(data, name):
    value = data.get(name)
    return value if isinstance(value, str) else ""
