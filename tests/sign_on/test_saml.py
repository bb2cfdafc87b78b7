"""SAML 2.0 with answers that are really signed: the right one is taken, each wrong one is not."""

import base64
import logging
from datetime import UTC, datetime, timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as SAML

from collaborative.accounts.models import User
from tests.accounts.ways import code_in, signed_in
from tests.factories import person
from tests.sign_on.assertions import (
    ACS,
    ENTITY,
    MAIL,
    OURS,
    SamlProvider,
    ask,
    audience,
    certificate,
    instant,
    post,
    question,
    saml_service,
)
from tests.sign_on.ways import organisation_with_domain, private_key

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def provider():
    """Keep one key for all tests."""
    return SamlProvider()


@pytest.fixture
def saml(provider):
    """Make the service."""
    return saml_service(provider)


def refused(answer, client, people=0):
    """Say whether an answer was turned down with a sentence, and left nothing behind but the ``people`` of before."""
    text = answer.content.decode()
    return (
        answer.status_code == 403
        and "We could not take your organisation’s answer as yours" in text
        and not signed_in(client)
        and User.objects.count() == people
        and SocialAccount.objects.count() == people
    )


class TestTheRightAnswer:
    def test_makes_an_account_when_the_provider_vouches_for_its_own_domain(self, client, saml, provider):
        assert post(client, provider.answer(ask(client))).url == "/me/"
        user = User.objects.get()
        assert (user.email, user.name) == ("asha@force.example", "Asha Verne")
        link = SocialAccount.objects.get(user=user)
        assert (link.provider, link.uid, link.extra_data) == ("force-saml", "a-lasting-identifier", {})
        assert signed_in(client)

    def test_is_known_again_by_the_lasting_identifier_whatever_the_address(self, client, saml, provider):
        post(client, provider.answer(ask(client)))
        client.post(reverse("account_logout"))
        answer = provider.answer(ask(client), attributes={MAIL: "asha.married@force.example"})
        assert post(client, answer).url == "/me/"
        assert (User.objects.count(), signed_in(client)) == (1, True)

    @pytest.mark.parametrize("said", [None, "false", "perhaps"])
    def test_asks_for_a_code_where_the_provider_does_not_say_verified(self, client, saml, provider, said, mailoutbox):
        answer = provider.answer(ask(client), attributes={"verified": said})
        assert post(client, answer).url == reverse("sign_on_confirm")
        assert User.objects.count() == 0
        assert client.post(reverse("sign_on_confirm"), {"code": code_in(mailoutbox[0])}).url == "/me/"
        assert SocialAccount.objects.get().uid == "a-lasting-identifier"

    def test_asks_for_a_code_for_an_address_elsewhere(self, client, saml, provider, mailoutbox):
        user = person()
        answer = provider.answer(ask(client), attributes={MAIL: user.email})
        assert post(client, answer).url == reverse("sign_on_confirm")
        assert (SocialAccount.objects.count(), signed_in(client)) == (0, False)

    def test_leads_where_one_wanted_to_go_and_not_where_the_relay_state_says(self, client, saml, provider):
        answer = provider.answer(ask(client, next="/evidence/"))
        assert post(client, answer, RelayState="https://bad.example/").url == "/evidence/"

    def test_may_be_signed_with_the_next_certificate_already(self, client, provider):
        saml_service(provider, certificates=certificate(private_key()) + provider.certificate)
        assert post(client, provider.answer(ask(client))).url == "/me/"

    def test_may_name_the_person_by_an_attribute(self, client, provider):
        saml_service(provider, subject_attribute="employee")
        answer = provider.answer(ask(client), format=SAML.NAMEID_TRANSIENT, attributes={"employee": "4711"})
        assert post(client, answer).url == "/me/"
        assert SocialAccount.objects.get().uid == "4711"


