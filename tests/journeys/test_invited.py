"""A lead invites a colleague who has no account, while joining is closed: letter, link, account, code, yes, project."""

import pytest

from partners.models import Invitation, Membership
from tests import factories as make
from tests.accounts.ways import CODE
from tests.journeys.conftest import DESK, PHONE, link_in
from tests.smtp_sink import plain

COLLEAGUE = "asha.verne@force.example"


def main(page):
    """Return the page's own part, without header and footer."""
    return page.get_by_role("main")


def press(page, name):
    """Press a button of the page's own part."""
    main(page).get_by_role("button", name=name).click()


@pytest.fixture
def project(transactional_db, settings):
    """Make a proposal that only members see, a lead of its organisation, and close joining."""
    settings.SIGNUP_OPEN = False
    programme = make.programme(name="Northern Programme", short_name="NP")
    force = make.partner(programme, make.organisation(name="Northern Force"))
    lead = make.with_second_factor(make.member(force, role="lead", user=make.person(name="Lea Lead")))
    return make.project(
        programme, stage="proposed", title="Fewer thefts of farm machinery", lead_organisation=force
    ), lead


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_lead_invites_a_colleague_who_joins_accepts_and_lands_on_the_project(
    project, page_at, signed_in, axe, post, scripts, width
):
    project, lead = project
    page = signed_in(page_at(width, java_script_enabled=scripts), lead)
    page.goto(project.get_absolute_url())
    main(page).get_by_role("link", name="Invite to Northern Force").click()
    assert main(page).get_by_text("Once they are in, they land on: Fewer thefts of farm machinery").is_visible()
    page.get_by_label("E-mail addresses").fill(f"{lead.email}\nasha@")
    page.get_by_label("Your message").fill("Come and help us.")
    press(page, "Send the invitations")
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert page.get_by_label("Your message").input_value() == "Come and help us."
    if scripts:
        assert axe(page) == []
    page.get_by_label("E-mail addresses").fill(f"Asha Verne <{COLLEAGUE}>")
    press(page, "Send the invitations")
    assert page.get_by_text("1 invitation is on its way.").first.is_visible()

    [letter] = post(COLLEAGUE)
    assert "Come and help us." in plain(letter)
    assert "Fewer thefts" not in plain(letter)
    colleague = page_at(width, java_script_enabled=scripts)
    colleague.goto("/accounts/signup/")
    assert colleague.get_by_role("heading", name="Joining is closed").is_visible()
    colleague.goto(link_in(letter))
    assert colleague.get_by_role("heading", name="Invitation to join Northern Force").is_visible()
    if scripts:
        assert axe(colleague) == []
    press(colleague, "Make an account")
    assert colleague.get_by_label("E-mail address").input_value() == COLLEAGUE
    colleague.get_by_label("Your name").fill("Asha Verne")
    colleague.get_by_label("Password").fill("seven grey herons wading slowly")
    press(colleague, "Join")
    colleague.get_by_label("Code").fill(CODE.search(plain(post(COLLEAGUE)[-1]))[1])
    main(colleague).get_by_role("button").first.click()
    colleague.wait_for_url(f"**{link_in(letter)}")
    if scripts:
        assert axe(colleague) == []
    press(colleague, "Accept")
    colleague.wait_for_url(f"**{project.get_absolute_url()}")
    assert colleague.get_by_text("Welcome: you take part for Northern Force now.").is_visible()
    assert colleague.get_by_role("heading", name="Fewer thefts of farm machinery").first.is_visible()
    assert Membership.objects.get(user__email=COLLEAGUE).organisation == project.lead_organisation

    assert "Invitation accepted: Northern Force" in [mail["Subject"] for mail in post(lead.email)]
    page.goto(f"/partners/{project.lead_organisation.slug}/invitations/")
    assert main(page).get_by_text("Accepted").is_visible()
    if scripts:
        assert axe(page) == []


def test_somebody_says_no_without_an_account_and_is_not_asked_again(project, page_at, signed_in, axe, post):
    project, lead = project
    page = signed_in(page_at(DESK), lead)
    where = f"/partners/{project.lead_organisation.slug}/invite/"
    page.goto(where)
    page.get_by_label("E-mail addresses").fill(COLLEAGUE)
    press(page, "Send the invitations")
    [letter] = post(COLLEAGUE)
    colleague = page_at(PHONE)
    colleague.goto(link_in(letter))
    press(colleague, "No, thank you")
    assert colleague.get_by_text("You said no, and whoever invited you will hear it.").is_visible()
    assert Invitation.objects.get().state == "declined"
    colleague.goto(link_in(letter))
    assert colleague.get_by_role("heading", name="This invitation no longer holds").is_visible()
    assert axe(colleague) == []
    assert "Invitation declined: Northern Force" in [mail["Subject"] for mail in post(lead.email)]
    page.goto(where)
    page.get_by_label("E-mail addresses").fill(COLLEAGUE)
    press(page, "Send the invitations")
    assert main(page).get_by_text("They can still ask to join by themselves.").first.is_visible()
