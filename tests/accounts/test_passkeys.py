"""Passkeys: added, named, used in every place that asks who one is, removed; and whatever is sent instead of one."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.accounts.authenticators import SoftKey
from tests.accounts.test_pages import check
from tests.accounts.ways import app_code, prove, sign_in, signed_in, with_app
from tests.factories import coordinator, member, partner, person, programme, with_second_factor

pytestmark = pytest.mark.django_db
ADD, LIST, LOGIN, SECOND, AGAIN = (
    reverse(name)
    for name in (
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_login_webauthn",
        "mfa_authenticate",
        "mfa_reauthenticate_webauthn",
    )
)
NOT_TAKEN = "This passkey was not accepted. Try again, or use another way."
NOT_ADDED = "The passkey could not be added. Try again."
PORTAL = settings.SITE_NAME


def browser(**more):
    """Return a browser that looks at the portal on this machine."""
    return Client(HTTP_HOST="localhost:8123", **more)


def options(page):
    """Return what a page hands to the browser's script."""
    return json.loads(re.search(r'<script id="passkey-data" type="application/json">(.*?)</script>', page.text)[1])


def add(client, key, *, name="Work laptop", alone=True):
    """Add a passkey as its owner does, who is signed in; return the answer."""
    prove(client, ADD)
    made = key.create(options(client.get(ADD))["creation_options"], alone=alone)
    sent = {"name": name, "credential": json.dumps(made)} | ({"passwordless": "on"} if alone else {})
    return client.post(ADD, sent)


def owner_of(key, user=None, **more):
    """Make a person with this passkey; return them."""
    user = user or person()
    client = browser()
    sign_in(client, user.email)
    add(client, key, **more)
    return user


def challenge(client):
    """Return what the page for signing in asks a passkey."""
    return client.get(LOGIN, headers={"accept": "application/json"}).json()["request_options"]


def enter(client, answer, **more):
    """Send a passkey's answer to the page for signing in."""
    return client.post(LOGIN, {"credential": json.dumps(answer)} | more)


class TestAdding:
    def test_it_is_kept_under_its_name_with_recovery_codes_and_told_by_mail(self, mailoutbox):
        user, client = person(), browser()
        sign_in(client, user.email)
        assert add(client, SoftKey(), name="  Blue key ").url == reverse("mfa_view_recovery_codes")
        kept = Authenticator.objects.get(user=user, type="webauthn")
        assert (kept.wrap().name, kept.wrap().is_passwordless) == ("Blue key", True)
        assert [letter.subject for letter in mailoutbox] == [f"A passkey was added to your account at {PORTAL}"]
        page = client.get(LIST)
        check(page)
        assert "Blue key" in page.text
        assert "Signs you in alone." in page.text

    @pytest.mark.parametrize(("typed", "kept"), [("", "Passkey 1"), ("   ", "Passkey 1"), ("x" * 200, "x" * 60)])
    def test_a_name_that_does_not_fit_does_not_lose_the_passkey(self, typed, kept):
        owner_of(SoftKey(), name=typed)
        assert Authenticator.objects.get(type="webauthn").wrap().name == kept

    def test_the_browser_learns_no_address_and_keeps_it_under_the_portal_s_name(self):
        user, client = person(name="Asha Verne"), browser()
        sign_in(client, user.email)
        prove(client, ADD)
        asked = options(client.get(ADD))["creation_options"]["publicKey"]
        assert asked["rp"] == {"name": PORTAL, "id": "localhost"}
        assert asked["user"]["displayName"] == "Asha Verne"

    @pytest.mark.parametrize(
        "sent",
        ["", "x", "{}", "[]", "1", '"a"', "null", '{"response": {}}', '{"id": "a", "rawId": "a", "response": 1}'],
    )
    def test_what_is_no_passkey_gets_a_sentence(self, sent):
        user, client = person(), browser()
        sign_in(client, user.email)
        prove(client, ADD)
        client.get(ADD)
        answer = client.post(ADD, {"name": "Kept as typed", "credential": sent})
        assert answer.status_code == 200
        check(answer)
        assert "There is a problem" in answer.text
        assert 'value="Kept as typed"' in answer.text
        assert not Authenticator.objects.exists()

    def test_one_made_for_another_portal_or_with_an_old_question_is_refused(self):
        user, client = person(), browser()
        sign_in(client, user.email)
        prove(client, ADD)
        asked = options(client.get(ADD))["creation_options"]
        for made in (
            SoftKey(rp="evil.example").create(asked),
            SoftKey(origin="https://evil.example").create(asked),
            SoftKey().create({"publicKey": asked["publicKey"] | {"challenge": "b2xk"}}),
        ):
            answer = client.post(ADD, {"name": "a", "credential": json.dumps(made)})
            assert NOT_ADDED in answer.text
        assert not Authenticator.objects.exists()

    def test_one_that_should_sign_in_alone_has_to_check_who_holds_it(self):
        user, client = person(), browser()
        sign_in(client, user.email)
        assert NOT_ADDED in add(client, SoftKey(verified=False)).text
        assert add(client, SoftKey(verified=False), alone=False).status_code == 302


