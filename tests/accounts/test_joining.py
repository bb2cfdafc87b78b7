"""Joining: a name, an address, a password, and a code that shows whose the address is."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from collaborative.accounts.models import User
from tests.accounts.ways import code_in, join, sign_in, signed_in
from tests.factories import PASSWORD, person

CONFIRM = "/accounts/confirm-email/"


@pytest.mark.django_db
class TestJoining:
    def test_the_code_from_the_letter_lets_one_in(self, client, mailoutbox):
        response = join(client, "New.Person@people.example")
        assert (response.status_code, response.url) == (302, CONFIRM)
        assert not signed_in(client)
        assert client.post(CONFIRM, {"code": code_in(mailoutbox[0])}).url == "/me/"
        assert signed_in(client)
        user = User.objects.get(email="new.person@people.example")
        assert user.name == "Asha Verne"
        assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [
            ("new.person@people.example", True, True)
        ]

    def test_the_way_to_join_is_shown_only_to_whom_it_is_open(self, client, settings):
        link = 'class="btn btn--sm" href="/accounts/signup/"'
        assert client.get("/").content.decode().count(link) == 1
        settings.SIGNUP_OPEN = False
        assert client.get("/").content.decode().count(link) == 0

    def test_a_letter_to_an_address_without_an_account_names_the_way_only_then(self, client, settings, mailoutbox):
        for settings.SIGNUP_OPEN in (True, False):
            client.post("/accounts/password/reset/", {"email": "nobody@people.example"})
        assert [mail.body.count("/accounts/signup/") for mail in mailoutbox] == [1, 0]

    def test_one_goes_on_to_where_one_wanted(self, client, mailoutbox):
        join(client, "a@people.example", next="/evidence/")
        assert client.post(CONFIRM, {"code": code_in(mailoutbox[0])}).url == "/evidence/"

    def test_another_site_is_never_where_one_goes_on_to(self, client, mailoutbox):
        join(client, "a@people.example", next="https://elsewhere.example/")
        assert client.post(CONFIRM, {"code": code_in(mailoutbox[0])}).url == "/me/"

    def test_a_wrong_code_is_refused_beside_the_field(self, client):
        join(client, "a@people.example")
        response = client.post(CONFIRM, {"code": "BBBB-BBBB"})
        assert response.context["form"].errors == {"code": ["This is not the right code. Check it and type it again."]}
        assert not signed_in(client)

    def test_three_wrong_codes_end_it(self, client, mailoutbox):
        join(client, "a@people.example")
        for _ in range(3):
            response = client.post(CONFIRM, {"code": "BBBB-BBBB"})
        assert response.url == reverse("account_login")
        client.post(CONFIRM, {"code": code_in(mailoutbox[0])})
        assert not signed_in(client)

    def test_capitals_and_the_dash_of_a_code_do_not_matter(self, client, mailoutbox):
        join(client, "a@people.example")
        client.post(CONFIRM, {"code": code_in(mailoutbox[0]).lower().replace("-", " ")})
        assert signed_in(client)

    def test_whoever_never_typed_the_code_is_asked_for_one_at_sign_in(self, client, mailoutbox):
        join(client, "a@people.example")
        later = Client(REMOTE_ADDR="192.0.2.9")
        from django.core.cache import cache

        cache.clear()
        assert sign_in(later, "a@people.example").url.startswith(CONFIRM)
        assert not signed_in(later)
        assert later.post(CONFIRM, {"code": code_in(mailoutbox[-1])}).url == "/me/"

    def test_another_code_can_be_asked_for_and_replaces_the_first(self, client, mailoutbox):
        from django.core.cache import cache

        join(client, "a@people.example")
        cache.clear()
        client.post(CONFIRM, {"action": "resend"})
        first, second = map(code_in, mailoutbox)
        client.post(CONFIRM, {"code": first})
        assert not signed_in(client)
        client.post(CONFIRM, {"code": second})
        assert signed_in(client)

    def test_every_field_is_needed_and_what_was_typed_stays(self, client):
        response = join(client, "not an address", name="", password="short")
        assert sorted(response.context["form"].errors) == ["email", "name", "password1"]
        assert 'value="not an address"' in response.content.decode()

    def test_a_stranger_cannot_hold_an_address_that_is_not_theirs(self, client, mailoutbox):
        """They join with it, never confirm; its owner takes the account with a code from their own mail."""
        join(client, "owner@people.example", password="the stranger knows this one well")
        owner = Client(REMOTE_ADDR="192.0.2.10")
        owner.post(reverse("account_reset_password"), {"email": "owner@people.example"})
        owner.post(reverse("account_confirm_password_reset_code"), {"code": code_in(mailoutbox[-1])})
        owner.post(reverse("account_complete_password_reset"), {"password1": PASSWORD, "password2": PASSWORD})
        assert sign_in(owner, "owner@people.example").url == "/me/"
        stranger = Client(REMOTE_ADDR="192.0.2.11")
        sign_in(stranger, "owner@people.example", "the stranger knows this one well")
        assert not signed_in(stranger)


@pytest.mark.django_db
def test_someone_signed_in_is_not_asked_to_join(client):
    client.force_login(person())
    assert client.get(reverse("account_signup")).url == "/me/"


@pytest.mark.django_db(transaction=True)
def test_two_who_join_with_one_address_at_once_make_one_account():
    def attempt(number):
        try:
            return join(Client(REMOTE_ADDR=f"192.0.2.{number}"), "same@people.example").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(attempt, (21, 22)))
    assert User.objects.filter(email="same@people.example").count() == 1
    assert 302 in answers
    assert set(answers) <= {302, 429}
