"""A visitor finds evidence, reads it, sees where it comes from and where it leads; with the keyboard alone, too."""

import pytest

from tests.journeys.conftest import DESK, PHONE

REVIEW = "Policing Partnerships: Evidence Review"
OUTLINE = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    return [element.getAttribute('href') || element.id, style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_first_page_to_a_review_and_along_its_thread(visit_at, scripts):
    page = visit_at(DESK, java_script_enabled=scripts)
    page.goto("/")
    page.get_by_role("main").get_by_label("Search evidence, projects and training").first.fill("partnerships")
    page.get_by_role("main").get_by_role("button", name="Search").first.click()
    assert page.get_by_role("heading", name="results for “partnerships”").is_visible()
    page.get_by_role("main").get_by_role("link", name=REVIEW, exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == REVIEW

    main = page.get_by_role("main")
    contents = page.get_by_role("navigation", name="On this page")
    for heading in ("Plain-language summary", "Key findings", "Research priorities", "References"):
        contents.get_by_role("link", name=heading, exact=True).click()
        assert main.get_by_role("heading", name=heading, exact=True, level=2).is_visible()
        assert "#" in page.url
    main.get_by_role("link", name="Policing partnerships", exact=True).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Policing partnerships"
    main.get_by_role("link", name="N8 Policing Research Partnership", exact=True).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "N8 Policing Research Partnership"
    main.get_by_role("link", name="Police and private guards after dark").first.click()
    assert page.get_by_text("Where this stands").is_visible()
    page.goto("/evidence/policing-partnerships-evidence-review/")
    main.get_by_role("link", name="Policing Partnerships: Current Debates and Directions").first.click()
    assert page.url.endswith("/training/policing-partnerships-current-debates-and-directions/")
    assert main.get_by_role("link", name=REVIEW).first.is_visible()


def test_the_library_narrows_by_facets_and_widens_again(visit_at):
    page = visit_at(DESK)
    page.goto("/evidence/")
    everything = results(page)
    page.get_by_label("Thematic report").check()
    page.get_by_role("button", name="Apply filters").click()
    assert results(page) == 1 < everything
    assert page.get_by_role("link", name="Serious and organised crime: the adaptability gap").is_visible()
    page.get_by_role("link", name="Clear all").first.click()
    assert results(page) == everything


def results(page):
    """Return the number of results that a list speaks of."""
    return int(page.locator("#results h2").first.inner_text().split()[0])


def test_filters_are_folded_on_a_phone_and_open_there_without_scripts(visit_at):
    page = visit_at(PHONE)
    page.goto("/evidence/")
    assert not page.get_by_label("Thematic report").is_visible()
    page.get_by_text("Filters", exact=True).click()
    assert page.get_by_label("Thematic report").is_visible()
    without = visit_at(PHONE, java_script_enabled=False)
    without.goto("/evidence/")
    assert without.get_by_label("Thematic report").is_visible()


def test_the_menu_opens_on_a_phone_and_closes_by_escape(visit_at):
    page = visit_at(PHONE)
    page.goto("/")
    page.get_by_text("Menu", exact=True).click()
    menu = page.get_by_role("navigation", name="Menu")
    assert menu.get_by_role("link", name="Evidence").is_visible()
    page.keyboard.press("Escape")
    assert not menu.get_by_role("link", name="Evidence").is_visible()


def test_with_the_keyboard_alone(visit_at):
    """The skip link comes first, every stop shows its focus, and Enter follows."""
    page = visit_at(DESK)
    page.goto("/evidence/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(60):
        page.keyboard.press("Tab")
        where, style, width = page.evaluate(OUTLINE)
        assert style != "none", where
        assert width >= 2, where
        if where.endswith("/evidence/policing-partnerships-evidence-review/"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence/policing-partnerships-evidence-review/")
    assert page.get_by_role("heading", level=1).inner_text() == REVIEW


def test_a_review_prints_without_furniture(visit_at):
    page = visit_at(DESK)
    page.goto("/evidence/policing-partnerships-evidence-review/")
    page.emulate_media(media="print")
    for part in (".site .nav", ".foot", ".contents", ".demo"):
        assert not page.locator(part).first.is_visible(), part
    assert page.get_by_role("heading", name="Key findings", exact=True).is_visible()


def test_a_wrong_address_helps_on(visit_at):
    page = visit_at(DESK)
    assert page.goto("/evidence/no-such-review/").status == 404
    assert page.get_by_role("main").get_by_role("link").count() > 0