class TestSigningIn:
    def test_with_nothing_else(self):
        key = SoftKey()
        owner_of(key)
        client = browser()
        assert enter(client, key.get(challenge(client)), next="/evidence/").url == "/evidence/"
        assert signed_in(client)

    def test_it_is_both_factors_in_one(self):
        key = SoftKey()
        owner_of(key, coordinator(programme()))
        client = browser()
        enter(client, key.get(challenge(client)))
        assert client.get("/admin/").status_code == 200

    def test_a_stopped_account_stays_shut(self):
        key = SoftKey()
        user = owner_of(key)
        type(user).objects.filter(pk=user.pk).update(is_active=False)
        client = browser()
        assert enter(client, key.get(challenge(client))).url == reverse("account_inactive")
        assert not signed_in(client)

    def test_an_answer_is_taken_once_and_only_to_its_question(self):
        key = SoftKey()
        owner_of(key)
        client, other = browser(), browser()
        answer = key.get(challenge(client))
        challenge(other)
        for late in (other, browser()):
            assert enter(late, answer).url == reverse("account_login")
        enter(client, answer)
        client.post(reverse("account_logout"))
        enter(client, answer)
        assert not any(signed_in(each) for each in (client, other))

    def test_one_that_did_not_check_who_holds_it_does_not_sign_in_alone(self):
        key = SoftKey()
        owner_of(key)
        key.verified = False
        client = browser()
        enter(client, key.get(challenge(client)))
        assert not signed_in(client)

    @pytest.mark.parametrize(
        "changed", [{"userHandle": None}, {"userHandle": "/"}, {"signature": "AAAA"}, {"userHandle": 7}]
    )
    def test_a_changed_answer_is_refused_with_a_sentence(self, changed):
        key = SoftKey()
        owner_of(key)
        client = browser()
        answer = enter(client, key.get(challenge(client), **changed))
        assert answer.url == reverse("account_login")
        assert NOT_TAKEN in client.get(answer.url).text
        assert not signed_in(client)

    @pytest.mark.parametrize("sent", ["x", "{}", "[]", "1", '"a"', "null", '{"response": {}}', '{"response": 1}'])
    def test_what_is_no_answer_is_refused(self, sent):
        client = browser()
        challenge(client)
        assert client.post(LOGIN, {"credential": sent}).url == reverse("account_login")
        back = client.post(LOGIN, {"credential": sent, "next": "/evidence/?q=a"}).url
        assert back == f"{reverse('account_login')}?next=%2Fevidence%2F%3Fq%3Da"
        assert client.post(LOGIN).url == reverse("account_login")


