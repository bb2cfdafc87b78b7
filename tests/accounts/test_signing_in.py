"""Signing in and out, forgotten passwords, and what a changed address does."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from collaborative.accounts.services import change_details
from tests.accounts.ways import code_in, prove, sign_in, signed_in
from tests.factories import PASSWORD, person

NEW = "forty lanterns beside a sleeping harbour"
RESET, TYPE_CODE, COMPLETE = (
    reverse(name)
    for name in ("account_reset_password", "account_confirm_password_reset_code", "account_complete_password_reset")
)
pytestmark = pytest.mark.django_db


def change_address(client, email):
    """Ask for another address; the password is asked for first, and what was typed goes on by itself."""
    page = reverse("account_email")
    assert client.post(page, {"action_add": "", "email": email}).url.startswith(reverse("account_reauthenticate"))
    assert prove(client, page).url == reverse("account_email_verification_sent")


def test_address_and_password_let_one_in_whatever_the_capitals(client):
    user = person()
    assert sign_in(client, user.email.upper()).url == "/me/"
    assert signed_in(client)


def test_a_session_ends_with_the_browser_unless_one_asks_to_stay(client):
    user = person()
    sign_in(client, user.email)
    assert client.session.get_expire_at_browser_close()
    stays = Client()
    sign_in(stays, user.email, remember="on")
    assert stays.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_signing_out_takes_a_button_not_a_link(client):
    client.force_login(person())
    assert client.get(reverse("account_logout")).status_code == 200
    assert signed_in(client)
    assert client.post(reverse("account_logout")).url == "/"
    assert not signed_in(client)


def test_a_stopped_account_cannot_sign_in(client):
    user = person(is_active=False)
    assert sign_in(client, user.email).url == reverse("account_inactive")
    assert not signed_in(client)


def test_stopping_an_account_ends_its_sessions(client):
    user = person()
    client.force_login(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("account_index")).status_code == 302


class TestForgottenPassword:
    def test_the_code_leads_to_a_new_password(self, client, mailoutbox):
        user = person()
        assert client.post(RESET, {"email": user.email}).url == TYPE_CODE
        assert client.post(TYPE_CODE, {"code": code_in(mailoutbox[0])}).url == COMPLETE
        answer = client.post(COMPLETE, {"password1": NEW, "password2": NEW})
        assert answer.url == reverse("account_password_reset_completed")
        assert not signed_in(client)
        assert sign_in(client, user.email, NEW).url == "/me/"
        assert [letter.subject for letter in mailoutbox] == [
            "Your code to choose a new password at Policing Research Collaborative",
            "Your password at Policing Research Collaborative was changed with a code",
        ]

    def test_it_ends_every_other_session(self, client, mailoutbox):
        user, elsewhere = person(), Client()
        elsewhere.force_login(user)
        client.post(RESET, {"email": user.email})
        client.post(TYPE_CODE, {"code": code_in(mailoutbox[0])})
        client.post(COMPLETE, {"password1": NEW, "password2": NEW})
        assert elsewhere.get(reverse("account_index")).status_code == 302

    def test_a_wrong_code_opens_nothing(self, client):
        user = person()
        client.post(RESET, {"email": user.email})
        for _ in range(3):
            response = client.post(TYPE_CODE, {"code": "BBBB-BBBB"})
        assert response.url == reverse("account_login")
        assert client.get(COMPLETE).url == RESET

    def test_the_new_password_cannot_be_set_without_the_code(self, client):
        user = person()
        client.post(RESET, {"email": user.email})
        assert client.post(COMPLETE, {"password1": NEW, "password2": NEW}).url == TYPE_CODE
        user.refresh_from_db()
        assert user.check_password(PASSWORD)


class TestChanging:
    def test_a_password_is_changed_with_the_old_one(self, client, mailoutbox):
        user = person()
        sign_in(client, user.email)
        page = reverse("account_change_password")
        wrong = client.post(page, {"oldpassword": "no", "password1": NEW, "password2": NEW})
        assert wrong.context["form"].errors == {"oldpassword": ["This is not your current password."]}
        assert client.post(page, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}).url == "/accounts/"
        assert signed_in(client)
        assert [letter.subject for letter in mailoutbox] == [
            "Your password at Policing Research Collaborative was changed"
        ]

    def test_an_address_changes_only_when_the_new_one_is_confirmed(self, client, mailoutbox):
        user = person(email="old@people.example")
        sign_in(client, user.email)
        change_address(client, "new@people.example")
        user.refresh_from_db()
        assert user.email == "old@people.example"
        client.post(reverse("account_email_verification_sent"), {"code": code_in(mailoutbox[0])})
        user.refresh_from_db()
        assert user.email == "new@people.example"
        assert list(user.emailaddress_set.values_list("email", "verified")) == [("new@people.example", True)]
        assert [(letter.to, letter.subject) for letter in mailoutbox] == [
            (["new@people.example"], "Your code to confirm this address at Policing Research Collaborative"),
            (["old@people.example"], "The address of your account at Policing Research Collaborative was changed"),
        ]

    def test_the_address_of_another_account_cannot_be_taken(self, client, mailoutbox):
        other, user = person(), person()
        sign_in(client, user.email)
        change_address(client, other.email)
        confirm = reverse("account_email_verification_sent")
        answer = client.post(confirm, {"code": code_in(mailoutbox[0])})
        assert answer.context["form"].errors == {"code": ["This address cannot be used here. Use another."]}

    def test_an_old_session_is_asked_for_the_password_before_delicate_things(self, client):
        client.force_login(person())
        page = reverse("mfa_activate_totp")
        assert client.get(page).url.startswith(reverse("account_reauthenticate"))
        assert prove(client, page, "not the password").status_code == 200
        assert client.get(page).status_code == 302
        assert prove(client, page).url == page
        assert client.get(page).status_code == 200

    def test_the_name_is_ones_own_to_change_and_nothing_else_there(self, client):
        user = person()
        client.force_login(user)
        page = reverse("account_details")
        wrong = client.post(page, {"name": ""})
        assert (wrong.status_code, sorted(wrong.context["form"].errors)) == (422, ["name"])
        right = client.post(page, {"name": "Bo Ferris", "email": "other@people.example", "is_active": ""})
        assert right.url == "/accounts/"
        known = user.email
        user.refresh_from_db()
        assert (user.name, user.email, user.is_active) == ("Bo Ferris", known, True)

    def test_a_service_writes_only_what_people_say_of_themselves(self):
        with pytest.raises(ValueError, match="is_active"):
            change_details(person(), name="Bo Ferris", is_active=False)


@pytest.mark.parametrize("zone", ["localtime", "Factory", "../../etc/passwd", "Europe/London\x00"])
def test_a_time_zone_that_only_this_machine_knows_is_refused(client, zone):
    """On the next machine it would be missing, and every page of this person an error."""
    client.force_login(person())
    answer = client.post(reverse("notifications:preferences"), {"language": "", "time_zone": zone})
    assert (answer.status_code, "time_zone" in answer.context["form"].errors) == (422, True)
