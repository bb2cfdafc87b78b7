"""Which people have signed in from this browser before: kept by the browser, in a signed cookie, and nowhere else.

The cookie names nobody: it holds a mark for each person, made with the portal's key.
"""

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "known_browser"
SALT = "accounts.known_browser"
AGE = 400 * 24 * 60 * 60
"""The longest that browsers keep a cookie, in seconds; each sign-in begins it anew."""
PEOPLE = 10
"""How many people's marks one browser keeps: shared computers have several users."""


def knows(request, user):
    """Say whether this browser was used before to sign in as this person."""
    marks = _marks(request)
    return any(constant_time_compare(mark, known) for mark in _possible(user) for known in marks)


def remember(request, response, user):
    """Let the browser know the person from now on."""
    mine, *former = _possible(user)
    others = [mark for mark in _marks(request) if mark not in (mine, *former)]
    response.set_cookie(
        COOKIE,
        signing.dumps([mine, *others][:PEOPLE], salt=SALT),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request):
    try:
        marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return []
    return [mark for mark in marks if isinstance(mark, str)] if isinstance(marks, list) else []


def _possible(user):
    """Return the person's mark, made with the present key, and those that former keys made."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac(SALT, str(user.pk), secret=key, algorithm="sha256").hexdigest()[:32] for key in keys]
