"""What a reader prints: no furniture, and each address in words once."""

from evidence.models import Sheet
from tests.journeys.conftest import DESK

SAID = "each => getComputedStyle(each, '::after').content"


def test_a_printed_sheet_has_no_navigation_and_says_no_address_twice(visit_at):
    page = visit_at(DESK)
    page.goto(Sheet.objects.get(slug="pp1-coordination-with-local-actors").get_absolute_url())
    page.emulate_media(media="print")
    for furniture in (".site .nav", ".foot", ".crumb"):
        assert not page.locator(furniture).first.is_visible(), furniture
    links = page.get_by_role("main").locator("a[href^='http']").all()
    twice = [each.inner_text() for each in links if each.inner_text().startswith("http")]
    assert len(twice) > 2
    said = {each.inner_text(): each.evaluate(SAID) for each in links if each.inner_text() in twice}
    assert set(said.values()) == {"none"}, said
