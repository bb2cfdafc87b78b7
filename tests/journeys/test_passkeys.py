"""Passkeys, with the browser's own virtual authenticator: added, used to sign in and to enter the workshop, removed."""

import pytest
from allauth.mfa.models import Authenticator

from tests import factories as make
from tests.journeys.conftest import DESK, PHONE, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def authenticator(page, *, verifies=True):
    """Plug a virtual authenticator into a page's browser; it answers at once, as if its owner had agreed."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal" if verifies else "usb",
        "hasResidentKey": verifies,
        "hasUserVerification": verifies,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def press(page, name):
    """Press a button of the page's own part."""
    page.get_by_role("main").get_by_role("button", name=name).click()


def prove(page):
    """Type the password when it is asked for once more."""
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(make.PASSWORD)
        press(page, "Go on")


def heading(page, words):
    """Wait for a page by its heading."""
    page.get_by_role("heading", level=1, name=words).wait_for()


def sign_out(page):
    """Sign out by the page for that."""
    page.goto("/accounts/logout/")
    press(page, "Sign out")
    page.wait_for_url("**/")


def add(page, name, *, alone=True):
    """Add a passkey on the page for that."""
    heading(page, "Add a passkey")
    page.get_by_label("Name of this passkey").fill(name)
    page.get_by_label("Let this passkey sign me in without my password").set_checked(alone)
    press(page, "Add this passkey")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_passkey_opens_the_workshop_without_a_password(page_at, axe, smtp_sink, width):
    coordinator = make.coordinator(make.programme())
    page = page_at(width)
    authenticator(page)
    sign_in(page, coordinator)
    page.goto("/admin/")
    heading(page, "Set up a second factor first")
    assert axe(page) == []
    page.get_by_role("link", name="Add a passkey").click()
    prove(page)
    heading(page, "Add a passkey")
    assert axe(page) == []
    add(page, "Work laptop")
    heading(page, "Recovery codes")
    page.get_by_role("link", name="Go on where you were").click()
    heading(page, "Coordinators’ workshop")
    assert [mail["Subject"] for mail in smtp_sink.to(coordinator.email)] == [
        "A passkey was added to your account at Policing Research Collaborative"
    ]

    sign_out(page)
    page.goto("/accounts/login/?next=/admin/")
    assert axe(page) == []
    press(page, "Use a passkey")
    heading(page, "Coordinators’ workshop")
    assert len(smtp_sink.to(coordinator.email)) == 1


def test_a_small_key_is_the_second_step_and_is_asked_again_renamed_and_removed(page_at, axe, smtp_sink):
    user = make.coordinator(make.programme())
    page = page_at(DESK)
    authenticator(page, verifies=False)
    sign_in(page, user)
    page.goto("/accounts/2fa/webauthn/add/")
    prove(page)
    add(page, "Blue key", alone=False)
    heading(page, "Recovery codes")
    sign_out(page)

    sign_in(page, user)
    heading(page, "Second factor")
    assert axe(page) == []
    press(page, "Use a passkey")
    page.wait_for_url("**/me/")
    page.goto("/accounts/2fa/webauthn/")
    assert axe(page) == []
    page.get_by_role("link", name="Rename Blue key").click()
    heading(page, "Is it still you?")
    page.get_by_role("link", name="Use a passkey").click()
    heading(page, "Is it still you?")
    assert axe(page) == []
    press(page, "Use a passkey")
    heading(page, "Rename a passkey")
    assert axe(page) == []
    page.get_by_label("Name of this passkey").fill("Green key")
    press(page, "Save")
    page.get_by_role("link", name="Remove Green key").click()
    heading(page, "Remove a passkey")
    assert page.get_by_text("This is your last second factor, and what you do here needs one").is_visible()
    assert axe(page) == []
    press(page, "Remove it")
    heading(page, "Passkeys")
    assert page.get_by_text("You have none yet.").is_visible()
    assert not Authenticator.objects.filter(user=user).exists()


def test_a_browser_that_finds_no_passkey_says_so_and_leaves_every_other_way_open(page_at, axe):
    user = make.person()
    page = page_at(DESK)
    session, key = authenticator(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto("/accounts/login/")
    press(page, "Use a passkey")
    page.get_by_text("No passkey was used. Try again, or use another way.").wait_for()
    assert axe(page) == []
    sign_in(page, user)
    page.wait_for_url("**/me/")


def test_without_scripts_the_page_says_that_passkeys_need_them(page_at):
    page = page_at(DESK, java_script_enabled=False)
    page.goto("/accounts/login/")
    assert page.get_by_text("Passkeys need JavaScript and a browser that knows them.").is_visible()
    assert page.get_by_role("button", name="Use a passkey").count() == 0
