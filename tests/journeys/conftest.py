"""A browser on a running portal: the machine's Chromium, pages at any width, people signed in without the form.

``page_at(width)`` gives a page whose relative addresses lead to the live server; ``signed_in(page, user)`` makes
it that person's; ``axe(page)`` returns what axe-core objects to. Static files come from the sources, as they are.
"""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from tests.runner.browser import chromium, flags

PHONE, DESK = 390, 1280
"""The widths, in CSS pixels, at which every page is looked at."""
PATIENCE = 10_000
"""Milliseconds that the browser waits for anything."""

# Playwright's synchronous calls keep an event loop running in this thread, until the session ends.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def session_cookie(client, url):
    """Return the cookie of a test client's session, for a browser."""
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}


def pytest_collection_modifyitems(items):
    """Mark whatever uses the browser, so that no test forgets to."""
    for each in items:
        if "page_at" in getattr(each, "fixturenames", ()):
            each.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Start the machine's own Chromium."""
    path = chromium()
    if path is None:
        pytest.fail("no Chromium on this machine; run bin/test, which leaves the browser tests out then")
    return {**browser_type_launch_args, "executable_path": path, "args": flags()}


@pytest.fixture
def page_at(browser, live_server):
    """Return ``page_at(width, height=900, **context)``, which opens a page of that width in pixels.

    ``context`` is what Playwright's ``new_context`` takes, such as ``java_script_enabled=False`` or
    ``color_scheme="dark"``. A breach of the content security policy, or an error in a script, fails the test.
    """
    contexts, complaints = [], []

    def open_page(width, height=900, **context):
        size = {"width": width, "height": height}
        contexts.append(browser.new_context(base_url=live_server.url, viewport=size, locale="en-GB", **context))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def signed_in(live_server):
    """Return ``signed_in(page, user)``, which makes the page that person's and returns it."""

    def sign_in(page, user):
        client = Client()
        client.force_login(user)
        page.context.add_cookies([session_cookie(client, live_server.url)])
        return page

    return sign_in


@pytest.fixture
def axe():
    """Return ``axe(page)``: a line for each rule of axe-core that the page breaks and each place where it does."""

    def violations(page):
        found = Axe().run(page).response["violations"]
        return [f"{rule['id']}: {' '.join(map(str, node['target']))}" for rule in found for node in rule["nodes"]]

    return violations
