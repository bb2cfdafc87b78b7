"""The gallery of components."""

import re

import pytest


@pytest.fixture
def gallery(client, settings):
    settings.DEMO = True
    return client.get("/components/")


def test_the_gallery_shows_every_component(gallery, settings):
    used = {template.name for template in gallery.templates}
    folder = settings.BASE_DIR / "templates" / "components"
    pages = {"listing.html"}
    missing = {path.name for path in folder.glob("*.html") if f"components/{path.name}" not in used} - pages
    assert missing == {"panel.html", "account_links.html"}


def test_the_gallery_breaks_no_rule_of_the_content_policy(gallery):
    html = gallery.content.decode()
    assert re.findall(r'\sstyle="|\son[a-z]+="|<style|<script(?![^>]*src=)', html) == []


def test_a_portal_in_real_use_has_no_gallery(client, settings):
    settings.DEMO = False
    settings.DEBUG = False
    assert client.get("/components/").status_code == 404
