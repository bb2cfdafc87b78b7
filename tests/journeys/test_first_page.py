"""The first page arrives whole: styled, without a breach of its own policy, and accessible."""

import pytest

from tests import factories
from tests.journeys.conftest import DESK, PHONE


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_first_page_fits_its_width_and_pleases_axe(page_at, axe, width):
    page = page_at(width)
    answer = page.goto("/")
    assert answer.status == 200
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Source Sans 3"')
    assert axe(page) == []


def test_someone_who_is_signed_in_is_offered_to_sign_out(page_at, signed_in):
    page = signed_in(page_at(DESK), factories.person())
    page.goto("/")
    assert page.get_by_role("link", name="Sign in").count() == 0


def test_the_first_page_works_without_javascript(page_at):
    page = page_at(DESK, java_script_enabled=False)
    page.goto("/")
    assert page.get_by_role("main").is_visible()
