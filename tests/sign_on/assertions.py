"""A SAML identity provider's half: it reads our question and signs an answer, right or wrong in one respect."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from django.urls import reverse
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as SAML
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from partners.models import SignOn
from tests.sign_on.ways import begin, pem, private_key, service

ENTITY = "https://identity.force.example/metadata"
SSO = "https://identity.force.example/sso"
MAIL, NAME = "urn:oid:0.9.2342.19200300.100.1.3", "urn:oid:2.16.840.1.113730.3.1.241"
OURS, ACS = "http://testserver/accounts/saml/force-saml/metadata/", "http://testserver/accounts/saml/force-saml/acs/"

ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 ID="{assertion}" Version="2.0" IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="{format}">{subject}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData {confirmed} NotOnOrAfter="{until}" Recipient="{recipient}"/></saml:SubjectConfirmation>
</saml:Subject><saml:Conditions NotBefore="{since}" NotOnOrAfter="{until}">{audience}</saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{response}" Version="2.0" IssueInstant="{now}"
 Destination="{destination}" {answers}><saml:Issuer>{issuer}</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{body}</samlp:Response>"""
ATTRIBUTE = (
    '<saml:Attribute Name="{}"><saml:AttributeValue xsi:type="xs:string">{}</saml:AttributeValue></saml:Attribute>'
)


def certificate(key, days=30):
    """Return a certificate for a key, in PEM form."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "identity.force.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=90)).not_valid_after(now + timedelta(days=days))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


class SamlProvider:
    """Signs answers with a key of its own."""

    def __init__(self):
        self.key = private_key()
        self.certificate = certificate(self.key)

    def answer(self, question, *, signed=True, attributes=None, algorithm=SAML.RSA_SHA256, **changes):
        """Return an answer to a question as a browser would post it; ``changes`` are what is wrong with it."""
        return base64.b64encode(self.written(question, signed, attributes, algorithm, **changes).encode()).decode()

    def written(self, question, signed=True, attributes=None, algorithm=SAML.RSA_SHA256, **changes):
        """Return an answer as XML."""
        now = datetime.now(UTC)
        said = {MAIL: "asha@force.example", NAME: "Asha Verne", "verified": "true"} | (attributes or {})
        values = {
            "assertion": f"_{uuid4().hex}",
            "response": f"_{uuid4().hex}",
            "now": instant(now),
            "since": instant(now - timedelta(minutes=2)),
            "until": instant(now + timedelta(minutes=5)),
            "issuer": ENTITY,
            "format": SAML.NAMEID_PERSISTENT,
            "subject": "a-lasting-identifier",
            "confirmed": f'InResponseTo="{question}"',
            "answers": f'InResponseTo="{question}"',
            "recipient": ACS,
            "destination": ACS,
            "audience": audience(OURS),
            "attributes": "".join(ATTRIBUTE.format(name, value) for name, value in said.items() if value),
        } | changes
        body = ASSERTION.format(**values)
        if signed:
            body = OneLogin_Saml2_Utils.add_sign(
                body, pem(self.key), self.certificate, sign_algorithm=algorithm, digest_algorithm=SAML.SHA256
            )
        return RESPONSE.format(body=body if isinstance(body, str) else body.decode(), **values)


def audience(name):
    """Return the part of the conditions that says for whom an answer is."""
    return f"<saml:AudienceRestriction><saml:Audience>{name}</saml:Audience></saml:AudienceRestriction>"


def instant(at):
    """Return a moment as SAML writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def saml_service(provider, **fields):
    """Make a service that takes a provider's answers."""
    known = {
        "entity_id": ENTITY,
        "sso_url": SSO,
        "certificates": provider.certificate,
        "verified_attribute": "verified",
    }
    return service(SignOn.Protocol.SAML, **known | fields)


def question(client, **sent):
    """Begin to sign in; return our question, as XML."""
    address = begin(client, **({"service": "force-saml"} | sent))
    assert address.startswith(f"{SSO}?SAMLRequest=")
    asked = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
    return etree.fromstring(OneLogin_Saml2_Utils.decode_base64_and_inflate(asked))


def ask(client, **sent):
    """Begin to sign in; return the id of our question."""
    return question(client, **sent).get("ID")


def post(client, answer, **sent):
    """Post an answer as the provider's page would, and follow with the session; return the end."""
    first = client.post(reverse("saml_acs", args=["force-saml"]), {"SAMLResponse": answer} | sent)
    return client.get(first.url) if first.status_code == 302 else first
