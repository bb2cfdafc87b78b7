"""A review of 200 pages on a telephone: the page never scrolls sideways, its wide tables do, by keyboard too."""

import pytest

from tests.evidence.big import big_review
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_200_pages_are_read_on_a_telephone(page_at, axe):
    page = page_at(PHONE)
    page.set_default_timeout(60_000)
    page.goto(big_review().get_absolute_url())
    assert page.evaluate(SIDEWAYS) <= 0
    table = page.locator(".scroll:has(table)").nth(30)
    assert table.evaluate("each => each.scrollWidth > each.clientWidth")
    table.focus()
    assert table.evaluate("each => each === document.activeElement")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("each => each.scrollLeft > 0", arg=table.element_handle())
    assert page.evaluate(SIDEWAYS) <= 0
    assert table.get_attribute("aria-label") or table.get_attribute("aria-labelledby")


def test_a_review_of_ten_pages_is_accessible(page_at, axe):
    page = page_at(PHONE, reduced_motion="reduce")
    page.goto(big_review(sections=2).get_absolute_url())
    assert axe(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []
