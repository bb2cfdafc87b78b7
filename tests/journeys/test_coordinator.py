"""A coordinator enters by two factors, sees what waits, decides with a reason and publishes; for one programme only."""

import pytest

from evidence.states import VersionState
from projects.models import ProjectPerson
from projects.states import Stage
from tests import factories as make
from tests.accounts.ways import app_code, with_app
from tests.evidence.texts import PLAIN, whole
from tests.journeys.conftest import DESK, link_in, sign_in
from tests.smtp_sink import plain


@pytest.fixture
def programme(transactional_db):
    """Make the coordinator's programme."""
    return make.programme(name="Northern Programme", short_name="NP")


def proposal(programme, title):
    """Make a proposal that waits, sent by a police lead; return it and its lead."""
    force = make.partner(programme)
    lead = make.member(force, user=make.person(name="Ann Officer"))
    part = ProjectPerson.Part.POLICE_LEAD
    sent = make.project(
        programme,
        title=title,
        stage=Stage.PROPOSED,
        lead_organisation=force,
        leads=[(lead, force, part)],
        listed_at=None,
    )
    return sent, lead


def press(page, name):
    """Press a button of the page's own part."""
    page.get_by_role("main").get_by_role("button", name=name).click()


def test_without_a_second_factor_the_workshop_asks_to_set_one_up(programme, page_at, axe):
    coordinator = make.coordinator(programme)
    page = page_at(DESK)
    sign_in(page, coordinator)
    page.goto("/admin/")
    assert page.get_by_role("heading", level=1).inner_text() == "Set up a second factor first"
    page.get_by_role("link", name="Set up an authenticator app").click()
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(make.PASSWORD)
        press(page, "Go on")
    assert axe(page) == []
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("Code").fill("000000")
    press(page, "Turn on")
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert page.locator("code.secret").inner_text() == secret
    page.get_by_label("Code").fill(app_code(secret))
    press(page, "Turn on")
    page.goto("/admin/")
    assert page.get_by_role("heading", level=1).inner_text() == "Coordinators’ workshop"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_coordinator_decides_on_a_proposal_with_a_reason_and_its_lead_is_told(programme, page_at, axe, post, scripts):
    coordinator = make.coordinator(programme)
    secret = with_app(coordinator)
    project, lead = proposal(programme, "Fewer thefts of farm machinery")
    elsewhere, _lead = proposal(make.programme(), "Another programme's idea")

    page = page_at(DESK, java_script_enabled=scripts)
    sign_in(page, coordinator)
    if scripts:
        assert axe(page) == []
    page.get_by_label("Code").fill(app_code(secret))
    press(page, "Sign in")
    page.goto("/admin/")
    page.get_by_role("link", name="1 proposal waits for a decision").click()
    page.get_by_role("link", name="Fewer thefts of farm machinery").click()
    page.get_by_role("link", name="Decide").click()
    press(page, "Decide and tell them")
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    page.get_by_label("Shortlist").check()
    page.get_by_label("Reason").fill("It fits what the farms' forum asked for.")
    if scripts:
        assert axe(page) == []
    press(page, "Decide and tell them")
    project.refresh_from_db()
    assert project.stage == Stage.SHORTLISTED

    page.goto("/admin/projects/project/")
    assert page.get_by_role("link", name="Fewer thefts of farm machinery").count() == 1
    assert page.get_by_text("Another programme's idea").count() == 0
    assert page.goto(f"/admin/projects/project/{elsewhere.pk}/decide/").status == 404
    assert page.goto(elsewhere.get_absolute_url()).status == 404

    [told] = post(lead.email)
    assert told["Subject"] == "Shortlisted: Fewer thefts of farm machinery"
    assert "It fits what the farms' forum asked for." in plain(told)
    assert link_in(told) == project.get_absolute_url()


def test_a_coordinator_publishes_a_review_that_the_public_then_reads(programme, page_at, signed_in, axe):
    coordinator = make.with_second_factor(make.coordinator(programme))
    review = make.review(programme, title="What stops farm thefts", state=VersionState.DRAFTING)
    version = whole(review.versions.get(), plain_summary="")
    visitor = page_at(DESK)
    assert visitor.goto(review.get_absolute_url()).status == 404

    def act(label, reason=""):
        page.goto(f"/admin/evidence/version/{version.pk}/act/")
        page.get_by_label(label).check()
        if reason:
            page.get_by_role("textbox", name="Reason").fill(reason)
        press(page, "Do this")

    page = signed_in(page_at(DESK), coordinator)
    page.goto(f"/admin/evidence/version/{version.pk}/change/")
    page.get_by_role("link", name="What happens next").click()
    assert axe(page) == []
    assert page.get_by_text("Write the plain-language summary.").is_visible()
    page.goto(f"/admin/evidence/version/{version.pk}/change/")
    page.get_by_label("Plain-language summary:").fill(PLAIN)
    page.get_by_role("button", name="Save", exact=True).click()
    act("Send it to peer review")
    act("Approve it although reviews are missing", reason="Both reviewers fell ill.")
    act("Publish it at once")
    assert visitor.goto(review.get_absolute_url()).status == 200
    assert visitor.get_by_role("heading", level=1).inner_text() == "What stops farm thefts"
    visitor.goto("/evidence/?q=farm")
    assert visitor.get_by_role("link", name="What stops farm thefts").is_visible()
