"""An editor publishes from the desk; a reader goes to a reference and back by keyboard, prints, asks for Braille."""

import pytest

from evidence.models import FormatRequest
from evidence.services import publish
from evidence.states import VersionState
from tests import factories as make
from tests.evidence.texts import approved, whole
from tests.journeys.conftest import DESK, PHONE


def press(page, name):
    """Press a button of the page's own part."""
    page.get_by_role("main").get_by_role("button", name=name).click()


def at(page):
    """Return the part of the page to which its address points."""
    return page.evaluate("location.hash")


def test_an_editor_approves_and_publishes_and_everyone_reads_it(transactional_db, page_at, signed_in, axe):
    review = make.review(state=VersionState.PEER_REVIEW, title="Staying longer")
    whole(review.versions.get())
    visitor = page_at(DESK)
    assert visitor.goto(review.get_absolute_url()).status == 404
    page = signed_in(page_at(DESK), make.editor(review))
    page.goto("/evidence/desk/")
    page.get_by_role("main").get_by_role("link", name="Staying longer").first.click()
    page.get_by_role("link", name="Approve it").click()
    press(page, "Approve it")
    assert page.get_by_text("Say why it is approved all the same").first.is_visible()
    page.get_by_label("Why it is approved all the same").fill("Both reviewers fell ill.")
    press(page, "Approve it")
    page.get_by_role("link", name="Publish it").click()
    assert axe(page) == []
    page.get_by_label("Now, for everyone whom its handling allows").check()
    press(page, "Publish it")
    assert page.get_by_text("Done. Its desk says how it stands.").is_visible()
    assert visitor.goto(review.get_absolute_url()).status == 200
    assert visitor.get_by_role("heading", level=1).inner_text() == "Staying longer"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_reader_follows_a_reference_and_back_prints_and_asks_for_another_format(
    transactional_db, page_at, axe, width
):
    programme = make.programme()
    review = publish(approved(programme), by=make.coordinator(programme)).review
    page = page_at(width)
    page.goto(review.get_absolute_url())
    page.locator("a.cite").nth(1).focus()
    page.keyboard.press("Enter")
    assert at(page) == "#ref-low-2021"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Back to citation 1 of Low 2021"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert at(page) == "#cite-low-2021-2"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Harper and Yate 2019"
    page.emulate_media(media="print")
    assert page.get_by_text("In two towns.").is_visible()
    assert page.locator("#ref-low-2021").is_visible()
    for furniture in (".site .nav", ".foot", ".contents", "a.back"):
        assert not page.locator(furniture).first.is_visible(), furniture
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Ask for another format", exact=True).first.click()
    assert axe(page) == []
    press(page, "Send the request")
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    page.get_by_label("Another format").check()
    page.get_by_label("Which format?").select_option("Braille")
    page.get_by_label("Your e-mail address").fill("reader@home.example")
    press(page, "Send the request")
    asked = FormatRequest.objects.get()
    assert (asked.format, asked.email, asked.review_id) == ("braille", "reader@home.example", review.pk)