class TestNoHints:
    def test_the_question_is_the_same_whoever_asks_and_names_no_passkey(self):
        def told():
            asked = challenge(browser())["publicKey"]
            assert asked.pop("challenge")
            return asked

        before = told()
        owner_of(SoftKey())
        assert told() == before
        assert "allowCredentials" not in before or before["allowCredentials"] == []

    def test_a_stranger_s_key_for_a_known_and_an_unknown_person_gets_the_same_answer_and_letters(self, mailoutbox):
        known, stranger = SoftKey(), SoftKey()
        owner_of(known)
        letters = len(mailoutbox)

        def told(owner):
            client = browser()
            stranger.owner = owner
            answer = enter(client, stranger.get(challenge(client)))
            return answer.status_code, answer.url, NOT_TAKEN in client.get(answer.url).text, sorted(client.cookies)

        assert told(known.owner) == told(b"no such person") == told(b"99999999")
        assert len(mailoutbox) == letters

    def test_only_whoever_typed_the_password_learns_which_keys_there_are(self):
        key = SoftKey()
        user = owner_of(key)
        client = browser()
        assert sign_in(client, user.email, "not the password at all").status_code == 200
        assert client.get(SECOND).url == reverse("account_login")


class TestAsSecondFactor:
    def test_after_the_password(self):
        key = SoftKey(verified=False)
        user = owner_of(key, alone=False)
        client = browser()
        assert sign_in(client, user.email).url == SECOND
        page = client.get(SECOND)
        check(page)
        assert "Recovery code" in page.text
        answer = key.get(options(page)["request_options"])
        assert client.post(SECOND, {"credential": json.dumps(answer)}).url == "/me/"
        assert signed_in(client)

    def test_somebody_else_s_key_does_not_do(self):
        user = owner_of(SoftKey())
        theirs = SoftKey()
        owner_of(theirs)
        client = browser()
        sign_in(client, user.email)
        answer = theirs.get(options(client.get(SECOND))["request_options"])
        refused = client.post(SECOND, {"credential": json.dumps(answer)})
        check(refused)
        assert NOT_TAKEN in refused.text
        assert not signed_in(client)

    def test_five_wrong_ones_shut_it_for_a_while(self):
        key = SoftKey()
        user = owner_of(key)
        client = browser()
        sign_in(client, user.email)
        for _ in range(5):
            wrong = SoftKey().get(options(client.get(SECOND))["request_options"])
            client.post(SECOND, {"credential": json.dumps(wrong)})
        answer = key.get(options(client.get(SECOND))["request_options"])
        assert "Too many attempts." in client.post(SECOND, {"credential": json.dumps(answer)}).text
        assert not signed_in(client)

    def test_people_without_one_are_offered_none(self):
        user, client = person(), browser()
        with_app(user)
        sign_in(client, user.email)
        page = client.get(SECOND).text
        assert "Use a passkey" not in page
        assert "passkey-data" not in page


class TestShowingThatItIsStillOneself:
    def test_in_a_session_that_began_without_it(self):
        key = SoftKey()
        user = owner_of(key, coordinator(programme()))
        client = browser()
        sign_in(client, user.email)
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = session["account_authentication_methods"][:1]
        session.save()
        asked = client.get("/admin/").url
        assert asked == f"{AGAIN}?next=/admin/"
        page = client.get(asked)
        check(page)
        answer = key.get(options(page)["request_options"])
        assert client.post(AGAIN, {"credential": json.dumps(answer), "next": "/admin/"}).url == "/admin/"
        assert client.get("/admin/").status_code == 200

    def test_a_wrong_one_is_asked_again_in_the_same_place(self):
        user = owner_of(SoftKey())
        client = browser()
        client.force_login(user)
        for sent in ("", "{}", json.dumps(SoftKey().get(options(client.get(AGAIN))["request_options"]))):
            answer = client.post(AGAIN, {"credential": sent, "next": "/admin/"})
            assert answer.url == f"{AGAIN}?next=%2Fadmin%2F"
            assert NOT_TAKEN in client.get(answer.url).text


