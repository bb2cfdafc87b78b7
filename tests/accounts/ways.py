"""What the tests of sign-in do again and again."""

import re
import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse

from tests.factories import PASSWORD

CODE = re.compile(r"^ {4}([A-Z]{4}-[A-Z]{4})$", re.MULTILINE)


def code_in(letter):
    """Return the code that a letter carries."""
    return CODE.search(letter.body)[1]


def join(client, email, *, name="Asha Verne", password=PASSWORD, **more):
    """Fill in the form for joining."""
    return client.post(reverse("account_signup"), {"name": name, "email": email, "password1": password} | more)


def sign_in(client, email, password=PASSWORD, **more):
    """Fill in the form for signing in."""
    return client.post(reverse("account_login"), {"login": email, "password": password} | more)


def app_code(secret, *, later=0):
    """Return what an authenticator app shows now, or some periods later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def with_app(user):
    """Give someone an authenticator app; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def words(response):
    """Return a page without what differs by chance: tokens, and the address that was typed."""
    text = response.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r"[\w.+-]+@people\.example", "ADDRESS", text)


def signed_in(client):
    """Say whether somebody is signed in."""
    return "_auth_user_id" in client.session


def prove(client, where, password=PASSWORD):
    """Type the password once more, as asked on the way to ``where``; return the answer."""
    return client.post(reverse("account_reauthenticate"), {"password": password, "next": where})
