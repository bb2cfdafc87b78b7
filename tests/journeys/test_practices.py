"""A member tells how it is done, a coordinator publishes it, and another partner says what came of it elsewhere."""

import pytest

from evidence.models import Sheet, Tried
from evidence.services import practices as services
from tests.evidence import sheets
from tests.journeys.conftest import DESK, PHONE, link_in, sign_in


def main(page):
    """Return the page's own part, without header and footer."""
    return page.get_by_role("main")


def press(page, name):
    """Press a button of the page's own part."""
    main(page).get_by_role("button", name=name, exact=True).click()


def fits(page):
    """Say whether nothing sticks out sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_practice_is_written_published_and_tried_elsewhere(transactional_db, page_at, axe, post, scripts):
    here = sheets.world()
    page = page_at(DESK, java_script_enabled=scripts)
    sign_in(page, here.writer)
    page.goto("/evidence/practices/")
    main(page).get_by_role("link", name="Write a practice sheet").click()
    page.get_by_label("Title").fill("Walking the night bus home")
    press(page, "Save as draft")
    press(page, "Send it in")
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert main(page).get_by_role("link", name="Say why it is done.").is_visible()
    page.get_by_label("In short").fill("Officers ride the last bus twice a week.")
    page.get_by_label(here.theme.name).check()
    page.get_by_label("Why", exact=False).first.fill("Fewer calls from drivers.")
    page.get_by_label("Conditions").fill("The bus company agrees.")
    first = page.get_by_role("group", name="Example 1")
    first.get_by_label("What was done").fill("Two lines were ridden.")
    first.get_by_label("Place").fill("Lowick")
    first.get_by_label("Source", exact=False).first.fill("Our own figures")
    page.get_by_role("group", name="Mode 1").get_by_label("How").fill("One team for it.")
    page.get_by_label(here.stage.label).check()
    page.get_by_label("Contact").fill("Roads team, roads@force.example")
    if scripts:
        assert axe(page) == []
    press(page, "Save and add another example")
    assert page.get_by_role("group", name="Example 2").is_visible()
    press(page, "Send it in")
    assert main(page).get_by_text("it waits for a coordinator").is_visible()
    sheet = Sheet.objects.get()
    [told] = post(here.coordinator.email)
    assert told["Subject"] == "New practice sheet: Walking the night bus home"
    assert sheet.get_absolute_url() == link_in(told)
    services.publish(sheet, by=here.coordinator)

    other = page_at(PHONE, java_script_enabled=scripts)
    sign_in(other, here.scholar)
    other.goto("/search/?q=bus")
    main(other).get_by_role("link", name="Walking the night bus home").click()
    assert fits(other)
    main(other).get_by_role("link", name="We tried this").click()
    assert main(other).get_by_text("Everyone can read this").is_visible()
    other.get_by_label("Where did you try it?").fill("Harrow")
    other.get_by_label("It worked in part").check()
    other.get_by_label("What happened?").fill("Only on weekdays.")
    press(other, "Post it for everyone to read")
    assert main(other).get_by_text("It worked in part for 1").first.is_visible()
    if scripts:
        assert axe(other) == []
    assert Tried.objects.get().organisation == here.university
    [heard] = [mail for mail in post(here.writer.email) if mail["Subject"].startswith("Somebody tried it")]
    assert link_in(heard).startswith(sheet.get_absolute_url())

    visitor = page_at(DESK, java_script_enabled=scripts)
    visitor.goto(sheet.get_absolute_url())
    assert main(visitor).get_by_text("Only on weekdays.").is_visible()
