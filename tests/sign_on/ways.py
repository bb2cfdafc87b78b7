"""What the tests of single sign-on do again and again: services, providers, and the way there and back."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse

from collaborative.core.sealing import seal
from collaborative.environment import BASE_DIR
from partners.models import EmailDomain, SignOn
from partners.services.sign_on import SEALED_FOR, new_key
from tests import factories as make

CLIENT, SECRET, PASSWORD = "portal", "a secret between two servers", "three bridges and a quiet canal"
PEOPLE = [
    ["asha@force.example", True],
    ["ben@force.example", False],
    ["eve@elsewhere.example", True],
    ["nameless@force.example", None],
    ["long@force.example", True],
]
"""Who the provider of the tests knows, and whether it says that the address is verified; None: it has none."""
ONWARD = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]+)">')


def organisation_with_domain(slug="force", domain="force.example", **fields):
    """Make a partner with a confirmed mail domain."""
    body = make.partner(make.programme(), make.organisation(slug=slug, name=slug.capitalize()))
    EmailDomain.objects.create(organisation=body, domain=domain, **fields)
    return body


def service(protocol, organisation=None, **fields):
    """Make a service in use; it lacks nothing but what the fields say."""
    values = {"label": "Force sign-in", "enabled": True}
    if protocol == SignOn.Protocol.OPENID_CONNECT:
        values |= {"issuer": "https://provider.example", "client_id": CLIENT, "sealed_secret": seal(SECRET, SEALED_FOR)}
    made = SignOn(organisation=organisation or organisation_with_domain(), protocol=protocol, **values | fields)
    made.key = made.key or new_key(made)
    made.save()
    return made


def a_service(**fields):
    """Make a service of OpenID Connect."""
    return service(SignOn.Protocol.OPENID_CONNECT, **fields)


def private_key():
    """Return a new private key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key):
    """Return a private key as text."""
    shape = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, shape, serialization.NoEncryption()).decode()


class Provider:
    """The identity provider as a process; use it as a context."""

    def __init__(self, folder, callback):
        self.folder, self.callback = folder, callback

    def __enter__(self):
        told = {"port": 0, "callback": self.callback, "people": PEOPLE, "password": PASSWORD}
        told |= {"client": CLIENT, "secret": SECRET}
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.sign_on.provider.settings",
            "PROVIDER_DATABASE": str(self.folder / "provider.sqlite3"),
            "PROVIDER_KEY": pem(private_key()),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.sign_on.provider", json.dumps(told)],
            cwd=BASE_DIR,
            env=os.environ | own,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self.process.stdout.readline()
        assert line.startswith("listening at "), line
        self.address = line.split()[-1]
        return self

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def onward(page):
    """Return the address to which a page leads at once."""
    assert page.status_code == 200, page.content.decode()
    return unescape(ONWARD.search(page.content.decode())[1])


def begin(client, **sent):
    """Fill in the page where one chooses the organisation; return the address of the provider it leads to."""
    return onward(client.post(reverse("sign_on"), sent))


def sign_in_there(address, email):
    """Sign in at the provider, as a browser would; return the address to which it sends back."""
    with requests.Session() as browser:
        page = browser.get(address)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        form = {"csrfmiddlewaretoken": token, "login": email, "password": PASSWORD}
        form["next"] = unescape(re.search(r'name="next" value="([^"]+)"', page.text)[1])
        answer = browser.post(page.url, form, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        answer = browser.get(urljoin(page.url, answer.headers["Location"]), allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


def come_back(client, address):
    """Open an address of the portal to which the provider sent us."""
    parts = urlsplit(address)
    return client.get(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()})


def through_openid(client, email, **sent):
    """Go all the way through the provider; return what the portal answers at the end."""
    return come_back(client, sign_in_there(begin(client, **(sent or {"service": "force-oidc"})), email))