class TestLookingAfterThem:
    @pytest.fixture
    def signed(self):
        """Return a browser in which the owner of one passkey has just signed in, and the passkey."""
        user, client = coordinator(programme()), browser()
        sign_in(client, user.email)
        add(client, SoftKey())
        return client, Authenticator.objects.get(user=user, type="webauthn")

    def test_renaming(self, signed):
        client, key = signed
        page = reverse("mfa_edit_webauthn", args=[key.pk])
        check(client.get(page))
        refused = client.post(page, {"name": ""})
        check(refused)
        assert client.post(page, {"name": "x" * 61}).status_code == 200
        assert client.post(page, {"name": "Green key"}).url == LIST
        key.refresh_from_db()
        assert str(key) == "Green key"

    def test_removing_the_last_warns_whoever_needs_one_and_is_told_by_mail(self, signed, mailoutbox):
        client, key = signed
        page = reverse("mfa_remove_webauthn", args=[key.pk])
        check(client.get(page))
        assert "This is your last second factor, and what you do here needs one" in client.get(page).text
        assert client.post(page).url == LIST
        assert not Authenticator.objects.filter(user=key.user).exists()
        assert mailoutbox[-1].subject == f"A passkey was removed from your account at {PORTAL}"
        assert client.get("/admin/").url == "/accounts/second-factor/?next=/admin/"

    def test_others_are_only_told_that_it_is_the_last(self):
        user, client = person(), browser()
        sign_in(client, user.email)
        add(client, SoftKey())
        key = Authenticator.objects.get(type="webauthn")
        page = client.get(reverse("mfa_remove_webauthn", args=[key.pk])).text
        assert "This is your last second factor" in page
        assert "what you do here needs one" not in page

    def test_leads_need_one_too(self):
        user, client = member(partner(programme()), role="lead"), browser()
        sign_in(client, user.email)
        add(client, SoftKey())
        key = Authenticator.objects.get(type="webauthn")
        assert "what you do here needs one" in client.get(reverse("mfa_remove_webauthn", args=[key.pk])).text

    def test_one_of_two_goes_without_a_warning_and_the_codes_stay(self, signed):
        client, key = signed
        add(client, SoftKey(), name="Second")
        page = reverse("mfa_remove_webauthn", args=[key.pk])
        assert "last second factor" not in client.get(page).text
        client.post(page)
        assert Authenticator.objects.filter(user=key.user).count() == 2

    def test_nobody_reaches_another_s(self, signed):
        _client, key = signed
        other = browser()
        other.force_login(with_second_factor(person()))
        prove(other, LIST)
        for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            page = reverse(name, args=[key.pk])
            assert other.get(page).status_code == 404
            assert other.post(page, {"name": "Mine now"}).status_code == 404


class TestAThiefWithThePassword:
    """A session that began before the second factor, or with a stolen password, changes no second factor."""

    @pytest.mark.parametrize("name", ["mfa_add_webauthn", "mfa_activate_totp", "mfa_deactivate_totp"])
    def test_is_asked_for_the_present_one_first(self, name):
        user, client = person(), browser()
        sign_in(client, user.email)
        secret = with_app(user)
        prove(client, reverse(name))
        for answer in (client.get(reverse(name)), client.post(reverse(name), {"credential": "{}", "code": "1"})):
            assert answer.url == f"/accounts/2fa/reauthenticate/?next={reverse(name)}"
        client.post(reverse("mfa_reauthenticate"), {"code": app_code(secret)})
        assert client.get(reverse("mfa_add_webauthn")).status_code == 200

    def test_does_not_read_the_recovery_codes(self):
        user, client = person(), browser()
        sign_in(client, user.email)
        with_second_factor(user)
        prove(client, "/accounts/")
        for name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"):
            assert client.get(reverse(name)).url.startswith("/accounts/2fa/reauthenticate/")
