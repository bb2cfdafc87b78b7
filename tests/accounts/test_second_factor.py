"""An authenticator app, and the recovery codes for when it is lost."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from tests.accounts.ways import app_code, join, prove, sign_in, signed_in, with_app
from tests.factories import person, with_second_factor

pytestmark = pytest.mark.django_db
ACTIVATE, SECOND, CODES = (
    reverse(name) for name in ("mfa_activate_totp", "mfa_authenticate", "mfa_view_recovery_codes")
)


def set_up(client, user):
    """Set up an app as a person does; return the last answer and the secret."""
    sign_in(client, user.email)
    prove(client, ACTIVATE)
    page = client.get(ACTIVATE).content.decode()
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)[1]
    return client.post(ACTIVATE, {"code": app_code(secret)}), secret


class TestSettingUp:
    @pytest.mark.django_db(transaction=True)
    def test_scan_type_and_keep_the_codes(self, client, mailoutbox):
        answer, _secret = set_up(client, person())
        assert answer.url == CODES
        codes = re.findall(r"<code>(\d{8})</code>", client.get(CODES).content.decode())
        assert len(set(codes)) == 10
        download = client.get(reverse("mfa_download_recovery_codes"))
        assert download.content.decode().split() == codes
        assert download.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
        assert [letter.subject for letter in mailoutbox] == [
            "A second factor is on for your account at Policing Research Collaborative"
        ]

    def test_the_picture_needs_nothing_that_our_policy_forbids(self, client):
        user = person()
        sign_in(client, user.email)
        prove(client, ACTIVATE)
        page = client.get(ACTIVATE)
        assert 'src="data:image/svg+xml;base64,' in page.content.decode()
        assert "img-src 'self' data:" in page.headers["Content-Security-Policy"]

    def test_a_wrong_code_turns_nothing_on(self, client):
        user = person()
        sign_in(client, user.email)
        prove(client, ACTIVATE)
        client.get(ACTIVATE)
        answer = client.post(ACTIVATE, {"code": "000000"})
        assert answer.context["form"].errors == {"code": ["This is not the right code. Check it and type it again."]}
        assert not Authenticator.objects.filter(user=user).exists()

    def test_secrets_are_not_readable_in_the_database(self, client):
        user = person()
        _answer, secret = set_up(client, user)
        stored = Authenticator.objects.filter(user=user).values_list("data", flat=True)
        assert len(stored) == 2
        assert secret not in str(list(stored))
        for authenticator in Authenticator.objects.filter(user=user):
            wrapped = authenticator.wrap()
            if authenticator.type == "recovery_codes":
                assert not any(code in str(list(stored)) for code in wrapped.get_unused_codes())


class TestSigningIn:
    def test_the_password_alone_does_not_do(self, client):
        user = person()
        with_app(user)
        assert sign_in(client, user.email).url == SECOND
        assert not signed_in(client)
        assert client.get("/accounts/").status_code == 302

    def test_the_app_s_code_does(self, client):
        user = person()
        secret = with_app(user)
        sign_in(client, user.email, next="/evidence/")
        assert client.post(SECOND, {"code": app_code(secret)}).url == "/evidence/"
        assert signed_in(client)

    def test_a_code_that_was_used_is_not_taken_again(self, client):
        user = person()
        secret = with_app(user)
        code = app_code(secret)
        sign_in(client, user.email)
        client.post(SECOND, {"code": code})
        over_the_shoulder = Client()
        sign_in(over_the_shoulder, user.email)
        over_the_shoulder.post(SECOND, {"code": code})
        assert not signed_in(over_the_shoulder)

    def test_an_old_code_is_not_taken(self, client):
        user = person()
        secret = with_app(user)
        sign_in(client, user.email)
        client.post(SECOND, {"code": app_code(secret, later=-3)})
        assert not signed_in(client)

    def test_a_recovery_code_does_once(self, client):
        user = with_second_factor(person())
        code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
        sign_in(client, user.email)
        assert client.post(SECOND, {"code": code}).url == "/me/"
        again = Client()
        sign_in(again, user.email)
        answer = again.post(SECOND, {"code": code})
        assert answer.context["form"].errors == {"code": ["This is not the right code. Check it and type it again."]}
        assert not signed_in(again)

    def test_five_wrong_codes_shut_it_for_a_while(self, client):
        user = person()
        secret = with_app(user)
        sign_in(client, user.email)
        for _ in range(5):
            client.post(SECOND, {"code": "000000"})
        answer = client.post(SECOND, {"code": app_code(secret)})
        assert answer.context["form"].errors == {"code": ["Too many attempts. Wait five minutes, then try again."]}

    def test_a_forgotten_password_does_not_go_round_it(self, client, mailoutbox):
        from tests.accounts.ways import code_in

        user = person()
        with_app(user)
        client.post(reverse("account_reset_password"), {"email": user.email})
        client.post(reverse("account_confirm_password_reset_code"), {"code": code_in(mailoutbox[0])})
        new = "forty lanterns beside a sleeping harbour"
        client.post(reverse("account_complete_password_reset"), {"password1": new, "password2": new})
        assert sign_in(client, user.email, new).url == SECOND

    def test_a_secret_stored_with_a_former_key_still_works_while_that_key_is_named(self, client, settings):
        user = person()
        secret = with_app(user)
        former = settings.SECRET_KEY
        settings.SECRET_KEY = "another key, just as long as the first one was, for the same portal"
        settings.SECRET_KEY_FALLBACKS = [former]
        sign_in(client, user.email)
        assert client.post(SECOND, {"code": app_code(secret)}).url == "/me/"

    def test_a_secret_whose_key_is_lost_is_a_wrong_code_not_an_error(self, client, settings):
        user = with_second_factor(person())
        settings.SECRET_KEY = "another key, just as long as the first one was, for the same portal"
        sign_in(client, user.email)
        answer = client.post(SECOND, {"code": "123456"})
        assert answer.context["form"].errors == {"code": ["This is not the right code. Check it and type it again."]}


class TestTurningOff:
    def test_it_takes_the_password_and_tells_by_mail(self, client, mailoutbox):
        user = with_second_factor(person())
        client.force_login(user)
        page = reverse("mfa_deactivate_totp")
        assert client.post(page).url.startswith(reverse("account_reauthenticate"))
        assert Authenticator.objects.filter(user=user).count() == 2
        prove(client, page)
        client.post(page)
        assert not Authenticator.objects.filter(user=user).exists()
        assert mailoutbox[-1].subject == "The second factor of your account at Policing Research Collaborative is off"

    @pytest.mark.django_db(transaction=True)
    def test_new_recovery_codes_end_the_old_ones(self, client, mailoutbox):
        user = with_second_factor(person())
        old = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
        client.force_login(user)
        page = reverse("mfa_generate_recovery_codes")
        prove(client, page)
        assert client.post(page).url == CODES
        new = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
        assert not set(old) & set(new)
        assert mailoutbox[-1].subject == "New recovery codes for your account at Policing Research Collaborative"


def test_whoever_has_just_joined_can_set_one_up(client, mailoutbox):
    from tests.accounts.ways import code_in

    join(client, "a@people.example")
    client.post(reverse("account_email_verification_sent"), {"code": code_in(mailoutbox[0])})
    assert prove(client, ACTIVATE).url == ACTIVATE
    assert client.get(ACTIVATE).status_code == 200
