"""The ways into an organisation, as people walk them: by a work address, by asking its leads, by asking to join."""

import re

import pytest

from collaborative.accounts.models import User
from partners import services
from partners.rights import rights_of
from tests import factories
from tests.journeys.conftest import DESK, PHONE, link_in
from tests.smtp_sink import plain

pytestmark = pytest.mark.django_db(transaction=True)
CODE = re.compile(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", re.MULTILINE)


def main(page):
    return page.get_by_role("main")


def press(page, name):
    main(page).get_by_role("button", name=name).click()


@pytest.fixture
def force():
    return factories.partner(factories.programme(), factories.organisation(name="Northmoor Police"))


@pytest.fixture
def lead(force):
    return factories.with_second_factor(factories.member(force, role="lead"))


def join(page, post, name, email):
    """Sign up with an address and confirm it with the code from the mail."""
    page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("seven grey herons wading slowly")
    press(page, "Join")
    page.get_by_label("Code").fill(CODE.search(plain(post(email)[-1]))[1])
    main(page).get_by_role("button").first.click()
    page.wait_for_url("**/me/")
    return User.objects.get(email=email)


def test_an_address_on_an_at_once_domain_makes_a_member(force, lead, page_at, post, axe):
    services.confirm_domain(force, "northmoor.example", by=None)
    page = page_at(PHONE)
    user = join(page, post, "Nia Newcomer", "nia@northmoor.example")
    told = "You are now a member of Northmoor Police: your mail address belongs to it."
    assert page.get_by_text(told).count() == 1
    assert rights_of(user).organisations == {force.pk}
    subjects = [mail["Subject"] for mail in post("nia@northmoor.example")]
    assert subjects[-1] == "You are a member of Northmoor Police"
    page.get_by_role("link", name="My organisations").click()
    assert page.get_by_text("Your address at northmoor.example let you in.").is_visible()
    assert axe(page) == []


def test_an_address_on_an_asking_domain_asks_and_a_lead_lets_in(force, lead, page_at, signed_in, post, axe):
    services.confirm_domain(force, "northmoor.example", by=None, admits="ask")
    page = page_at(DESK)
    user = join(page, post, "Nia Newcomer", "nia@northmoor.example")
    told = "Your mail address belongs to Northmoor Police. Its leads are asked to let you in."
    assert page.get_by_text(told).count() == 1
    assert rights_of(user).organisations == frozenset()

    [asked] = post(lead.email)
    assert asked["Subject"] == "Nia Newcomer asks to be let into Northmoor Police"
    leads = signed_in(page_at(PHONE), lead)
    leads.goto(link_in(asked))
    assert axe(leads) == []
    press(leads, "Send the answer")
    assert axe(leads) == []
    leads.get_by_label("Let them in as a member").check()
    leads.get_by_label("Job title").fill("Analyst")
    leads.get_by_label("Your message").fill("Welcome, Nia.")
    press(leads, "Send the answer")
    assert leads.get_by_role("heading", name="Nia Newcomer").is_visible()
    assert axe(leads) == []

    answer = post("nia@northmoor.example")[-1]
    assert answer["Subject"] == "You are let in: Northmoor Police"
    page.goto(link_in(answer))
    assert page.get_by_text("Welcome, Nia.").is_visible()
    assert rights_of(user).organisations == {force.pk}


def test_somebody_asks_to_join_takes_it_back_asks_again_and_is_declined(force, lead, page_at, signed_in, post, axe):
    user = factories.person(name="Rob Reader")
    page = signed_in(page_at(PHONE), user)
    page.goto(force.get_absolute_url())
    page.get_by_role("link", name="Ask to be let in").click()
    assert axe(page) == []
    press(page, "Send your request")
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert axe(page) == []
    page.get_by_label("Job title").fill("Special constable")
    page.get_by_label("Your message").fill("I volunteer on Fridays.")
    press(page, "Send your request")
    assert axe(page) == []
    press(page, "Take the request back")
    page.goto(force.get_absolute_url())
    page.get_by_role("link", name="Ask to be let in").click()
    page.get_by_label("Job title").fill("Special constable")
    page.get_by_label("Your message").fill("I volunteer on Fridays.")
    press(page, "Send your request")

    leads = signed_in(page_at(DESK), lead)
    leads.goto("/me/")
    main(leads).get_by_role("link", name="Answer Rob Reader asks to be let in").click()
    leads.get_by_label("Decline").check()
    leads.get_by_label("Your message").fill("Ask with your police address, please.")
    press(leads, "Send the answer")

    [declined] = [mail for mail in post(user.email) if mail["Subject"] == "Not let in: Northmoor Police"]
    page.goto(link_in(declined))
    assert page.get_by_text("Ask with your police address, please.").is_visible()
    assert rights_of(user).organisations == frozenset()
