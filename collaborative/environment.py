"""Every environment variable the portal reads, in one place.

``docs/reference/settings.md`` is the same table for people; a test keeps the two equal.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
REQUIRED = object()
"""Marks a variable that production must be given."""


@dataclass(frozen=True)
class Variable:
    """One setting that an operator may give.

    ``default`` is what holds in production when it is absent; ``REQUIRED`` means that
    production refuses to start without it.
    """

    name: str
    default: object
    purpose: str


VARIABLES = {
    v.name: v
    for v in (
        Variable("PORTAL_MODE", "production", "How the portal runs: production, embedded or test."),
        Variable("SECRET_KEY", REQUIRED, "Signs sessions and tokens; 50 characters or more, kept secret."),
        Variable(
            "SECRET_KEY_FALLBACKS", "", "Former signing keys, separated by commas, still accepted after a change."
        ),
        Variable("DEBUG", False, "Shows error details; refused in production."),
        Variable("ALLOWED_HOSTS", REQUIRED, "Host names the portal answers to, separated by commas."),
        Variable("SITE_URL", REQUIRED, "The portal's public address, such as https://portal.example."),
        Variable("SITE_NAME", "Policing Research Collaborative", "The name in the header and in mail."),
        Variable("SITE_TAGLINE", "Forces and universities, working together", "The line under the name."),
        Variable("OPERATOR_NAME", "the collaborative", "Who runs this portal, named in the legal pages."),
        Variable("OPERATOR_CONTACT", "", "An e-mail address for accessibility and privacy questions."),
        Variable("DATABASE_URL", REQUIRED, "The database: postgres://user:password@host:5432/name."),
        Variable("REDIS_URL", "", "Broker and shared cache: redis://host:6379/0. Empty: files and the database."),
        Variable("EMAIL_URL", "smtp://localhost:25", "How mail leaves: smtp://, smtp+tls:// or smtp+ssl://."),
        Variable("DEFAULT_FROM_EMAIL", "", "The sender of mail; empty: no-reply at the site's host."),
        Variable("VAR_DIR", "var", "Folder for uploads, the file broker and the schedule."),
        Variable("STATIC_ROOT", "", "Folder for collected static files; empty: static/ inside VAR_DIR."),
        Variable("HTTPS", True, "Redirect to HTTPS, send HSTS and mark cookies secure."),
        Variable("TRUST_PROXY", False, "Believe X-Forwarded-Proto and X-Forwarded-For from the proxy in front."),
        Variable(
            "SIGN_ON_PRIVATE_NETWORKS", False, "Let single sign-on reach identity providers at private addresses."
        ),
        Variable(
            "LINK_CHECKS",
            False,
            "Ask other sites whether the addresses in our texts still answer; only where there is a network.",
        ),
        Variable("SIGNUP_OPEN", True, "Anybody can make an account; off: only who carries an invitation."),
        Variable("API_REQUESTS_A_MINUTE", 300, "How often one address may ask the API a minute; 0: without a limit."),
        Variable("DEMO", False, "Shows the demonstration banner and asks robots to stay away."),
        Variable("LOG_LEVEL", "INFO", "The least important log lines that are written."),
    )
}
"""Known variables by name."""

EMBEDDED_DEFAULTS = {
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "SITE_URL": "http://localhost:8000",
    "HTTPS": False,
    "DEMO": False,
}
TEST_DEFAULTS = EMBEDDED_DEFAULTS | {
    "SECRET_KEY": "a key that only the tests use, long enough to be accepted by every check there is",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "SITE_URL": "http://testserver",
    "API_REQUESTS_A_MINUTE": 0,
}
WEAK_SECRETS = ("django-insecure", "changeme", "secret", "none", "default")

env = environ.Env()


def mode():
    """Say how the portal runs: ``production`` unless ``PORTAL_MODE`` says otherwise.

    Raises ``ImproperlyConfigured`` for a mode that does not exist.
    """
    chosen = os.environ.get("PORTAL_MODE") or "production"
    if chosen not in ("production", "embedded", "test"):
        raise ImproperlyConfigured(f"PORTAL_MODE is “{chosen}”; it can be production, embedded or test.")
    return chosen


def read(name, cast=str):
    """Return the value of a known variable, or its default for the present mode.

    Raises ``ImproperlyConfigured``, naming the variable, when it is required and absent;
    ``KeyError`` when nobody declared it.
    """
    default = VARIABLES[name].default
    if mode() == "embedded":
        default = EMBEDDED_DEFAULTS.get(name, default)
    if mode() == "test":
        default = TEST_DEFAULTS.get(name, default)
    if os.environ.get(name, "") == "":
        if default is REQUIRED:
            raise ImproperlyConfigured(f"{name} is not set. {VARIABLES[name].purpose}")
        return [part for part in str(default).split(",") if part] if cast is list else default
    return env.get_value(name, cast=cast)


def secret_key():
    """Return the signing key; production refuses one that is short or well known.

    Raises ``ImproperlyConfigured`` naming ``SECRET_KEY``.
    """
    key = read("SECRET_KEY")
    weak = len(key) < 50 or any(key.lower().startswith(word) for word in WEAK_SECRETS)
    if mode() == "production" and weak:
        raise ImproperlyConfigured("SECRET_KEY is a default or too short; give 50 random characters or more.")
    return key


def debug():
    """Say whether error details are shown; never in production.

    Raises ``ImproperlyConfigured`` naming ``DEBUG``.
    """
    on = read("DEBUG", bool)
    if on and mode() == "production":
        raise ImproperlyConfigured("DEBUG is on; it shows secrets to visitors and is refused in production.")
    return on
