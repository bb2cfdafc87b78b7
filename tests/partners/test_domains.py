"""Mail domains: which can be confirmed, what they do, and what an address leads to."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from partners import services
from partners.models import EmailDomain
from tests import factories
from tests.races import at_once

NO_DOMAIN = "Write a mail domain: what stands after the @, such as gmp.police.uk."
TODAY = timezone.localdate


def many(domain):
    return f"Many organisations have addresses below {domain}. Write the domain of this one alone."


def anybody(domain):
    return f"Anybody can have an address at {domain}, so it shows nothing about where they work."


def partner(kind="police_force", **fields):
    return factories.partner(factories.programme(), factories.organisation(kind, **fields))


def confirmed(domain, organisation=None, **more):
    return services.confirm_domain(organisation or partner(), domain, by=None, **more)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("gmp.police.uk", "gmp.police.uk"),
        (" @GMP.Police.UK. ", "gmp.police.uk"),
        ("gmp.pnn.police.uk", "gmp.pnn.police.uk"),
        ("nhs.net", "nhs.net"),
        ("heddlu-dé.cymru", "xn--heddlu-d-i1a.cymru"),
        ("leeds.ac.uk", "leeds.ac.uk"),
        ("police.hu", "police.hu"),
    ],
)
def test_a_domain_is_kept_in_lower_case_and_ascii(typed, kept):
    assert confirmed(typed).domain == kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", NO_DOMAIN),
        ("   ", NO_DOMAIN),
        ("uk", NO_DOMAIN),
        ("someone@gmp.police.uk", NO_DOMAIN),
        ("https://gmp.police.uk/", NO_DOMAIN),
        ("gmp police.uk", NO_DOMAIN),
        ("gmp..police.uk", NO_DOMAIN),
        ("-gmp.police.uk", NO_DOMAIN),
        ("127.0.0.1", NO_DOMAIN),
        ("gmp.police.uk\x00", NO_DOMAIN),
        ("\udcff.police.uk", NO_DOMAIN),
        ("a" * 64 + ".uk", NO_DOMAIN),
        (".".join(["abc"] * 70), NO_DOMAIN),
        ("police.uk", many("police.uk")),
        ("PNN.police.uk", many("pnn.police.uk")),
        ("ac.uk", many("ac.uk")),
        ("gov.uk", many("gov.uk")),
        ("nhs.uk", many("nhs.uk")),
        ("co.uk", many("co.uk")),
        ("gov.au", many("gov.au")),
        ("onmicrosoft.com", many("onmicrosoft.com")),
        ("gmail.com", anybody("gmail.com")),
        ("Outlook.com", anybody("outlook.com")),
        ("force.proton.me", anybody("force.proton.me")),
    ],
)
def test_what_no_one_body_owns_is_refused_with_a_sentence(typed, sentence):
    with pytest.raises(Refused) as refused:
        confirmed(typed)
    assert str(refused.value) == sentence
    assert not EmailDomain.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "domain", "admits"),
    [
        ("police_force", "gmp.police.uk", "at_once"),
        ("university", "leeds.ac.uk", "ask"),
        ("research_institute", "institute.example", "ask"),
        ("police_force", "gmp.cjsm.net", "ask"),
        ("police_force", "nhs.net", "ask"),
    ],
)
def test_a_domain_does_what_is_usual_where_nobody_chose(kind, domain, admits):
    made = confirmed(domain, partner(kind))
    assert (made.admits, made.subdomains_at_once) == (admits, False)


@pytest.mark.django_db
def test_a_domain_below_a_confirmed_one_asks_where_nobody_chose():
    body = partner()
    confirmed("force.example", body)
    assert confirmed("volunteers.force.example", body).admits == "ask"


@pytest.mark.django_db
@pytest.mark.parametrize("domain", ["cjsm.net", "gmp.police.uk.cjsm.net", "nhs.net", "trust.nhs.net"])
def test_a_shared_family_never_lets_in_at_once(domain):
    sentence = f"Many organisations share {domain}. It can ask the organisation’s leads, but let nobody in at once."
    with pytest.raises(Refused) as refused:
        confirmed(domain, admits="at_once")
    assert str(refused.value) == sentence
    made = confirmed(domain)
    with pytest.raises(Refused) as refused:
        services.change_domain(made, by=None, admits="at_once")
    assert str(refused.value) == sentence


@pytest.mark.django_db
class TestConfirming:
    def test_it_is_recorded_with_who_confirmed_it(self):
        run = factories.programme()
        body, by = factories.partner(run), factories.coordinator(run)
        made = services.confirm_domain(body, "gmp.police.uk", by=by)
        assert (made.organisation, made.confirmed_by) == (body, by)
        events = Event.objects.about(made).values_list("verb", "actor", "organisation_id", "to_state")
        assert list(events) == [("email_domain.confirmed", by.pk, body.pk, "at_once")]

    def test_only_a_coordinator_of_the_partner_s_programmes_does(self):
        body = partner()
        stranger, lead = factories.coordinator(factories.programme()), factories.member(body, role="lead")
        for user in (stranger, factories.with_second_factor(lead)):
            with pytest.raises(PermissionDenied):
                services.confirm_domain(body, "gmp.police.uk", by=user)

    def test_another_s_domain_is_refused_by_name(self):
        other = confirmed("gmp.police.uk").organisation
        with pytest.raises(Refused) as refused:
            confirmed("GMP.police.uk")
        assert str(refused.value) == f"This domain belongs to another organisation already: {other.name}."
        with pytest.raises(Refused, match="confirmed for this organisation already"):
            confirmed("gmp.police.uk", other)

    def test_once_taken_off_the_list_it_may_be_another_s(self):
        first = confirmed("gmp.police.uk")
        services.remove_domain(first, by=None, reason="It moved.")
        assert confirmed("gmp.police.uk").organisation != first.organisation

    def test_what_stands_below_lets_in_only_where_the_domain_does(self):
        with pytest.raises(Refused, match="only where the domain itself lets in"):
            confirmed("leeds.ac.uk", admits="ask", subdomains_at_once=True)

    def test_what_a_domain_does_can_be_changed_until_it_is_off_the_list(self):
        run = factories.programme()
        by = factories.coordinator(run)
        made = services.confirm_domain(factories.partner(run), "gmp.police.uk", by=by)
        changed = services.change_domain(made, by=by, admits="ask")
        assert changed.admits == "ask"
        event = Event.objects.get(verb="email_domain.changed")
        assert (event.actor, event.from_state, event.to_state) == (by, "at_once", "ask")
        services.remove_domain(made, by=by, reason="It moved.")
        with pytest.raises(Refused, match="off the list already"):
            services.change_domain(made, by=by, admits="at_once")


@pytest.mark.django_db
class TestWhatAnAddressLeadsTo:
    def test_the_longest_confirmed_domain_decides(self):
        university, unit = partner("university"), partner()
        confirmed("leeds.ac.uk", university)
        confirmed("unit.leeds.ac.uk", unit, admits="at_once")
        said = {
            address: (match.organisation, match.at_once) if (match := services.organisation_for(address)) else None
            for address in (
                "a@leeds.ac.uk",
                "a@law.leeds.ac.uk",
                "A@UNIT.Leeds.AC.UK",
                "a@x.unit.leeds.ac.uk",
                "a@notleeds.ac.uk",
                "a@ac.uk",
                "leeds.ac.uk",
                "@leeds.ac.uk",
                "",
            )
        }
        assert said == {
            "a@leeds.ac.uk": (university, False),
            "a@law.leeds.ac.uk": (university, False),
            "A@UNIT.Leeds.AC.UK": (unit, True),
            "a@x.unit.leeds.ac.uk": (unit, False),
            "a@notleeds.ac.uk": None,
            "a@ac.uk": None,
            "leeds.ac.uk": None,
            "@leeds.ac.uk": None,
            "": None,
        }

    def test_what_stands_below_a_domain_asks_unless_it_was_said_otherwise(self):
        made = confirmed("force.example")
        assert services.organisation_for("a@south.force.example").at_once is False
        services.change_domain(made, by=None, admits="at_once", subdomains_at_once=True)
        assert services.organisation_for("a@south.force.example").at_once is True

    def test_only_a_current_partner_s_domain_leads_anywhere(self):
        no_partner, left = factories.organisation(), partner()
        left.partnerships.update(ends_on=TODAY())
        to_come = partner(valid_from=TODAY() + timedelta(days=3))
        for n, body in enumerate((no_partner, left, to_come)):
            confirmed(f"force{n}.example", body)
            assert services.organisation_for(f"a@force{n}.example") is None

    def test_the_domain_of_a_past_organisation_leads_to_its_present_successor(self):
        heir = partner()
        middle = factories.organisation(successor=heir, valid_to=TODAY())
        body = partner(successor=middle)
        confirmed("office.example", body)
        type(body).objects.filter(pk=body.pk).update(valid_to=TODAY())
        match = services.organisation_for("a@office.example")
        assert (match.organisation, match.at_once) == (heir, True)
        heir.partnerships.update(ends_on=TODAY())
        assert services.organisation_for("a@office.example") is None

    def test_it_takes_one_query_however_many_domains_there_are(self):
        confirmed("force.example")
        for n in range(30):
            confirmed(f"force{n}.example")
        with CaptureQueriesContext(connection) as queries:
            services.organisation_for("a@b.c.force.example")
        assert len(queries) == 1

    def test_an_address_in_other_letters_is_matched_as_mail_is_sent(self):
        body = confirmed("müller.example").organisation
        assert services.organisation_for("a@MÜLLER.example").organisation == body
        assert services.organisation_for("a@xn--mller-kva.example").organisation == body


@pytest.mark.django_db(transaction=True)
def test_of_two_organisations_that_claim_one_domain_at_once_one_gets_it():
    first, second = partner(), partner()
    results = at_once(
        lambda: services.confirm_domain(first, "gmp.police.uk", by=None),
        lambda: services.confirm_domain(second, "gmp.police.uk", by=None),
    )
    assert sorted(type(each).__name__ for each in results) == ["EmailDomain", "Refused"]