LONG_AGO = instant(datetime.now(UTC) - timedelta(hours=2))
WRONG = {  # what the log says, and what is wrong
    "unsigned": ("is not signed", {"signed": False}),
    "another audience": ("not a valid audience", {"audience": audience("https://another.example/")}),
    "no audience": ("not said to be for us", {"audience": ""}),
    "expired": ("expired", {"until": LONG_AGO}),
    "not yet valid": ("not yet valid", {"since": instant(datetime.now(UTC) + timedelta(days=400))}),
    "another issuer": ("Invalid issuer", {"issuer": "https://identity.elsewhere.example/metadata"}),
    "another recipient": ("SubjectConfirmation was not found", {"recipient": "https://another.example/acs/"}),
    "another destination": ("instead of https://another.example", {"destination": "https://another.example/acs/"}),
    "an answer to no question": ("not an answer to a question", {"answers": "", "confirmed": ""}),
    "an answer whose signed part answers nothing": ("not an answer to a question", {"confirmed": ""}),
    "an answer to another's question": ("", {"answers": 'InResponseTo="_other"', "confirmed": 'InResponseTo="_other"'}),
    "a passing identifier": ("no lasting identifier", {"format": SAML.NAMEID_TRANSIENT}),
    "an address for an identifier": ("no lasting identifier", {"format": SAML.NAMEID_EMAIL_ADDRESS}),
    "an identifier that is too long": ("no lasting identifier", {"subject": "x" * 192}),
    "an old algorithm": ("Deprecated signature algorithm", {"algorithm": SAML.RSA_SHA1}),
}


class TestTheWrongAnswer:
    @pytest.mark.parametrize(("reason", "change"), WRONG.values(), ids=WRONG.keys())
    def test_is_refused(self, client, saml, provider, caplog, reason, change):
        assert refused(post(client, provider.answer(ask(client), **change)), client)
        assert reason in [each.reason for each in caplog.records if hasattr(each, "reason")][0]

    def test_by_another_key_is_refused(self, client, saml):
        assert refused(post(client, SamlProvider().answer(ask(client))), client)

    def test_changed_after_it_was_signed_is_refused(self, client, saml, provider):
        written = provider.written(ask(client)).replace("asha@force.example", "chief@force.example")
        assert refused(post(client, base64.b64encode(written.encode()).decode()), client)

    def test_with_a_second_unsigned_assertion_is_refused(self, client, saml, provider):
        asked = ask(client)
        signed = provider.written(asked)
        forged = etree.fromstring(provider.written(asked, signed=False, subject="somebody else"))
        assertion = etree.tostring(forged[-1]).decode()
        for where in ("<samlp:Status>", "</samlp:Response>"):
            both = signed.replace(where, f"{assertion}{where}", 1)
            assert refused(post(client, base64.b64encode(both.encode()).decode()), client)

    def test_used_a_second_time_is_refused(self, client, saml, provider):
        answer = provider.answer(ask(client))
        assert post(client, answer).url == "/me/"
        client.post(reverse("account_logout"))
        assert refused(post(client, answer), client, people=1)

    def test_used_a_second_time_is_refused_even_where_the_session_still_asks(self, client, saml, provider, caplog):
        asked = ask(client)
        answer = provider.answer(asked)
        kept = client.session["socialaccount_states"]
        assert post(client, answer).url == "/me/"
        client.post(reverse("account_logout"))
        ask(client)
        session = client.session
        session["socialaccount_states"] = kept
        session.save()
        with caplog.at_level(logging.WARNING):
            assert refused(post(client, answer), client, people=1)
        assert [each.reason for each in caplog.records if hasattr(each, "reason")][0] == "it was used before"

    def test_in_another_browser_is_refused(self, client, saml, provider):
        answer, thief = provider.answer(ask(client)), Client()
        assert refused(post(thief, answer), thief)

    @pytest.mark.parametrize(
        "start",
        [
            '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
        ],
    )
    def test_with_entities_of_its_own_is_refused(self, client, saml, provider, start):
        written = start + provider.written(ask(client))
        assert refused(post(client, base64.b64encode(written.encode()).decode()), client)

    @pytest.mark.parametrize("nonsense", ["%%%", "x", "é", base64.b64encode(b"<a>").decode(), "AAAA" * 5])
    def test_that_is_none_is_refused(self, client, saml, nonsense):
        assert refused(post(client, nonsense), client)

    @pytest.mark.parametrize("sent", [{}, {"SAMLResponse": ""}, {"SAMLResponse": "x" * 200_001}])
    def test_that_is_missing_or_endless_is_not_put_aside(self, client, saml, sent):
        answer = client.post(reverse("saml_acs", args=["force-saml"]), sent)
        assert (answer.status_code, "saml-aside" in client.cookies) == (400, False)

    def test_without_anything_put_aside_there_is_a_sentence(self, client, saml):
        assert refused(client.get(reverse("saml_finish_acs", args=["force-saml"])), client)

    def test_of_one_organisation_is_none_for_another(self, client, saml, provider):
        other = organisation_with_domain("other", "other.example")
        saml_service(SamlProvider(), organisation=other, entity_id="https://identity.other.example/")
        answer = provider.answer(ask(client, service="other-saml"))
        aside = client.post(reverse("saml_acs", args=["other-saml"]), {"SAMLResponse": answer})
        assert refused(client.get(aside.url), client)


