"""No answer tells whether an address has an account; and nobody may guess for long."""

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import reverse

from collaborative.accounts.models import User
from tests.accounts.authenticators import SoftKey
from tests.accounts.hashers import CountingHasher
from tests.accounts.test_passkeys import challenge, enter
from tests.accounts.ways import code_in, join, sign_in, words
from tests.factories import person, with_second_factor

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "known@people.example", "unknown@people.example"


@pytest.fixture
def _counted(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]


def told(act, email):
    """Return all that a stranger learns by an act: the answer, the page after it, the work and the letters."""
    from django.core import mail

    client, letters, hashes = Client(), len(mail.outbox), CountingHasher.asked
    answer = act(client, email)
    after = words(client.get(answer.url)) if answer.status_code == 302 else ""
    shown = words(answer) if answer.status_code == 200 else ""
    return (
        answer.status_code,
        answer.headers.get("Location"),
        shown,
        after,
        sorted(client.cookies),
        CountingHasher.asked - hashes,
        len(mail.outbox) - letters,
    )


def ask_for_reset(client, email):
    """Ask for a code to choose a new password."""
    return client.post(reverse("account_reset_password"), {"email": email})


def wrong_reset_code(client, email):
    """Ask for a code, and type another."""
    ask_for_reset(client, email)
    return client.post(reverse("account_confirm_password_reset_code"), {"code": "BBBB-BBBB"})


def wrong_joining_code(client, email):
    """Join, and type a wrong code."""
    join(client, email)
    return client.post(reverse("account_email_verification_sent"), {"code": "BBBB-BBBB"})


def wrong_password(client, email):
    """Sign in with a password that nobody has."""
    return sign_in(client, email, "nobody at all has this one")


def bad_password_on_joining(client, email):
    """Join with a password that is refused."""
    return join(client, email, password="passwordpassword")


def strange_passkey(client, email):
    """Answer with a passkey that nobody added, in the name of whoever has this address."""
    client.defaults["HTTP_HOST"] = "localhost:8123"
    key, owner = SoftKey(), User.objects.filter(email=email).first()
    key.owner = user_pk_to_url_str(owner or User(pk=987654321)).encode()
    return enter(client, key.get(challenge(client)))


def second_step_without_the_first(client, email):
    """Try a wrong password, then go on to the second factor all the same."""
    wrong_password(client, email)
    client.get(reverse("mfa_authenticate"))
    return client.post(reverse("mfa_authenticate"), {"code": "123456"})


ACTS = [
    join,
    wrong_joining_code,
    bad_password_on_joining,
    wrong_password,
    ask_for_reset,
    wrong_reset_code,
    strange_passkey,
    second_step_without_the_first,
]


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize("act", ACTS)
def test_a_second_factor_does_not_show_either(act):
    with_second_factor(person(email=KNOWN))
    assert told(act, KNOWN) == told(act, UNKNOWN)


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize("act", ACTS)
def test_known_and_unknown_addresses_get_the_same_answer_work_and_letters(act):
    person(email=KNOWN)
    assert told(act, KNOWN) == told(act, UNKNOWN)


def test_the_letter_to_a_known_address_helps_its_owner_and_carries_no_code(mailoutbox):
    person(email=KNOWN)
    join(Client(), KNOWN)
    assert mailoutbox[0].subject == "You have an account at Policing Research Collaborative already"
    assert "http://testserver/accounts/password/reset/" in mailoutbox[0].body
    with pytest.raises(TypeError):
        code_in(mailoutbox[0])


def test_the_letter_to_an_unknown_address_says_how_to_join(mailoutbox):
    ask_for_reset(Client(), UNKNOWN)
    assert mailoutbox[0].subject == "There is no account with this address at Policing Research Collaborative"
    assert "http://testserver/accounts/signup/" in mailoutbox[0].body


def test_a_stopped_account_looks_like_none_to_whoever_asks_for_a_code():
    person(email=KNOWN, is_active=False)
    assert told(ask_for_reset, KNOWN) == told(ask_for_reset, UNKNOWN)


class TestLimits:
    def test_strange_passkeys_shut_nobody_out(self):
        user = person(email=KNOWN)
        for _ in range(7):
            strange_passkey(Client(), KNOWN)
        assert sign_in(Client(), user.email).url == "/me/"

    @pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
    def test_five_wrong_passwords_shut_an_address_for_five_minutes(self, email):
        person(email=KNOWN)
        for number in range(5):
            wrong_password(Client(REMOTE_ADDR=f"192.0.2.{number}"), email)
        answer = sign_in(Client(REMOTE_ADDR="192.0.2.50"), email)
        assert answer.context["form"].non_field_errors() == ["Too many attempts. Wait five minutes, then try again."]

    @pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
    def test_too_many_codes_for_one_address_get_our_page(self, email):
        person(email=KNOWN)
        answers = [ask_for_reset(Client(REMOTE_ADDR=f"192.0.2.{n}"), email) for n in range(4)]
        assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
        assert "429.html" in [template.name for template in answers[-1].templates]

    def test_one_computer_cannot_try_many_addresses(self):
        answers = [wrong_password(Client(), f"{n}@people.example").status_code for n in range(61)]
        assert answers[-1] == 429

    def test_the_limits_are_shared_by_all_processes(self, settings):
        assert settings.CACHES["default"]["BACKEND"].rpartition(".")[2] in ("DatabaseCache", "ForgivingRedisCache")

    def test_behind_a_proxy_people_are_told_apart_by_what_it_says(self, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        for n in range(31):
            wrong_password(Client(headers={"x-forwarded-for": f"203.0.113.{n}"}), f"{n}@people.example")
        answer = wrong_password(Client(headers={"x-forwarded-for": "203.0.113.200"}), "other@people.example")
        assert answer.context["form"].non_field_errors() == [
            "This address and password do not belong together. Check both."
        ]
