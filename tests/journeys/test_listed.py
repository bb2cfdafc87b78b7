"""Somebody lets others know what they know, is found for it, and takes it back."""

import pytest

from tests import factories as make
from tests.journeys.conftest import DESK, PHONE
from tests.people.pictures import SVG, picture


@pytest.fixture
def ann(transactional_db):
    """Make staff of a partner."""
    make.term("method", "interviews")
    make.term("offer", "advice")
    body = make.partner(make.programme(), make.organisation(name="Kent Police"))
    return make.member(body, user=make.person(name="Ann Example"), title="Analyst")


def main(page):
    """Return the page's own part, without header and footer."""
    return page.get_by_role("main")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_member_is_found_for_what_they_know_until_they_say_nobody(ann, page_at, signed_in, axe, scripts):
    make.profile(words=["County lines"])
    page = signed_in(page_at(PHONE, java_script_enabled=scripts), ann)
    page.goto("/me/")
    main(page).get_by_role("link", name="Your profile").click()
    assert page.get_by_label("Nobody: you alone see it").is_checked()
    assert page.locator("#words-of-others option").get_attribute("value") == "County lines"

    page.get_by_label("Everyone on the web").check()
    page.get_by_label("What do you know well?").fill("Network analysis, maps")
    page.get_by_label("Add a word that others use").fill("county lines")
    page.get_by_label("Interviews").check()
    page.get_by_label("Advice").check()
    page.get_by_label("ORCID").fill("0000-0002-1825-0098")
    page.get_by_label("Picture").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": SVG})
    main(page).get_by_role("button", name="Save").click()
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    for told in (
        "its last digit does not fit the others",
        "This file is not a picture of the kinds PNG, JPEG or WebP.",
    ):
        assert main(page).get_by_text(told).first.is_visible()
    assert page.get_by_label("What do you know well?").input_value() == "Network analysis, maps"
    if scripts:
        assert axe(page) == []

    page.get_by_label("ORCID").fill("0000-0002-1825-0097")
    page.get_by_label("Picture").set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": picture()})
    main(page).get_by_role("button", name="Save").click()
    assert page.url.endswith("/people/ann-example/")
    assert main(page).get_by_text("This is how others see you").is_visible()
    assert page.locator("img.face").evaluate("image => image.naturalWidth") == 200
    if scripts:
        assert axe(page) == []

    visitor = page_at(DESK, java_script_enabled=scripts)
    visitor.goto("/partners/")
    main(visitor).get_by_role("link", name="Find people by what they know").click()
    visitor.get_by_role("searchbox").fill("networks interviewing")
    visitor.get_by_role("button", name="Search").last.click()
    reason = visitor.get_by_role("list", name="Why shown")
    assert reason.inner_text().split("\n") == ["Knows: Network analysis", "Method: Interviews"]
    if scripts:
        assert axe(visitor) == []
    visitor.get_by_role("link", name="Ann Example").click()
    assert main(visitor).get_by_text("Analyst, Kent Police").is_visible()

    page.goto("/me/profile/")
    page.get_by_label("Nobody: you alone see it").check()
    main(page).get_by_role("button", name="Save").click()
    assert main(page).get_by_text("Only you see this page").is_visible()
    assert visitor.goto("/people/ann-example/").status == 404
    assert visitor.goto("/people/ann-example/picture/").status == 404
    visitor.goto("/people/?q=network")
    assert visitor.get_by_role("link", name="Ann Example").count() == 0
