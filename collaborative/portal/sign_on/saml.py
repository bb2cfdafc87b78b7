"""SAML 2.0: what we ask of an identity provider, and what has to hold for an answer to be believed.

The library checks schema, signature, issuer, destination and time. We add what it leaves to its caller: the
answer is to a question that this very session asked, it names us as its audience, it was never used before,
and the identifier it gives is a lasting one.
"""

import binascii
from datetime import UTC, datetime
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponseRedirect
from django.urls import reverse
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as SAML
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

LONGEST = 191
"""Characters that an identifier of a person may have."""
SKEW = 300
"""Seconds by which the other side's clock may differ; the library allows as much."""
UNREADABLE = (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, binascii.Error, etree.LxmlError, ValueError)

SECURITY = {
    "authnRequestsSigned": False,
    "logoutRequestSigned": False,
    "logoutResponseSigned": False,
    "signMetadata": False,
    "wantAssertionsSigned": True,
    "wantAssertionsEncrypted": False,
    "wantMessagesSigned": False,
    "wantNameId": False,
    "wantNameIdEncrypted": False,
    "nameIdEncrypted": False,
    "wantAttributeStatement": False,
    "allowRepeatAttributeName": True,
    "allowSingleLabelDomains": True,
    "requestedAuthnContext": False,
    "rejectDeprecatedAlgorithm": True,
    "signatureAlgorithm": SAML.RSA_SHA256,
    "digestAlgorithm": SAML.SHA256,
    "metadataValidUntil": None,
    "metadataCacheDuration": None,
}


CONFIRMED = "/samlp:Response/saml:Assertion/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"
AUDIENCES = "/samlp:Response/saml:Assertion/saml:Conditions/saml:AudienceRestriction/saml:Audience/text()"


class Unbelievable(ProviderException):
    """A SAML answer that is not believed; the words are for the log."""


def whole(name, key):
    """Return one of our addresses as the other side knows it."""
    return settings.SITE_URL + reverse(name, args=[key])


def configuration(app):
    """Return the library's settings for one service."""
    known = app.settings
    return {
        "strict": True,
        "security": SECURITY,
        "sp": {
            "entityId": whole("saml_metadata", app.client_id),
            "assertionConsumerService": {
                "url": whole("saml_acs", app.client_id),
                "binding": SAML.BINDING_HTTP_POST,
            },
            "NameIDFormat": SAML.NAMEID_UNSPECIFIED if known["subject_attribute"] else SAML.NAMEID_PERSISTENT,
        },
        "idp": {
            "entityId": known["entity_id"],
            "singleSignOnService": {"url": known["sso_url"], "binding": SAML.BINDING_HTTP_REDIRECT},
            "x509cert": known["certificates"][0],
            "x509certMulti": {"signing": known["certificates"]},
        },
    }


def conversation(app, response=None):
    """Return the library's side of a conversation with the provider.

    It compares addresses with our own as configured, not with what the request says that it was sent to.
    """
    at = urlsplit(whole("saml_acs", app.client_id))
    said = {
        "https": "on" if at.scheme == "https" else "off",
        "http_host": at.netloc,
        "script_name": at.path,
        "get_data": {},
        "post_data": {} if response is None else {"SAMLResponse": response},
    }
    return OneLogin_Saml2_Auth(said, configuration(app))


def metadata(app):
    """Return our metadata for one service, as XML."""
    known = OneLogin_Saml2_Settings(configuration(app), sp_validation_only=True)
    return known.get_sp_metadata()


def believed(app, response):
    """Return the conversation after an answer that is to be believed; raises ``Unbelievable``.

    That the session asked for it is for the caller to see: ``answers`` says to which question it is one.
    """
    talk = conversation(app, response)
    try:
        talk.process_response()
        if talk.get_errors() or not talk.is_authenticated():
            raise Unbelievable(talk.get_last_error_reason() or "not an answer")
        said = OneLogin_Saml2_XML.to_etree(talk.get_last_response_xml())
    except UNREADABLE as error:
        raise Unbelievable(type(error).__name__) from error
    _check(app, talk, said)
    return talk


def answers(talk):
    """Return the id of our question to which an answer is one."""
    return talk.get_last_response_in_response_to()


def _check(app, talk, said):
    question, until = answers(talk), talk.get_last_assertion_not_on_or_after()
    if not question or set(_all(said, f"{CONFIRMED}/@InResponseTo")) != {question}:
        raise Unbelievable("not an answer to a question of ours")
    if whole("saml_metadata", app.client_id) not in _all(said, AUDIENCES):
        raise Unbelievable("it is not said to be for us")
    if set(_all(said, f"{CONFIRMED}/@Recipient")) != {whole("saml_acs", app.client_id)}:
        raise Unbelievable("it is not said to be sent to us")
    if not until or not talk.get_last_assertion_id():
        raise Unbelievable("it does not say until when it holds")
    left = until - int(datetime.now(UTC).timestamp()) + SKEW
    if not cache.add(f"saml:{app.client_id}:{talk.get_last_assertion_id()}", True, timeout=max(left, 1)):
        raise Unbelievable("it was used before")


def _all(said, path):
    return [str(each).strip() for each in OneLogin_Saml2_XML.query(said, path)]


class OrganisationProvider(SAMLProvider):
    """One organisation's provider. Of what it says only the identifier is kept with the account."""

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        """Return the redirect with our question, which is remembered in the session."""
        talk = conversation(self.app)
        to = talk.login(return_to="")
        self.stash_redirect_state(request, process, next_url, data, state_id=talk.get_last_request_id(), **kwargs)
        return HttpResponseRedirect(to)

    def extract_uid(self, data):
        """Return the lasting identifier; raises ``Unbelievable`` when there is none."""
        attribute = self.app.settings["subject_attribute"]
        if attribute:
            subject = self._first(data, attribute)
        else:
            subject = data.get_nameid() if data.get_nameid_format() == SAML.NAMEID_PERSISTENT else ""
        if not subject or len(subject) > LONGEST:
            raise Unbelievable("it gives no lasting identifier")
        return subject

    def extract_extra_data(self, data):
        """Keep nothing else."""
        return {}

    def extract_common_fields(self, data):
        """Return address and name."""
        names = self.app.settings
        return {
            "email": self._first(data, names["email_attribute"]),
            "name": self._first(data, names["name_attribute"]),
        }

    def extract_email_addresses(self, data):
        """Return the address, verified only when the provider says so."""
        names = self.app.settings
        email = self._first(data, names["email_attribute"])
        said = self._first(data, names["verified_attribute"]).lower() == "true"
        return [EmailAddress(email=email, verified=said, primary=True)] if email else []

    def _first(self, data, attribute):
        values = data.get_attributes().get(attribute) if attribute else None
        return (values[0] or "").strip() if values else ""
