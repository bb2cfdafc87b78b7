"""Every page in a real browser: accessible in light and dark, at both widths, and silent on the console.

axe-core looks at each page at both widths in light, and at its contrast again in dark. The page is opened once
and then resized, as people do who turn their telephone. What a page looks like does not depend on the database,
so this runs on one of the two only; it takes minutes, so it stands in the slow tier. The journeys ask axe too.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin

from tests.demonstration import PAGES, PEOPLE, admin_pages, client_of
from tests.journeys.conftest import DESK, PATIENCE, PHONE, session_cookie

pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.slow]
NARROWEST = 320
"""The width, in CSS pixels, that 400 % of a small screen leaves (WCAG 1.4.10)."""
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
VIEWS = [(sample, reader) for sample in PAGES for reader in sample.readers()]
AXE = Axe().axe_script
RUN = """async (only) => {
    const rules = only ? {runOnly: {type: 'rule', values: only}} : {};
    const found = await axe.run(document, {resultTypes: ['violations'], preload: false, ...rules});
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}`));
}"""
BY_WIDTH = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block", "aria-hidden-focus"]
"""The rules whose answer depends on the width; the others are asked once more only of what a visitor sees."""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def page_of(demonstration, portal, browser):
    """Return ``page_of(reader)``: a page of the browser that is that person's, made once; and what it complained of."""
    pages = {}

    def page(reader):
        if reader not in pages:
            context = browser.new_context(base_url=portal.url, locale="en-GB", reduced_motion="reduce")
            if demonstration[reader]:
                context.add_cookies([session_cookie(client_of(demonstration[reader]), portal.url)])
            opened = context.new_page()
            opened.set_default_timeout(PATIENCE)
            complaints = []
            opened.on("pageerror", lambda error: complaints.append(str(error)))
            opened.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
            pages[reader] = opened, complaints
        return pages[reader]

    yield page
    for opened, _complaints in pages.values():
        opened.context.close()


def objections(page, url, at_phone=BY_WIDTH):
    """Open a page; return everything that is wrong with it; ``at_phone`` are the rules there, None for all."""
    found = []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESK, "height": 900})
    status = page.goto(url).status
    if status != 200:
        return [f"it answers {status}"]
    page.evaluate(AXE)
    for width, rules in ((DESK, None), (PHONE, at_phone)):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{each} at {width}" for each in page.evaluate(RUN, rules)]
    page.emulate_media(color_scheme="dark")
    found += [f"{each} in dark" for each in page.evaluate(RUN, ["color-contrast"])]
    for width in (PHONE, NARROWEST):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(SIDEWAYS) > 0:
            found.append(f"scrolls sideways at {width}")
    return found


@pytest.mark.parametrize(("sample", "reader"), VIEWS, ids=[f"{sample.name} as {reader}" for sample, reader in VIEWS])
def test_a_page_is_accessible_and_fits(page_of, sample, reader):
    page, complaints = page_of(reader)
    complaints.clear()
    assert objections(page, sample.url(), None if reader == "visitor" else BY_WIDTH) == []
    assert complaints == []


@pytest.mark.parametrize("reader", [reader for reader in PEOPLE if reader != "visitor"])
def test_every_page_that_a_role_may_open_is_accessible_to_it(page_of, reader):
    page, _complaints = page_of(reader)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESK, "height": 900})
    found, opened = {}, 0
    for sample in PAGES:
        if reader in sample.readers() or page.goto(sample.url()).status != 200:
            continue  # walked above at every width, or not for this role
        opened += 1
        page.evaluate(AXE)
        found[sample.name] = page.evaluate(RUN)
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert opened > 20


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_the_admin_is_accessible_and_fits(page_of, demonstration, model):
    page, complaints = page_of("administrator")
    complaints.clear()
    found = {
        sample.name: objections(page, sample.url()) for sample in admin_pages(model, demonstration["administrator"])
    }
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert complaints == []


@pytest.mark.parametrize(
    ("url", "status"),
    [("/no/such/page/", 404), ("/projects/propose/", 403), ("/projects/weekend-street-triage/stop/", 409)],
)
def test_a_page_that_says_no_is_accessible_too(page_of, url, status):
    page, _complaints = page_of("account" if status == 403 else "coordinator")
    assert objections(page, url) == [f"it answers {status}"]
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []
    assert page.evaluate(SIDEWAYS) <= 0
