"""An author writes a review at their desk while another does; one's session ends over night, and nothing is lost."""

import os
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session

from evidence.models import Version
from tests import factories as make
from tests.evidence.texts import whole
from tests.journeys.conftest import DESK, PHONE


@pytest.fixture
def version(transactional_db):
    """Make a review that is being written."""
    return whole(make.review(state="drafting", title="Staying longer").versions.get())


def press(page, name):
    """Press a button of the page's own part."""
    page.get_by_role("main").get_by_role("button", name=name).click()


def look(page, axe, name):
    """Check that a page has no fault for axe and does not scroll sideways."""
    if os.environ.get("PICTURES"):
        page.screenshot(path=Path(os.environ["PICTURES"]) / f"{name}.png", full_page=True)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_write_one_section_and_one_is_signed_out_over_night(version, page_at, signed_in, axe, scripts):
    author = make.author(version.review, make.person(name="Ada Harper"))
    other = make.author(version.review)
    page = signed_in(page_at(DESK, java_script_enabled=scripts), author)
    page.goto("/evidence/desk/")
    page.get_by_role("link", name="Staying longer").first.click()
    page.get_by_role("main").get_by_role("link", name="Write", exact=True).click()
    page.get_by_role("link", name="Sections").click()
    page.get_by_role("link", name="Staying", exact=True).click()
    beside = signed_in(page_at(PHONE, java_script_enabled=scripts), other)
    beside.goto(page.url)
    page.get_by_role("textbox", name="Text").fill("Officers stayed.\n\n<b>Longer</b> [@low-2021].")
    press(page, "Show how it will read")
    assert page.get_by_text("This is not saved yet.").is_visible()
    press(page, "Save")
    assert page.get_by_text("Line 3: HTML is shown as it is typed").is_visible()
    beside.get_by_role("textbox", name="Text").fill("Officers left.\n\nSooner.")
    press(beside, "Save")
    assert beside.get_by_role("heading", name="Somebody else saved this part while you wrote").is_visible()
    assert beside.get_by_role("textbox", name="Text").input_value() == "Officers left.\n\nSooner."
    if scripts:
        look(beside, axe, "conflict-390")
    press(beside, "Save mine in place of theirs")
    assert version.sections.get().body == "Officers left.\n\nSooner."
    page.goto(f"{version.review.get_desk_url()}write/text/")
    page.get_by_label("Background").fill("Typed all night.")
    Session.objects.all().delete()
    press(page, "Save")
    page.get_by_role("link", name="Sign in and go on").click()
    page.get_by_label("E-mail address").fill(author.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    press(page, "Sign in")
    assert page.get_by_label("Background").input_value() == "Typed all night."
    if scripts:
        look(page, axe, "left-open-1280")
    press(page, "Send it now")
    assert page.get_by_text("Saved.").is_visible()
    assert Version.objects.get(pk=version.pk).background == "Typed all night."


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_desk_and_the_pages_of_writing_are_accessible(version, page_at, signed_in, axe, width):
    page = signed_in(page_at(width), make.author(version.review))
    below = version.review.get_desk_url()
    places = (
        "",
        "write/",
        "write/text/",
        "write/authors/",
        "write/findings/",
        "write/sections/",
        "write/references/new/",
    )
    for place in ("/evidence/desk/", *(f"{below}{each}" for each in places), f"{below}write/references/new/"):
        page.goto(place)
        look(page, axe, f"{place.strip('/').replace('/', '-')}-{width}")
    page.goto(f"{below}write/authors/")
    page.get_by_label("ORCID").first.fill("1")
    press(page, "Save and add another")
    look(page, axe, f"authors-wrong-{width}")
