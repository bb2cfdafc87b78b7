"""Identity tokens that are wrong in one respect, from a provider that otherwise does all as it should."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from jwt.algorithms import RSAAlgorithm

from collaborative.accounts.models import User
from tests.accounts.ways import signed_in
from tests.sign_on.ways import CLIENT, a_service, begin, come_back, pem, private_key

pytestmark = pytest.mark.django_db
KEY, ANOTHER = private_key(), private_key()


def public(key):
    """Return a public key as text."""
    shape = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, shape).decode()


class Liar:
    """A provider whose answers can be changed: ``changed`` by path, and the token by ``token(claims)``."""

    def __init__(self):
        self.changed, self.claims, self.token, self.nonce = {}, {}, self.signed, ""

    @staticmethod
    def signed(claims, key=KEY, algorithm="RS256", **header):
        """Return a token as it should be."""
        return jwt.encode(claims, pem(key), algorithm, headers={"kid": "one"} | header)

    def answer(self, path):
        """Return what is answered."""
        now = int(time.time())
        person = {"sub": "7", "email": "asha@force.example", "email_verified": True, "name": "Asha Verne"}
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonce} | person
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/keys": {"keys": [json.loads(RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "one", "use": "sig"}]},
            "/token": {"access_token": "x", "token_type": "Bearer", "id_token": self.token(claims)},
            "/userinfo": person,
        }[path]


@pytest.fixture
def liar():
    """Run it."""
    told = Liar()

    class Site(BaseHTTPRequestHandler):
        """Answers as it is told."""

        def do_GET(self):  # noqa: N802 - the library calls it so
            """Answer."""
            said = told.answer(self.path)
            said = told.changed[self.path](said) if self.path in told.changed else said
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):  # noqa: N802
            """Answer."""
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *args):
            """Say nothing."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    told.address = f"http://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    yield told
    running.shutdown()
    thread.join()
    running.server_close()


def arrive(client, liar):
    """Go there and come back; return the portal's answer."""
    a_service(issuer=liar.address)
    sent = {name: values[0] for name, values in parse_qs(urlsplit(begin(client, service="force-oidc")).query).items()}
    liar.nonce = sent["nonce"]
    query = urlencode({"code": "x", "state": sent["state"]})
    return come_back(client, f"/accounts/oidc/force-oidc/login/callback/?{query}")


def test_one_that_is_right_is_taken(client, liar):
    assert arrive(client, liar).url == "/me/"
    assert User.objects.get().email == "asha@force.example"


def test_one_that_names_no_key_is_taken_from_a_provider_with_one_key(client, liar):
    liar.token = lambda claims: jwt.encode(claims, pem(KEY), "RS256")
    assert arrive(client, liar).url == "/me/"


@pytest.mark.parametrize("algorithm", ["RS512", "PS256"])
def test_other_public_key_algorithms_are_taken(client, liar, algorithm):
    liar.token = lambda claims: Liar.signed(claims, algorithm=algorithm)
    assert arrive(client, liar).url == "/me/"


def by_shared_secret(claims):
    """Return a token signed with the public key as if it were a secret."""
    head, body, _none = jwt.encode(claims, "x" * 64, "HS256", headers={"kid": "one"}).split(".")
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = algorithm.sign(f"{head}.{body}".encode(), public(KEY).encode())
    return f"{head}.{body}.{jwt.utils.base64url_encode(signature).decode()}"


TOKENS = {
    "signed by another": lambda claims: Liar.signed(claims, key=ANOTHER),
    "signed with a key that is not there": lambda claims: Liar.signed(claims, kid="two"),
    "not signed": lambda claims: jwt.encode(claims, None, "none", headers={"kid": "one"}),
    "signed with the public key as a secret": by_shared_secret,
    "changed": lambda claims: Liar.signed(claims)[:-6] + "AAAAAA",
    "no token": lambda claims: "x",
    "missing": lambda claims: "",
    "a list": lambda claims: ["x"],
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS.keys())
def test_one_that_is_not_the_provider_s_is_not_taken(client, liar, token):
    liar.token = token
    assert arrive(client, liar).status_code in (403, 502)
    assert (User.objects.count(), signed_in(client)) == (0, False)


CLAIMS = {
    "another issuer": {"iss": "https://another.example"},
    "another audience": {"aud": "another"},
    "several audiences and another party": {"aud": [CLIENT, "another"], "azp": "another"},
    "run out": {"exp": int(time.time()) - 600},
    "no end": {"exp": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is too long": {"sub": "x" * 192},
    "somebody else than the page about the person": {"sub": "8"},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "a nonce that is no text": {"nonce": 7},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS.keys())
def test_one_that_says_something_wrong_is_not_taken(client, liar, claims):
    liar.claims = claims
    answer = arrive(client, liar)
    assert (answer.status_code, User.objects.count(), signed_in(client)) == (403, 0, False)
    assert "We could not take your organisation’s answer as yours" in answer.content.decode()


NONSENSE = {
    "no json": lambda said: b"<html>",
    "a list": lambda said: [],
    "a text": lambda said: "x",
    "nothing": lambda said: {},
    "broken": lambda said: b"\xff\xfe",
}


@pytest.mark.parametrize("path", ["/keys", "/token", "/userinfo"])
@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_gives_a_sentence(client, liar, path, nonsense):
    liar.changed[path] = nonsense
    answer = arrive(client, liar)
    assert (answer.status_code in (403, 502), User.objects.count()) == (True, 0)
    assert "You are not signed in" in answer.content.decode()


@pytest.mark.parametrize(
    "changed",
    [
        *NONSENSE.values(),
        lambda said: said | {"issuer": "https://another.example"},
        lambda said: said | {"jwks_uri": "http://169.254.169.254/latest/meta-data/"},
        lambda said: said | {"authorization_endpoint": "javascript:alert(1)"},
        lambda said: said | {"token_endpoint": None},
    ],
)
def test_a_discovery_document_that_is_not_as_it_should_be_gives_a_sentence(client, liar, changed):
    liar.changed["/.well-known/openid-configuration"] = changed
    a_service(issuer=liar.address)
    assert client.post("/accounts/organisation/", {"service": "force-oidc"}).status_code == 502


@pytest.mark.parametrize("said", ["false", "yes", 1, None, "True", [True]])
def test_verified_has_to_be_said_plainly(client, liar, said, mailoutbox):
    liar.changed["/userinfo"] = lambda person: person | {"email_verified": said}
    assert arrive(client, liar).url == "/accounts/organisation/confirm/"
    assert User.objects.count() == 0


@pytest.mark.parametrize("said", [7, ["asha@force.example"], {}, "no address", "a@b@c", "a\x00@force.example", ""])
def test_an_address_that_is_none_gives_a_sentence(client, liar, said):
    liar.claims = {"email": None}
    liar.changed["/userinfo"] = lambda person: person | {"email": said}
    answer = arrive(client, liar)
    assert "did not tell us your e-mail address" in answer.content.decode()
    assert (answer.status_code, User.objects.count()) == (403, 0)


@pytest.mark.parametrize("said", [7, ["Asha"], {"x": 1}, "A\x00sha", None])
def test_a_name_that_is_none_is_left_out(client, liar, said):
    liar.claims = {"name": None}
    liar.changed["/userinfo"] = lambda person: person | {"name": said}
    assert arrive(client, liar).url == "/me/"
    assert User.objects.get().name in ("", "Asha")
