"""Names while somebody types: chosen by the keys alone, put away with Escape, and searched for."""

import pytest

from tests.journeys.conftest import DESK, PHONE

LABEL = "Search evidence, projects and training"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_name_is_chosen_by_keys_put_away_and_taken(visit_at, axe, width):
    page = visit_at(width)
    page.goto("/")
    box = page.get_by_role("main").get_by_label(LABEL).first
    box.press_sequentially("polici")
    names = page.get_by_role("main").get_by_role("listbox").get_by_role("option")
    names.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert axe(page) == []
    page.keyboard.press("ArrowDown")
    first = names.first.inner_text()
    assert (box.input_value(), names.first.get_attribute("aria-selected")) == (first, "true")
    assert page.locator(f"#{box.get_attribute('aria-activedescendant')}").inner_text() == first
    page.keyboard.press("Escape")
    assert (box.input_value(), box.get_attribute("aria-expanded"), names.count()) == ("polici", "false", 0)
    page.keyboard.press("ArrowDown")
    names.first.wait_for()
    names.first.click()
    page.get_by_role("heading", name=f"for “{first}”").wait_for()
    assert page.get_by_role("main").get_by_role("link", name=first).first.is_visible()