class TestTheDoor:
    def test_takes_a_post_from_elsewhere_but_nothing_else(self, saml):
        stranger = Client(enforce_csrf_checks=True)
        where = reverse("saml_acs", args=["force-saml"])
        answer = stranger.post(where, {"SAMLResponse": "x"}, headers={"origin": "https://identity.force.example"})
        assert answer.url == reverse("saml_finish_acs", args=["force-saml"])
        assert stranger.get(where).status_code == 405

    def test_puts_the_answer_aside_under_a_cookie_that_only_fetching_it_brings_back(self, client, saml):
        client.post(reverse("saml_acs", args=["force-saml"]), {"SAMLResponse": "x"})
        cookie = client.cookies["saml-aside"]
        assert (cookie["path"], cookie["samesite"]) == (reverse("saml_finish_acs", args=["force-saml"]), "Lax")
        assert cookie["httponly"]

    def test_is_shut_against_floods(self, client, saml, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"sign_on": "2/m/ip"}
        where = reverse("saml_acs", args=["force-saml"])
        assert [client.post(where, {"SAMLResponse": "x"}).status_code for _try in range(3)] == [302, 302, 409]


class TestWhatWeSay:
    def test_metadata_names_us_and_the_door_and_no_way_out_that_we_do_not_have(self, client, saml):
        page = client.get(reverse("saml_metadata", args=["force-saml"]))
        root = etree.fromstring(page.content)
        spaces = {"md": "urn:oasis:names:tc:SAML:2.0:metadata"}
        assert root.get("entityID") == OURS
        assert root.xpath("//md:AssertionConsumerService/@Location", namespaces=spaces) == [ACS]
        assert root.xpath("//md:SPSSODescriptor/@WantAssertionsSigned", namespaces=spaces) == ["true"]
        assert root.xpath("//md:SingleLogoutService", namespaces=spaces) == []
        assert root.xpath("//md:NameIDFormat/text()", namespaces=spaces) == [SAML.NAMEID_PERSISTENT]

    def test_our_question_names_us_and_asks_for_a_lasting_identifier(self, client, saml):
        asked = question(client)
        assert asked.get("AssertionConsumerServiceURL") == ACS
        assert asked.findtext("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer") == OURS
        wanted = asked.find("{urn:oasis:names:tc:SAML:2.0:protocol}NameIDPolicy")
        assert wanted.get("Format") == SAML.NAMEID_PERSISTENT

    def test_what_is_believed_does_not_depend_on_the_name_by_which_we_were_called(
        self, client, saml, provider, settings
    ):
        settings.ALLOWED_HOSTS = ["testserver", "bad.example"]
        answer = provider.answer(
            ask(client), recipient="http://bad.example/accounts/saml/force-saml/acs/", destination=ACS
        )
        first = client.post(
            reverse("saml_acs", args=["force-saml"]), {"SAMLResponse": answer}, headers={"host": "bad.example"}
        )
        assert refused(client.get(first.url, headers={"host": "bad.example"}), client)


def test_an_answer_is_remembered_until_it_would_have_run_out(client, saml, provider):
    answer = provider.answer(ask(client), assertion="_once")
    post(client, answer)
    assert caches["default"].get("saml:force-saml:_once") is True
    assert saml.entity_id == ENTITY
