"""The pages of single sign-on: off by default, without hints, and what an account's owner sees of it."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collaborative.accounts.models import User
from collaborative.accounts.services import remove_sign_on
from collaborative.audit.models import Event
from partners.models import SignOn
from tests.accounts.test_pages import check
from tests.accounts.ways import code_in, sign_in, signed_in, with_app, words
from tests.admin_forms import enter
from tests.factories import PASSWORD, administrator, member, person, with_second_factor
from tests.sign_on.assertions import MAIL, SamlProvider, ask, post, saml_service
from tests.sign_on.ways import a_service, onward, organisation_with_domain

pytestmark = pytest.mark.django_db
WORDS = "Sign in with your organisation"


@pytest.fixture(scope="module")
def provider():
    """Keep one key for all tests."""
    return SamlProvider()


@pytest.fixture
def saml(provider):
    """Make a service."""
    return saml_service(provider)


class TestOffByDefault:
    def test_nothing_is_offered_until_a_service_is_turned_on(self, client, saml):
        SignOn.objects.update(enabled=False)
        assert WORDS not in client.get(reverse("account_login")).content.decode()
        assert client.get(reverse("sign_on")).status_code == 404
        SignOn.objects.update(enabled=True)
        assert WORDS in client.get(reverse("account_login")).content.decode()
        assert client.get(reverse("sign_on")).status_code == 200

    def test_a_new_service_is_off(self):
        assert SignOn(organisation=organisation_with_domain(), protocol="saml", label="New").enabled is False

    @pytest.mark.parametrize("enabled", [True, False])
    def test_one_that_is_off_answers_as_if_it_were_not_there(self, client, saml, enabled):
        SignOn.objects.update(enabled=enabled)
        answers = [
            client.get(reverse("saml_metadata", args=["force-saml"])).status_code,
            client.post(reverse("saml_acs", args=["force-saml"]), {"SAMLResponse": "x"}).status_code,
            client.get(reverse("saml_finish_acs", args=["force-saml"])).status_code,
            client.post(reverse("sign_on"), {"service": "force-saml"}).status_code,
        ]
        assert answers == ([200, 302, 403, 200] if enabled else [404] * 4)

    def test_one_of_the_other_protocol_is_not_there_either(self, client, saml):
        assert client.get(reverse("openid_connect_callback", args=["force-saml"])).status_code == 404

    def test_only_those_that_are_on_can_be_chosen(self, client, saml):
        a_service(organisation=organisation_with_domain("other", "other.example"), enabled=False, label="Other sign-in")
        page = client.get(reverse("sign_on")).content.decode()
        assert ("Force (Force sign-in)" in page, "Other sign-in" in page) == (True, False)

    @pytest.mark.parametrize("change", [{"enabled": False}, {"entity_id": "https://another.example/"}])
    def test_what_waited_for_its_code_is_refused_when_the_service_is_turned_off_or_replaced(
        self, client, saml, provider, mailoutbox, change
    ):
        post(client, provider.answer(ask(client), attributes={"verified": None}))
        SignOn.objects.update(**change)
        assert client.post(reverse("sign_on_confirm"), {"code": code_in(mailoutbox[0])}).status_code == 409
        assert User.objects.count() == 0

    def test_allauth_s_own_ways_stay_shut(self, client, saml):
        for path in (
            "saml/force-saml/login/",
            "saml/force-saml/sls/",
            "oidc/force-saml/login/",
            "3rdparty/",
            "social/login/error/",
        ):
            assert client.get(f"/accounts/{path}").status_code == 404


class TestChoosing:
    def test_by_address_leads_by_the_domain_and_below_it(self, client, saml):
        for address in ("anybody@force.example", "ANYBODY@Force.Example", "anybody@south.force.example"):
            assert onward(client.post(reverse("sign_on"), {"email": address})).startswith(saml.sso_url)

    def test_says_the_same_whether_or_not_the_address_has_an_account(self, client, saml):
        known = person(email="known@people.example")
        unknown = words(client.post(reverse("sign_on"), {"email": "unknown@people.example"}))
        assert words(client.post(reverse("sign_on"), {"email": known.email})) == unknown
        assert "No organisation that has its own sign-in here uses this domain" in unknown

    @pytest.mark.parametrize(
        "sent",
        [{}, {"email": "no address"}, {"email": "a@b.example"}, {"service": "none"}, {"email": "a@\x00.example"}],
    )
    def test_what_cannot_be_followed_comes_back_with_a_sentence(self, client, saml, sent):
        page = client.post(reverse("sign_on"), sent)
        assert page.status_code == 422
        check(page)

    def test_is_a_form_and_following_a_link_signs_nobody_in(self, client, saml):
        page = client.get(reverse("sign_on"), {"service": "force-saml", "email": "a@force.example"})
        assert (page.status_code, "socialaccount_states" in client.session) == (200, False)

    def test_a_form_of_another_site_is_refused(self, saml):
        from django.test import Client

        assert Client(enforce_csrf_checks=True).post(reverse("sign_on"), {"service": "force-saml"}).status_code == 403

    def test_is_not_for_somebody_who_is_signed_in(self, client, saml):
        client.force_login(person())
        assert client.get(reverse("sign_on"), {"next": "/evidence/"}).url == "/evidence/"

    def test_keeps_where_one_wanted_to_go(self, client, saml):
        offer = client.get(reverse("account_login"), {"next": "/evidence/?q=a&b"}).content.decode()
        assert 'href="/accounts/organisation/?next=/evidence/%3Fq%3Da%26b"' in offer
        page = client.get(reverse("sign_on"), {"next": "https://bad.example/"}).content.decode()
        assert "bad.example" not in page.split("<main", 1)[1].split("</main", 1)[0]

    def test_every_page_is_in_our_look(self, client, saml, provider, mailoutbox):
        check(client.get(reverse("sign_on")))
        check(client.post(reverse("sign_on"), {"service": "force-saml"}))
        check(client.get(reverse("saml_finish_acs", args=["force-saml"])))
        post(client, provider.answer(ask(client), attributes={"verified": None}))
        check(client.get(reverse("sign_on_confirm")))
        check(client.post(reverse("sign_on_confirm"), {"code": ""}))

    def test_leaves_the_content_security_policy_as_it_is(self, client, saml):
        page = client.post(reverse("sign_on"), {"service": "force-saml"})
        assert "form-action 'self';" in f"{page.headers['Content-Security-Policy']};"

    def test_costs_few_queries_however_many_there_are(self, client, saml, django_assert_max_num_queries):
        for number in range(20):
            a_service(organisation=organisation_with_domain(f"more-{number}", f"more{number}.example"))
        with django_assert_max_num_queries(12):
            client.get(reverse("sign_on"))
        with django_assert_max_num_queries(12):
            client.get(reverse("account_login"))


class TestJoiningWhileItIsClosed:
    def test_makes_no_account(self, client, saml, provider, settings):
        settings.SIGNUP_OPEN = False
        answer = post(client, provider.answer(ask(client)))
        assert "New accounts cannot be made at present" in answer.content.decode()
        assert User.objects.count() == 0

    def test_lets_in_who_has_an_account(self, client, saml, provider, settings, mailoutbox):
        person(email="asha@force.example")
        settings.SIGNUP_OPEN = False
        post(client, provider.answer(ask(client)))
        assert client.post(reverse("sign_on_confirm"), {"code": code_in(mailoutbox[0])}).url == "/me/"


class TestADomainThatLetsPeopleInAtOnce:
    def test_makes_a_member_by_the_same_way_as_any_sign_in(self, client, provider):
        saml_service(provider, organisation=organisation_with_domain(admits="at_once"))
        post(client, provider.answer(ask(client)))
        assert [each.organisation.slug for each in User.objects.get().memberships.all()] == ["force"]


class TestRequired:
    @pytest.fixture
    def required(self, saml):
        """Require the service."""
        SignOn.objects.update(required=True)
        return saml

    def test_who_has_an_address_of_the_organisation_does_not_come_in_by_password(self, client, required):
        user = person(email="asha@force.example")
        assert sign_in(client, user.email).url == reverse("sign_on")
        assert not signed_in(client)
        page = client.get(reverse("sign_on")).content.decode()
        assert "Force asks its people to sign in through its own sign-in." in page

    def test_nor_does_a_member_with_an_address_elsewhere(self, client, required):
        assert sign_in(client, member(required.organisation).email).url == reverse("sign_on")
        assert not signed_in(client)

    def test_a_wrong_password_tells_nothing_of_it(self, client, required):
        user = person(email="asha@force.example")
        unknown = words(sign_in(client, "nobody@people.example", "wrong"))
        assert words(sign_in(client, user.email, "wrong")).replace(user.email, "ADDRESS") == unknown

    def test_others_and_administrators_come_in_as_ever(self, client, required):
        assert sign_in(client, person().email).url == "/me/"
        client.session.flush()
        chief = administrator()
        member(required.organisation, user=chief)
        assert sign_in(client, chief.email).url == "/me/"

    def test_through_the_organisation_they_come_in(self, client, required, provider, mailoutbox):
        person(email="asha@force.example")
        post(client, provider.answer(ask(client)))
        assert client.post(reverse("sign_on_confirm"), {"code": code_in(mailoutbox[0])}).url == "/me/"
        assert signed_in(client)

    def test_one_that_is_not_required_leaves_the_password(self, client, saml):
        assert sign_in(client, person(email="asha@force.example").email).url == "/me/"


class TestTheSecondFactor:
    def test_single_sign_on_alone_does_not_count_as_one(self, client, saml, provider, mailoutbox):
        """Whoever sets one up after signing in through the organisation has to use it before the admin opens."""
        chief = administrator()
        EmailAddress.objects.filter(user=chief).update(email="asha@force.example")
        User.objects.filter(pk=chief.pk).update(email="asha@force.example")
        post(client, provider.answer(ask(client)))
        client.post(reverse("sign_on_confirm"), {"code": code_in(mailoutbox[0])})
        assert signed_in(client)
        assert client.get("/admin/").url.startswith(reverse("account_second_factor_needed"))
        with_app(chief)
        assert client.get("/admin/").url.startswith(reverse("mfa_reauthenticate"))


class TestOnesOwnAccount:
    def test_shows_what_leads_to_it_and_takes_it_away(self, client, saml):
        user = person()
        link = SocialAccount.objects.create(user=user, provider="force-saml", uid="1", extra_data={})
        client.force_login(user)
        assert reverse("sign_on_links") in client.get(reverse("account_index")).content.decode()
        page = client.get(reverse("sign_on_links"))
        check(page)
        assert "Force: Force sign-in" in page.content.decode()
        assert client.post(reverse("sign_on_unlink"), {"link": link.pk}).url == reverse("sign_on_links")
        assert SocialAccount.objects.count() == 0
        check(client.get(reverse("sign_on_links")))

    def test_takes_away_nobody_else_s(self, client, saml):
        SocialAccount.objects.create(user=person(), provider="force-saml", uid="1", extra_data={})
        client.force_login(person())
        for sent in (SocialAccount.objects.get().pk, "x", "", "9" * 30):
            client.post(reverse("sign_on_unlink"), {"link": sent})
        assert SocialAccount.objects.count() == 1

    def test_the_only_way_in_stays(self, client, saml, provider):
        post(client, provider.answer(ask(client)))
        answer = client.post(reverse("sign_on_unlink"), {"link": SocialAccount.objects.get().pk})
        assert "Set a password first" in answer.content.decode()
        assert (answer.status_code, SocialAccount.objects.count()) == (409, 1)

    def test_a_service_that_was_turned_off_is_no_error(self, client, saml):
        user = with_second_factor(person())
        SocialAccount.objects.create(user=user, provider="force-saml", uid="1", extra_data={})
        SignOn.objects.update(enabled=False)
        client.force_login(user)
        assert client.get(reverse("sign_on_links")).status_code == 200
        assert client.get(reverse("account_index")).status_code == 200


class TestHelp:
    def test_an_administrator_takes_an_old_sign_in_away(self, client, saml):
        link = SocialAccount.objects.create(user=person(), provider="force-saml", uid="1", extra_data={})
        chief = administrator()
        enter(client, chief)
        client.post("/admin/accounts/user/", {"action": "remove_sign_on", "_selected_action": link.user_id})
        assert SocialAccount.objects.count() == 0
        assert Event.objects.filter(verb="account.sign_on_removed", object_id=link.user_id, actor=chief).count() == 1

    def test_nobody_else_may(self, client, saml):
        link = SocialAccount.objects.create(user=person(), provider="force-saml", uid="1", extra_data={})
        with pytest.raises(PermissionDenied):
            remove_sign_on(link.user, by=person())
        assert SocialAccount.objects.count() == 1


def test_a_session_that_began_there_ends_with_the_browser(client, saml, provider, mailoutbox):
    for _time in range(2):
        post(client, provider.answer(ask(client)))
        assert signed_in(client)
        assert client.session.get_expire_at_browser_close()
        client.post(reverse("account_logout"))


def test_a_mail_server_that_is_away_gives_a_sentence_and_leaves_nothing(client, saml, provider, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 9
    settings.EMAIL_HOST = "127.0.0.1"
    answer = post(client, provider.answer(ask(client), attributes={MAIL: "asha@elsewhere.example"}))
    assert "We could not send mail to this address just now" in answer.content.decode()
    assert (answer.status_code, User.objects.count(), PASSWORD in str(client.session.items())) == (409, 0, False)
