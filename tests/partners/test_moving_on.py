"""Somebody gives up the mail address that let them in."""

import pytest
from allauth.account.models import EmailAddress

from collaborative.notifications.models import Letter
from partners.models import EmailDomain, Membership, MembershipRequest
from partners.rights import rights_of
from partners.services import address_given_up, admit
from tests import factories as make
from tests.accounts.ways import code_in, prove, sign_in

pytestmark = pytest.mark.django_db


def let_in(domain="force.example", **more):
    """Let somebody in by their address at a domain; return the organisation and the person."""
    body = make.partner(make.programme())
    EmailDomain.objects.create(organisation=body, domain=domain, admits="at_once")
    person = make.person(email=f"p{make.number()}@{domain}")
    admit(person)
    assert rights_of(person).organisations == {body.pk}
    return body, person


def changed(person, email):
    """Give a person another verified address in place of theirs, as the account's page does."""
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)


def test_the_place_ends_and_the_leads_are_asked_again():
    body, person = let_in()
    lead = make.member(body, role="lead")
    changed(person, "me@mailbox.example")
    (request,) = address_given_up(person)
    assert rights_of(person).organisations == frozenset()
    assert (request.user, request.organisation, request.state) == (person, body, "pending")
    told = Letter.objects.filter(recipient=lead, channel="mail", key="membership_request.made")
    assert told.count() == 1
    assert address_given_up(person) == []
    assert admit(person).memberships == []


def test_another_address_of_the_organisation_keeps_the_place():
    body, person = let_in()
    other = EmailDomain.objects.create(organisation=body, domain="other.example", admits="at_once")
    changed(person, "me@other.example")
    assert address_given_up(person) == []
    place = Membership.objects.current().get(user=person)
    assert place.admitted_by == other


def test_a_new_address_below_the_same_domain_keeps_the_place():
    _body, person = let_in()
    changed(person, "me@north.force.example")
    assert address_given_up(person) == []
    assert Membership.objects.current().filter(user=person).count() == 1


def test_who_was_let_in_by_somebody_or_leads_stays():
    body, lead = let_in()
    Membership.objects.filter(user=lead).update(role="lead")
    known = make.member(body)
    for person in (lead, known):
        changed(person, f"p{person.pk}@mailbox.example")
        assert address_given_up(person) == []
        assert Membership.objects.current().filter(user=person).count() == 1
    assert not MembershipRequest.objects.exists()


def test_changing_the_address_on_the_account_does_it_and_keeps_this_browser(client, mailoutbox):
    body, person = let_in()
    sign_in(client, person.email)
    prove(client, "/accounts/email/")
    client.post("/accounts/email/", {"action_add": "", "email": "me@mailbox.example"})
    client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[-1])})
    assert rights_of(type(person).objects.get(pk=person.pk)).organisations == frozenset()
    page = client.get("/me/")
    assert page.status_code == 200
    assert f"Your former address let you into {body}" in page.content.decode()
