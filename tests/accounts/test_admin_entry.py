"""The admin opens to those whose work is there, with a second factor, and tells all others why not."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.ways import app_code, prove, sign_in, with_app
from tests.factories import administrator, coordinator, member, partner, person, programme, with_second_factor

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


def test_a_visitor_is_sent_to_sign_in_and_then_back(client):
    answer = client.get("/admin/accounts/user/?q=a")
    assert answer.url == "/accounts/login/?next=/admin/accounts/user/%3Fq%3Da"


@pytest.mark.parametrize("address", [INDEX, "/admin/login/", "/admin/accounts/user/", "/admin/no/such/page/"])
def test_a_member_is_told_why_not(client, address):
    client.force_login(member(partner(programme())))
    answer = client.get(address)
    assert answer.status_code == 403
    assert "This part of the portal is for coordinators." in answer.content.decode()


def test_a_coordinator_without_a_second_factor_is_led_to_one_and_told_why(client):
    client.force_login(coordinator(programme()))
    answer = client.get(INDEX)
    assert answer.url == "/accounts/second-factor/?next=/admin/"
    page = client.get(answer.url).content.decode()
    assert "a password alone does not open it" in page
    assert f'href="{reverse("mfa_activate_totp")}?next=%2Fadmin%2F"' in page


@pytest.mark.parametrize("make", [lambda: coordinator(programme()), administrator])
def test_with_a_second_factor_they_are_in(client, make):
    user = make()
    secret = with_app(user)
    assert sign_in(client, user.email, next=INDEX).url == reverse("mfa_authenticate")
    assert client.post(reverse("mfa_authenticate"), {"code": app_code(secret)}).url == INDEX
    assert client.get(INDEX).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client):
    user = with_second_factor(coordinator(programme()))
    user.authenticator_set.filter(type="totp").delete()
    client.force_login(user)
    assert client.get(INDEX).url == "/accounts/second-factor/?next=/admin/"


@pytest.mark.django_db(transaction=True)
def test_once_it_is_set_up_one_goes_on_where_one_was(client):
    user = administrator()
    sign_in(client, user.email)
    client.get("/admin/accounts/user/?q=a%20b")
    activate = reverse("mfa_activate_totp") + "?next=%2Fadmin%2Faccounts%2Fuser%2F%3Fq%3Da%2520b"
    assert f'href="{activate}"' in client.get("/accounts/second-factor/?next=/admin/accounts/user/%3Fq%3Da%2520b").text
    prove(client, activate)
    secret = re.search(r'class="secret">([A-Z2-7]+)<', client.get(activate).text)[1]
    codes = client.post(activate, {"code": app_code(secret)})
    assert 'href="/admin/accounts/user/?q=a%20b">Go on where you were' in client.get(codes.url).text
    assert client.get("/admin/accounts/user/?q=a%20b").status_code == 200


def test_the_way_on_leads_nowhere_else(client):
    client.force_login(person())
    for strange in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        page = client.get("/accounts/second-factor/", {"next": strange}).text
        assert f'href="{reverse("mfa_activate_totp")}?next=%2Faccounts%2F"' in page


def test_a_session_that_says_nothing_of_its_beginning_is_asked_for_it(client):
    user = with_second_factor(administrator())
    client.force_login(user)
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    assert client.get(INDEX).url == "/accounts/2fa/reauthenticate/?next=/admin/"


def test_a_session_that_began_before_the_second_factor_is_asked_for_it(client):
    """A stranger with the password may have opened it."""
    user = coordinator(programme())
    sign_in(client, user.email)
    secret = with_app(user)
    answer = client.get(INDEX)
    assert answer.url == "/accounts/2fa/reauthenticate/?next=/admin/"
    assert prove(client, INDEX).status_code == 302
    assert client.get(INDEX).status_code == 302
    again = client.post(reverse("mfa_reauthenticate"), {"code": app_code(secret), "next": INDEX})
    assert again.url == INDEX
    assert client.get(INDEX).status_code == 200


def test_a_role_that_ended_opens_nothing_any_more(client):
    from django.utils import timezone

    user = with_second_factor(administrator())
    client.force_login(user)
    assert client.get(INDEX).status_code == 200
    user.appointments.update(ends_on=timezone.localdate())
    assert client.get(INDEX).status_code == 403


def test_django_s_own_superuser_and_staff_marks_give_nothing(client):
    user = with_second_factor(person())
    user.is_superuser = user.is_staff = True
    user.save()
    client.force_login(user)
    assert client.get(INDEX).status_code == 403
    user.is_superuser = True
    assert not user.has_perm("accounts.change_user")
    assert not user.has_module_perms("accounts")


def test_the_admin_has_no_sign_in_sign_out_or_password_page_of_its_own(client):
    user = with_second_factor(administrator())
    assert Client().get("/admin/login/").url == "/accounts/login/?next=/admin/"
    client.force_login(user)
    assert client.get("/admin/login/").url == INDEX
    assert client.get("/admin/logout/").url == reverse("account_logout")
    assert client.get("/admin/password_change/").url == reverse("account_change_password")
    page = client.get(INDEX).content.decode()
    assert f'action="{reverse("account_logout")}"' in page
    assert 'href="/"' in page
