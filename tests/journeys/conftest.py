"""A browser on a running portal: the machine's Chromium, pages at any width, people signed in without the form.

``page_at(width)`` gives a page whose relative addresses lead to the live server, ``visit_at(width)`` one that leads to
the demonstration; ``signed_in(page, user)`` makes it that person's; ``axe(page)`` returns what axe-core objects to.
Static files come from the sources, as they are.
"""

import os
import re
from functools import wraps
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator
from pytest_django.live_server_helper import LiveServer

from collaborative.notifications import tasks
from tests.factories import PASSWORD
from tests.runner.browser import chromium, flags
from tests.smtp_sink import plain

PHONE, DESK = 390, 1280
"""The widths, in CSS pixels, at which every page is looked at."""
PATIENCE = 10_000
"""Milliseconds that the browser waits for anything."""


def whole_page_after(act):
    """Return an act of a locator that waits for the page it leads to, pictures included; Playwright's stop earlier."""

    @wraps(act)
    def wait(self, *args, **kwargs):
        act(self, *args, **kwargs)
        if not self.page.is_closed():
            self.page.wait_for_load_state()

    return wait


Locator.click = whole_page_after(Locator.click)
Locator.press = whole_page_after(Locator.press)

# Playwright's synchronous calls keep an event loop running in this thread, until the session ends.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def session_cookie(client, url):
    """Return the cookie of a test client's session, for a browser."""
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}


IN_EVERY_RUN = {"test_first_page.py", "test_visitor.py", "test_member.py"}
"""The journeys of bin/test; all others take the longer run."""


def pytest_collection_modifyitems(items):
    """Mark whatever uses the browser, so that no test forgets to, and most of it as slow."""
    for each in items:
        if {"page_at", "visit_at"} & set(getattr(each, "fixturenames", ())):
            each.add_marker(pytest.mark.browser)
            if each.path.parent == Path(__file__).parent and each.path.name not in IN_EVERY_RUN:
                each.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Start the machine's own Chromium."""
    path = chromium()
    if path is None:
        pytest.fail("no Chromium on this machine; run bin/test, which leaves the browser tests out then")
    return {**browser_type_launch_args, "executable_path": path, "args": flags()}


def windows(browser, base_url):
    """Yield ``open(width, height=900, **context)``, which opens a page; close all, and fail on any complaint.

    ``context`` is what Playwright's ``new_context`` takes, such as ``java_script_enabled=False`` or
    ``color_scheme="dark"``. A breach of the content security policy, or an error in a script, is a complaint.
    """
    contexts, complaints = [], []

    def open_page(width, height=900, **context):
        size = {"width": width, "height": height}
        contexts.append(browser.new_context(base_url=base_url, viewport=size, locale="en-GB", **context))
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
def page_at(browser, live_server):
    """Open pages of the live server, whose rows the test makes itself; see ``windows``."""
    yield from windows(browser, live_server.url)


@pytest.fixture(scope="module")
def portal(demonstration):
    """Serve the demonstration to the tests of a module, which only read."""
    server = LiveServer("localhost")
    with server._live_server_modified_settings:
        yield server
        server.stop()


@pytest.fixture
def visit_at(browser, portal):
    """Open pages of the demonstration; see ``windows``."""
    yield from windows(browser, portal.url)


@pytest.fixture
def post(smtp_sink):
    """Return ``post(address)``: send what is due as the worker would; return the mails to that address."""

    def deliver(address):
        tasks.deliver()
        return smtp_sink.to(address)

    return deliver


def link_in(mail):
    """Return the path to which a mail leads."""
    return urlsplit(re.search(rf"^{re.escape(settings.SITE_URL)}\S*$", plain(mail), re.MULTILINE)[0]).path


def sign_in(page, user, password=PASSWORD):
    """Fill in the form for signing in."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


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
