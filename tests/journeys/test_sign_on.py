"""Through one's organisation's own sign-in, in a real browser: OpenID Connect and SAML, with and without scripts."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from partners.models import SignOn
from tests.accounts.ways import CODE
from tests.journeys.conftest import DESK, PHONE
from tests.sign_on.assertions import MAIL, SamlProvider, audience, saml_service
from tests.sign_on.ways import PASSWORD, Provider, service
from tests.smtp_sink import plain

pytestmark = pytest.mark.django_db(transaction=True)
FORM = """<!doctype html><html lang="en"><title>Force</title><form method="post" action="{action}">
<input type="hidden" name="SAMLResponse" value="{answer}"><input type="hidden" name="RelayState" value="https://bad.example/">
<button>Go back to the portal</button></form></html>"""


@pytest.fixture
def portal_url(live_server, settings):
    """Let the portal know itself by the address at which it answers."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def saml_site(portal_url):
    """Run a SAML provider at an address that is another site for a browser than the portal's."""
    signer = SamlProvider()
    ours, door = (f"{portal_url}/accounts/saml/force-saml/{end}/" for end in ("metadata", "acs"))

    class Site(BaseHTTPRequestHandler):
        """Answers our question with a form that posts a signed answer."""

        def do_GET(self):  # noqa: N802 - the library calls it so
            """Show the form."""
            asked = parse_qs(urlsplit(self.path).query)["SAMLRequest"][0]
            asked = etree.fromstring(OneLogin_Saml2_Utils.decode_base64_and_inflate(asked)).get("ID")
            changes = {"audience": audience(ours), "recipient": door, "destination": door}
            answer = signer.answer(asked, attributes={MAIL: "ben@force.example", "verified": None}, **changes)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(FORM.format(action=door, answer=answer).encode())

        def log_message(self, *args):
            """Say nothing."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    address = f"http://127.0.0.1:{running.server_port}/sso"
    yield saml_service(signer, sso_url=address)
    running.shutdown()
    thread.join()
    running.server_close()


def main(page):
    """Return the page's own part, without header and footer."""
    return page.get_by_role("main")


def looks_right(page, axe):
    """Check a page with axe, at both widths, and that it needs no sideways scrolling on a phone."""
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_new_person_comes_in_through_openid_connect_and_lands_where_they_wanted(
    portal_url, page_at, axe, tmp_path, scripts
):
    callback = f"{portal_url}/accounts/oidc/force-oidc/login/callback/"
    with Provider(tmp_path, callback) as provider:
        service(SignOn.Protocol.OPENID_CONNECT, issuer=provider.address)
        page = page_at(PHONE, java_script_enabled=scripts)
        page.goto("/accounts/login/?next=/evidence/")
        if scripts:
            looks_right(page, axe)
        main(page).get_by_role("link", name="Sign in with your organisation").click()
        page.get_by_label("Your work e-mail address").fill("asha@nowhere.example")
        main(page).get_by_role("button", name="Go on").click()
        assert page.get_by_role("heading", name="There is a problem").is_visible()
        assert page.get_by_label("Your work e-mail address").input_value() == "asha@nowhere.example"
        if scripts:
            looks_right(page, axe)
        page.get_by_label("Your work e-mail address").fill("asha@force.example")
        main(page).get_by_role("button", name="Go on").click()
        page.wait_for_url(f"{provider.address}/**")
        page.locator("input[name=login]").fill("asha@force.example")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("button[type=submit]").click()
        page.wait_for_url(f"{portal_url}/evidence/")
        page.goto("/accounts/")
        assert main(page).get_by_text("asha@force.example").first.is_visible()
        if scripts:
            page.goto("/accounts/organisation/links/")
            looks_right(page, axe)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_post_from_another_site_finds_its_session_again(saml_site, portal_url, page_at, axe, smtp_sink, scripts):
    page = page_at(DESK, java_script_enabled=scripts)
    page.goto("/accounts/organisation/?next=/evidence/")
    page.get_by_label("Or choose your organisation").select_option("force-saml")
    main(page).get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{saml_site.sso_url}?**")
    page.get_by_role("button", name="Go back to the portal").click()
    page.wait_for_url(f"{portal_url}/accounts/organisation/confirm/")
    if scripts:
        looks_right(page, axe)
    assert SocialAccount.objects.count() == 0
    letter = smtp_sink.to("ben@force.example")[0]
    page.get_by_label("Code").fill(CODE.search(plain(letter))[1])
    main(page).get_by_role("button", name="Confirm").click()
    page.wait_for_url(f"{portal_url}/evidence/")
    assert SocialAccount.objects.get().user.email == "ben@force.example"
    assert [each["name"] for each in page.context.cookies() if each["name"] == "saml-aside"] == []


def test_a_provider_that_is_away_is_told_in_a_sentence(portal_url, page_at, axe):
    service(SignOn.Protocol.OPENID_CONNECT, issuer="http://127.0.0.1:9")
    page = page_at(PHONE)
    page.goto("/accounts/organisation/")
    page.get_by_label("Or choose your organisation").select_option("force-oidc")
    main(page).get_by_role("button", name="Go on").click()
    assert main(page).get_by_text("does not answer just now").is_visible()
    looks_right(page, axe)
