"""OpenID Connect, from the page where one chooses the organisation to the session, with a provider in a process."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.cache import caches
from django.urls import reverse

from collaborative.accounts.models import User
from tests.accounts.ways import code_in, signed_in, words
from tests.factories import person, with_second_factor
from tests.sign_on.ways import begin, come_back, sign_in_there, through_openid

pytestmark = pytest.mark.django_db


def confirm(client, code):
    """Type the code from the letter."""
    return client.post(reverse("sign_on_confirm"), {"code": code})


class TestSomebodyNew:
    def test_a_verified_address_on_a_confirmed_domain_makes_an_account_at_once(self, client, openid, mailoutbox):
        answer = through_openid(client, "asha@force.example")
        assert (answer.status_code, answer.url) == (302, "/me/")
        user = User.objects.get(email="asha@force.example")
        assert client.session["_auth_user_id"] == str(user.pk)
        assert (user.name, user.has_usable_password()) == ("Asha Verne", False)
        assert EmailAddress.objects.get(user=user).verified
        link = SocialAccount.objects.get(user=user)
        assert (link.provider, link.extra_data) == ("force-oidc", {})
        assert mailoutbox == []

    def test_who_comes_again_is_known_by_the_lasting_identifier(self, client, openid):
        through_openid(client, "asha@force.example")
        client.post(reverse("account_logout"))
        assert not signed_in(client)
        assert through_openid(client, "asha@force.example").url == "/me/"
        assert User.objects.count() == 1
        assert signed_in(client)

    def test_an_unverified_address_has_to_be_confirmed_by_a_code_first(self, client, openid, mailoutbox):
        answer = through_openid(client, "ben@force.example")
        assert answer.url == reverse("sign_on_confirm")
        assert (User.objects.count(), SocialAccount.objects.count(), signed_in(client)) == (0, 0, False)
        assert [letter.to for letter in mailoutbox] == [["ben@force.example"]]
        assert confirm(client, code_in(mailoutbox[0])).url == "/me/"
        user = User.objects.get()
        assert EmailAddress.objects.get(user=user, verified=True).email == "ben@force.example"
        assert SocialAccount.objects.get(user=user).provider == "force-oidc"
        assert signed_in(client)

    def test_a_verified_address_on_another_s_domain_has_to_be_confirmed_too(self, client, openid, mailoutbox):
        assert through_openid(client, "eve@elsewhere.example").url == reverse("sign_on_confirm")
        assert (User.objects.count(), signed_in(client)) == (0, False)
        assert mailoutbox[0].to == ["eve@elsewhere.example"]

    def test_a_domain_taken_off_the_list_vouches_no_longer(self, client, openid, mailoutbox):
        openid.organisation.email_domains.update(removed_at=openid.organisation.email_domains.get().confirmed_at)
        assert through_openid(client, "asha@force.example").url == reverse("sign_on_confirm")

    def test_three_wrong_codes_end_it(self, client, openid, mailoutbox):
        through_openid(client, "ben@force.example")
        assert [confirm(client, "BBBB-BBBB").status_code for _try in range(3)] == [422, 422, 302]
        assert confirm(client, code_in(mailoutbox[0])).url == reverse("account_login")
        assert User.objects.count() == 0

    def test_where_one_wanted_to_go_is_where_one_arrives(self, client, openid):
        answer = through_openid(client, "asha@force.example", service="force-oidc", next="/evidence/?q=a")
        assert answer.url == "/evidence/?q=a"

    def test_one_never_arrives_outside(self, client, openid):
        assert (
            through_openid(client, "asha@force.example", service="force-oidc", next="https://bad.example/").url
            == "/me/"
        )

    def test_a_name_that_is_too_long_is_shortened(self, client, openid):
        through_openid(client, "long@force.example")
        assert User.objects.get().name == "L" * 150

    def test_without_an_address_there_is_no_account_but_a_sentence(self, client, openid):
        answer = through_openid(client, "nameless@force.example")
        assert "did not tell us your e-mail address" in answer.content.decode()
        assert (answer.status_code, User.objects.count()) == (403, 0)


class TestSomebodyWithAnAccount:
    def test_is_asked_for_a_code_though_the_address_is_verified(self, client, openid, mailoutbox):
        user = person(email="asha@force.example")
        assert through_openid(client, "asha@force.example").url == reverse("sign_on_confirm")
        assert (SocialAccount.objects.count(), signed_in(client)) == (0, False)
        assert confirm(client, code_in(mailoutbox[0])).url == "/me/"
        assert SocialAccount.objects.get().user == user
        assert client.session["_auth_user_id"] == str(user.pk)
        assert user.check_password("a quiet river under nine bridges")

    def test_is_told_by_mail_that_a_service_was_joined(self, client, openid, mailoutbox):
        person(email="asha@force.example")
        through_openid(client, "asha@force.example")
        confirm(client, code_in(mailoutbox[0]))
        assert "A new way to sign in at" in mailoutbox[1].subject
        assert "leads to your account too:\n\n    Force sign-in\n" in mailoutbox[1].body

    def test_a_password_set_before_the_address_was_confirmed_goes(self, client, openid, mailoutbox):
        user = person(email="asha@force.example")
        EmailAddress.objects.filter(user=user).update(verified=False)
        through_openid(client, "asha@force.example")
        confirm(client, code_in(mailoutbox[0]))
        user.refresh_from_db()
        assert not user.has_usable_password()
        assert EmailAddress.objects.get(user=user).verified

    def test_the_page_is_the_same_as_for_an_address_that_nobody_has(self, client, openid, mailoutbox):
        pages, letters = [], []
        for known in (False, True):
            if known:
                person(email="ben@force.example")
            client.session.flush()
            caches["default"].clear()
            pages.append(words(client.get(through_openid(client, "ben@force.example").url)))
            letters.append((mailoutbox[-1].subject, mailoutbox[-1].body.replace(code_in(mailoutbox[-1]), "")))
        assert pages[0] == pages[1]
        assert letters[0] == letters[1]

    def test_an_address_that_was_given_to_somebody_else_leads_to_no_access(self, client, openid, mailoutbox):
        user = person(email="asha@force.example")
        SocialAccount.objects.create(user=user, provider="force-oidc", uid="who had the address before", extra_data={})
        assert through_openid(client, "asha@force.example").url == reverse("sign_on_confirm")
        assert "belongs to another person" in mailoutbox[0].body
        assert confirm(client, "BBBB-BBBB").status_code == 422
        assert (SocialAccount.objects.count(), signed_in(client)) == (1, False)

    def test_a_pending_change_to_the_address_by_somebody_else_does_not_get_it(self, client, openid, mailoutbox):
        thief = person()
        EmailAddress.objects.create(user=thief, email="asha@force.example", verified=False)
        assert through_openid(client, "asha@force.example").url == "/me/"
        assert SocialAccount.objects.get().user != thief
        assert list(EmailAddress.objects.filter(user=thief).values_list("email", flat=True)) == [thief.email]

    def test_the_second_factor_is_asked_for_all_the_same(self, client, openid, mailoutbox):
        user = with_second_factor(person(email="asha@force.example"))
        through_openid(client, "asha@force.example")
        assert confirm(client, code_in(mailoutbox[0])).url == reverse("mfa_authenticate")
        assert not signed_in(client)
        client.session.flush()
        assert through_openid(client, "asha@force.example").url == reverse("mfa_authenticate")
        assert SocialAccount.objects.get().user == user

    def test_a_stopped_account_stays_stopped(self, client, openid, mailoutbox):
        User.objects.filter(pk=person(email="asha@force.example").pk).update(is_active=False)
        through_openid(client, "asha@force.example")
        assert confirm(client, code_in(mailoutbox[0])).url == reverse("account_inactive")
        assert not signed_in(client)


class TestTheWay:
    def test_carries_state_nonce_and_a_challenge(self, client, openid, provider):
        address = begin(client, service="force-oidc")
        assert address.startswith(f"{provider.address}/identity/o/authorize?")
        sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert sent["redirect_uri"] == "http://testserver/accounts/oidc/force-oidc/login/callback/"
        assert sent["code_challenge_method"] == "S256"
        assert sent["response_type"] == "code"
        for name, least in (("state", 16), ("nonce", 32), ("code_challenge", 43)):
            assert len(sent[name]) >= least

    def test_a_wrong_state_is_not_believed(self, client, openid):
        back = sign_in_there(begin(client, service="force-oidc"), "asha@force.example")
        answer = come_back(client, back.replace("state=", "state=x"))
        assert (answer.status_code, signed_in(client), User.objects.count()) == (403, False, 0)
        assert "We could not take your organisation’s answer as yours" in answer.content.decode()

    def test_another_browser_cannot_use_the_answer(self, client, openid):
        from django.test import Client

        back = sign_in_there(begin(client, service="force-oidc"), "asha@force.example")
        assert come_back(Client(), back).status_code == 403
        assert User.objects.count() == 0

    def test_an_answer_is_taken_once(self, client, openid):
        back = sign_in_there(begin(client, service="force-oidc"), "asha@force.example")
        assert come_back(client, back).url == "/me/"
        client.post(reverse("account_logout"))
        assert come_back(client, back).status_code == 403
        assert not signed_in(client)

    @pytest.mark.parametrize("change", ["nonce", "pkce_code_verifier"])
    def test_the_nonce_and_the_verifier_have_to_fit(self, client, openid, change):
        back = sign_in_there(begin(client, service="force-oidc"), "asha@force.example")
        session = client.session
        for state, _at, _provider in session["socialaccount_states"].values():
            state[change] = "another" * 9
        session.save()
        assert come_back(client, back).status_code == 403
        assert User.objects.count() == 0

    def test_breaking_off_is_no_error(self, client, openid):
        sent = parse_qs(urlsplit(begin(client, service="force-oidc")).query)
        query = urlencode({"error": "access_denied", "state": sent["state"][0]})
        answer = come_back(client, f"/accounts/oidc/force-oidc/login/callback/?{query}")
        assert "Your organisation’s sign-in was broken off" in answer.content.decode()


class TestAProviderThatFails:
    @pytest.mark.parametrize("issuer", ["http://127.0.0.1:9", "http://10.0.0.1", "https://127.0.0.1:9"])
    def test_one_that_is_away_or_may_not_be_asked_gives_a_sentence(self, client, openid, issuer):
        type(openid).objects.update(issuer=issuer)
        answer = client.post(reverse("sign_on"), {"service": "force-oidc"})
        assert answer.status_code == 502
        assert "The sign-in of Force does not answer just now" in answer.content.decode()

    def test_one_that_goes_away_on_the_way_gives_a_sentence(self, client, openid):
        back = sign_in_there(begin(client, service="force-oidc"), "asha@force.example")
        type(openid).objects.update(issuer="http://127.0.0.1:9")
        answer = come_back(client, back)
        assert answer.status_code == 502
        assert User.objects.count() == 0

    def test_one_that_calls_itself_something_else_is_not_believed(self, client, openid, provider):
        type(openid).objects.update(issuer=provider.address.replace("127.0.0.1", "localhost"))
        assert client.post(reverse("sign_on"), {"service": "force-oidc"}).status_code == 502

    def test_a_wrong_secret_gives_a_sentence(self, client, openid):
        from collaborative.core.sealing import seal

        type(openid).objects.update(sealed_secret=seal("another", "single sign-on"))
        answer = through_openid(client, "asha@force.example")
        assert (answer.status_code, User.objects.count()) == (403, 0)

    def test_a_secret_whose_key_is_lost_gives_a_sentence(self, client, openid):
        type(openid).objects.update(sealed_secret="gAAAA nothing")
        assert through_openid(client, "asha@force.example").status_code == 403
