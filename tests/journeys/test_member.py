"""A partner's member joins, proposes and is asked; a reader books a place. Each letter is really sent and followed."""

import pytest

from collaborative.accounts.models import User
from tests import factories as make
from tests.accounts.ways import CODE
from tests.journeys.conftest import DESK, link_in, sign_in
from tests.smtp_sink import plain
from training.models import Booking

LONG = "Two or three plain sentences that say what is meant. " * 3


@pytest.fixture
def programme(transactional_db):
    """Make a programme with a coordinator, two partners with a member each, and what a proposal needs."""
    run = make.programme(name="Northern Programme", short_name="NP")
    make.theme(name="Rural crime")
    make.term("project_kind", "evaluation")
    return run


def main(page):
    """Return the page's own part, without header and footer."""
    return page.get_by_role("main")


def press(page, name):
    """Press a button of the page's own part."""
    main(page).get_by_role("button", name=name).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_member_proposes_another_asks_to_join_and_the_lead_answers(programme, page_at, axe, post, scripts):
    coordinator = make.coordinator(programme)
    officer = make.member(make.partner(programme), user=make.person(name="Ann Officer"))
    university = make.partner(programme, make.organisation("university"))
    scholar = make.member(university, user=make.person(name="Sam Scholar"))

    page = page_at(DESK, java_script_enabled=scripts)
    sign_in(page, officer)
    assert page.url.endswith("/me/")
    main(page).get_by_role("link", name="Propose a project").first.click()
    page.get_by_label("Title").fill("Fewer thefts of farm machinery")
    press(page, "Save as draft")
    page.goto("/me/")
    main(page).get_by_role("link", name="Carry on").first.click()
    assert page.get_by_label("Title").input_value() == "Fewer thefts of farm machinery"

    page.get_by_label("Summary").fill(LONG)
    press(page, "Send to the programme")
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert page.title().startswith("Error:")
    assert page.get_by_label("Summary").input_value() == LONG
    assert page.locator(".govuk-form-group--error").count() >= 3
    if scripts:
        assert axe(page) == []
    for label in ("The problem", "The approach", "The benefit to policing"):
        page.get_by_label(label).fill(LONG)
    page.get_by_label("Kind of work").select_option(label="Evaluation")
    page.get_by_label("Rural crime").check()
    press(page, "Send to the programme")
    assert main(page).get_by_text("Proposed").first.is_visible()
    address = page.url
    page.goto("/me/")
    assert main(page).get_by_role("link", name="Fewer thefts of farm machinery").first.is_visible()

    [told] = post(coordinator.email)
    assert told["Subject"] == "New proposal: Fewer thefts of farm machinery"
    assert address.endswith(link_in(told))

    other = page_at(DESK, java_script_enabled=scripts)
    sign_in(other, scholar)
    other.goto("/search/?q=machinery")
    main(other).get_by_role("link", name="Fewer thefts of farm machinery").click()
    main(other).get_by_role("link", name="Ask to join").click()
    other.get_by_label("Your message to the leads").fill("We have data on thefts from 2019 to 2025.")
    press(other, "Send your request")
    assert main(other).get_by_text("The leads have not answered yet.").is_visible()

    [asked] = post(officer.email)
    assert asked["Subject"] == "Someone asks to join: Fewer thefts of farm machinery"
    assert "We have data on thefts from 2019 to 2025." in plain(asked)
    page.goto(link_in(asked))
    page.get_by_label("Accept: they join the team").check()
    page.get_by_label("Your message").fill("Welcome. Let us meet on Monday.")
    press(page, "Send the answer")

    [answered] = post(scholar.email)
    assert answered["Subject"] == "You are on the project: Fewer thefts of farm machinery"
    assert "Welcome. Let us meet on Monday." in plain(answered)
    other.goto(link_in(answered))
    assert main(other).get_by_text("Welcome. Let us meet on Monday.").is_visible()
    other.goto(address)
    assert main(other).get_by_text("Sam Scholar").first.is_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_anyone_with_an_account_books_the_last_place_and_gives_it_back(programme, page_at, axe, post, scripts):
    event = make.event(programme, title="A day on rural crime", places=1, place="Town Hall")
    first, second = make.person(name="Rae Reader"), make.person(name="Lee Later")
    page = page_at(DESK, java_script_enabled=scripts)
    page.goto("/training/")
    main(page).get_by_role("link", name="A day on rural crime").click()
    main(page).get_by_role("link", name="Sign in to book").click()
    page.get_by_label("E-mail address").fill(first.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    press(page, "Sign in")
    assert page.url.endswith(event.get_absolute_url())
    press(page, "Book a place")
    assert main(page).get_by_text("Confirmed").first.is_visible()
    calendar = page.request.get(main(page).get_by_role("link", name="calendar").first.get_attribute("href"))
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:A day on rural crime" in calendar.text()
    if scripts:
        assert axe(page) == []
    [booked] = post(first.email)
    assert booked["Subject"] == "Booked: A day on rural crime"

    late = page_at(DESK, java_script_enabled=scripts)
    sign_in(late, second)
    late.goto(event.get_absolute_url())
    press(late, "Join the waiting list")
    assert Booking.objects.get(user=second).state == "waitlisted"
    press(page, "Cancel my booking")
    assert main(page).get_by_role("button", name="Book a place").count() == 0
    late.goto("/me/")
    assert main(late).get_by_text("Confirmed").is_visible()

    assert [mail["Subject"] for mail in post(first.email)][1:] == ["Booking cancelled: A day on rural crime"]
    [given] = post(second.email)
    assert given["Subject"] == "You have a place now: A day on rural crime"
    assert link_in(given) == event.get_absolute_url()


def test_someone_joins_with_a_code_by_mail_and_later_chooses_a_new_password(programme, page_at, axe, post):
    page = page_at(DESK)
    page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill("Nia Newcomer")
    page.get_by_label("E-mail address").fill("nia@people.example")
    page.get_by_label("Password").fill("short")
    press(page, "Join")
    assert page.get_by_label("Your name").input_value() == "Nia Newcomer"
    assert axe(page) == []
    page.get_by_label("Password").fill("seven grey herons wading slowly")
    press(page, "Join")
    assert axe(page) == []
    page.get_by_label("Code").fill(code(post("nia@people.example")[-1]))
    main(page).get_by_role("button").first.click()
    page.wait_for_url("**/me/")
    assert User.objects.get(email="nia@people.example").name == "Nia Newcomer"

    forgetful = page_at(DESK)
    forgetful.goto("/accounts/login/")
    forgetful.get_by_role("link", name="Forgotten your password?").click()
    forgetful.get_by_label("E-mail address").fill("nia@people.example")
    press(forgetful, "Send the code")
    assert axe(forgetful) == []
    forgetful.get_by_label("Code").fill(code(post("nia@people.example")[-1]))
    main(forgetful).get_by_role("button").first.click()
    assert axe(forgetful) == []
    forgetful.get_by_label("password").first.fill("nine brown otters swimming home")
    main(forgetful).get_by_role("button").first.click()
    sign_in(page_at(DESK), User.objects.get(), "nine brown otters swimming home")


def code(mail):
    """Return the code that a mail carries."""
    return CODE.search(plain(mail))[1]
