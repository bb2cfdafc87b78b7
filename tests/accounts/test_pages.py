"""Every page of signing in: in our look, nothing inline, and never an error, signed in or out."""

import re

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collaborative.accounts.urls import FOR_ANYONE, pages, urlpatterns
from tests.accounts.ways import code_in, join, prove, sign_in, with_app
from tests.factories import person, with_second_factor

pytestmark = pytest.mark.django_db
NUMBERED = {"account_end_session", "mfa_edit_webauthn", "mfa_remove_webauthn"}
"""Addresses of one of several things; ``test_sessions.py`` and ``test_passkeys.py`` open them."""
NAMES = sorted({page.name for page in pages(urlpatterns)} - NUMBERED)
ACTS = {"account_end_other_sessions"}
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*(\ssrc=|type=\"application/json\"))", re.IGNORECASE
)


def check(page):
    """Check a page that was answered: ours, nothing inline, one heading, no field without a label."""
    text = page.content.decode()
    assert "base.html" in [template.name for template in page.templates]
    assert "allauth/layouts/base.html" not in [
        t.origin.name for t in page.templates if "site-packages" in t.origin.name
    ]
    assert not INLINE.search(text)
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert "<title> |" not in text
    for field in re.findall(r'<input (?![^>]*type="hidden")[^>]*\bid="([^"]+)"', text):
        assert f'for="{field}"' in text, field


def test_the_list_of_addresses_is_not_empty():
    assert len(NAMES) >= 20


@pytest.mark.parametrize("name", NAMES)
class TestEveryAddress:
    def test_signed_out(self, client, name):
        answer = client.get(reverse(name))
        if answer.status_code == 200:
            assert name in FOR_ANYONE
            check(answer)
        elif answer.status_code == 405:
            assert name in ACTS
        else:
            assert answer.status_code == 302
            if name not in FOR_ANYONE:
                assert answer.url.startswith((reverse("account_login"), reverse("account_reauthenticate")))

    @pytest.mark.parametrize("make", [person, lambda: with_second_factor(person())])
    def test_signed_in_and_just_asked_for_the_password(self, client, name, make):
        client.force_login(make())
        prove(client, "/accounts/")
        answer = client.get(reverse(name))
        if answer.status_code == 405:
            assert name in ACTS
        elif answer.status_code == 404:
            assert name in ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes")
        elif answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            check(answer)
        else:
            assert answer.status_code in (200, 302)


class TestOnTheWay:
    """Pages that one reaches only in the middle of something, and forms that came back with errors."""

    def test_joining(self, client):
        check(join(client, "not an address", name="", password="short"))
        check(client.get(join(client, "a@people.example").url))
        check(client.post(reverse("account_email_verification_sent"), {"code": "BBBB-BBBB"}))

    def test_forgetting_the_password(self, client, mailoutbox):
        user = person()
        asked, typed, complete = (
            reverse(f"account_{step}")
            for step in ("reset_password", "confirm_password_reset_code", "complete_password_reset")
        )
        check(client.post(asked, {"email": ""}))
        check(client.get(client.post(asked, {"email": user.email}).url))
        check(client.post(typed, {"code": "BBBB-BBBB"}))
        check(client.get(client.post(typed, {"code": code_in(mailoutbox[0])}).url))
        check(client.post(complete, {"password1": "a", "password2": "b"}))

    def test_signing_in_with_an_app(self, client):
        user = person()
        with_app(user)
        check(sign_in(client, user.email, "wrong"))
        check(client.get(sign_in(client, user.email).url))
        check(client.post(reverse("mfa_authenticate"), {"code": "000000"}))

    def test_asked_once_more(self, client):
        client.force_login(with_second_factor(person()))
        for name, field in (("account_reauthenticate", "password"), ("mfa_reauthenticate", "code")):
            check(client.get(reverse(name)))
            check(client.post(reverse(name), {field: "wrong"}))

    def test_a_first_password(self, client):
        user = person(password=None)
        client.force_login(user)
        assert client.get(reverse("account_change_password")).url == reverse("account_set_password")
        check(client.get(reverse("account_set_password")))

    def test_closed(self, client, settings):
        settings.ACCOUNT_ADAPTER = "tests.accounts.closed.ClosedAdapter"
        page = client.get(reverse("account_signup"))
        assert "New accounts cannot be made at present" in page.content.decode()
        check(page)


@pytest.mark.parametrize(
    "name", ["account/verified_email_required.html", "account/confirm_login_code.html", "mfa/trust.html"]
)
def test_pages_that_our_settings_do_not_use_yet_are_in_our_look_too(name, rf):
    request = rf.get("/")
    request.user = person()
    request.session = {}
    now = timezone.now()
    given = {"email": "a@people.example", "trust_from": now, "trust_until": now, "verify_form": ""}
    text = get_template(name).render(given, request)
    assert '<link rel="stylesheet" href="/static/css/portal.css">' in text
    assert not INLINE.search(text)


def test_the_account_page_leads_to_everything(client):
    client.force_login(with_second_factor(person()))
    page = client.get(reverse("account_index")).content.decode()
    for name in ("account_details", "account_email", "account_change_password", "mfa_index", "mfa_view_recovery_codes"):
        assert f'href="{reverse(name)}"' in page
    assert "10 left" in page


def test_the_account_page_costs_few_queries(client, django_assert_max_num_queries):
    client.force_login(with_second_factor(person()))
    with django_assert_max_num_queries(20):
        client.get(reverse("account_index"))


def test_nothing_about_accounts_is_kept_by_caches(client):
    for name in ("account_login", "account_signup"):
        assert "no-store" in client.get(reverse(name)).headers["Cache-Control"]


def test_pages_of_accounts_are_not_for_search_engines():
    assert '<meta name="robots" content="noindex">' in Client().get(reverse("account_login")).content.decode()
