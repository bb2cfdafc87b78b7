"""A letter at once when somebody signs in from a browser they have not used before; never at the very first."""

import json

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from collaborative.accounts import known_browsers
from tests.accounts.authenticators import SoftKey
from tests.accounts.test_passkeys import browser, challenge, enter, owner_of
from tests.accounts.ways import app_code, code_in, join, sign_in, with_app
from tests.factories import person

pytestmark = pytest.mark.django_db
SUBJECT = "A new sign-in to your account at Policing Research Collaborative"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def told(mailoutbox):
    """Return how many letters told of a new browser."""
    return [letter.subject for letter in mailoutbox].count(SUBJECT)


@pytest.fixture
def user():
    """Make somebody who has signed in before, somewhere else."""
    somebody = person()
    sign_in(Client(), somebody.email)
    return somebody


def test_the_very_first_sign_in_is_not_told(mailoutbox):
    sign_in(Client(), person().email)
    client = Client()
    join(client, "a@people.example")
    client.post(reverse("account_email_verification_sent"), {"code": code_in(mailoutbox[-1])})
    assert told(mailoutbox) == 0


def test_another_browser_is_and_then_it_is_known(user, mailoutbox):
    client = Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.7")
    sign_in(client, user.email)
    assert told(mailoutbox) == 1
    letter = mailoutbox[-1]
    assert letter.to == [user.email]
    for words in ("Firefox on Windows", "192.0.2.7", "/accounts/password/reset/", "/accounts/sessions/"):
        assert words in letter.body
    assert "Mozilla" not in letter.body
    client.post(reverse("account_logout"))
    sign_in(client, user.email)
    assert told(mailoutbox) == 1


def test_a_wrong_password_or_an_unfinished_second_factor_tells_nothing_and_makes_nothing_known(user, mailoutbox):
    client = Client()
    sign_in(client, user.email, "not the password at all")
    secret = with_app(user)
    sign_in(client, user.email)
    assert told(mailoutbox) == 0
    assert known_browsers.COOKIE not in client.cookies
    client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})
    assert told(mailoutbox) == 1


def test_a_passkey_tells_too(mailoutbox):
    key = SoftKey()
    owner_of(key)
    client = browser()
    enter(client, key.get(challenge(client)))
    assert told(mailoutbox) == 1
    client.post(reverse("account_logout"))
    enter(client, key.get(challenge(client)))
    assert told(mailoutbox) == 1


def test_a_shared_computer_knows_several_people(mailoutbox):
    people = [person() for _ in range(3)]
    client = Client()
    for somebody in [*people, *people]:
        sign_in(client, somebody.email)
        client.post(reverse("account_logout"))
    assert told(mailoutbox) == 0


def test_it_remembers_the_last_ten():
    client = Client()
    for _ in range(known_browsers.PEOPLE + 2):
        sign_in(client, person().email)
        client.post(reverse("account_logout"))
    marks = signing.loads(client.cookies[known_browsers.COOKIE].value, salt=known_browsers.SALT)
    assert len(marks) == known_browsers.PEOPLE


def test_the_cookie_is_for_us_alone_and_names_nobody(user, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    sign_in(client, user.email)
    cookie = client.cookies[known_browsers.COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert cookie["max-age"] == 400 * 24 * 60 * 60
    [mark] = signing.loads(cookie.value, salt=known_browsers.SALT)
    assert len(mark) == 32
    assert known_browsers.COOKIE in client.get("/cookies/").text


@pytest.mark.parametrize(("made", "signed"), [("", False), ("x", False), ("a:b:c", False), ("x", True), ([], True)])
def test_a_cookie_that_somebody_made_up_is_a_browser_we_do_not_know(user, mailoutbox, made, signed):
    client = Client()
    client.cookies[known_browsers.COOKIE] = signing.dumps(made, salt=known_browsers.SALT) if signed else made
    assert sign_in(client, user.email).url == "/me/"
    assert told(mailoutbox) == 1


def test_one_s_mark_is_of_no_use_to_another(user, mailoutbox):
    theirs = Client()
    sign_in(theirs, person().email)
    client = Client()
    client.cookies[known_browsers.COOKIE] = theirs.cookies[known_browsers.COOKIE].value
    sign_in(client, user.email)
    assert told(mailoutbox) == 1


def test_a_former_key_of_the_portal_is_still_understood(user, mailoutbox, settings):
    client = Client()
    sign_in(client, user.email)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, just as long as the first one was, for the same portal"
    client.post(reverse("account_logout"))
    sign_in(client, user.email)
    assert told(mailoutbox) == 1


def test_one_gets_in_although_the_letter_cannot_be_sent(user, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    assert sign_in(Client(), user.email).url == "/me/"


def test_it_is_really_sent(user, smtp_sink):
    sign_in(Client(HTTP_USER_AGENT=FIREFOX), user.email)
    assert [mail["Subject"] for mail in smtp_sink.to(user.email)] == [SUBJECT]


def test_the_answer_is_the_same_for_a_known_and_a_new_browser(user):
    known = Client()
    sign_in(known, user.email)
    known.post(reverse("account_logout"))
    answers = [sign_in(client, user.email) for client in (known, Client())]
    assert len({(each.status_code, each.url, json.dumps(sorted(each.cookies))) for each in answers}) == 1
