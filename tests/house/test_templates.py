"""What no template does: inline script or style, |safe, queries; and that each one compiles."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*") if path.is_file())
NAMES = [str(path.relative_to(FOLDER)) for path in TEMPLATES]
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style", re.I),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "an inline script": re.compile(r'<script(?![^>]*\ssrc=)(?! type="application/ld\+json">)', re.I),
    "the filter safe": re.compile(r"\|\s*safe\b|autoescape off"),
    "a query over a relation": re.compile(r"\.(?:all|filter|exists|select_related|values)(?=[\s|%}])"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_compiles(path):
    engines["django"].from_string(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_does_nothing_forbidden(path):
    text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.S)
    html = re.sub(r"{%.*?%}", "", text, flags=re.S)
    found = {name for name, pattern in FORBIDDEN.items() if pattern.search(html if "inline" in name else text)}
    mail = path.suffix == ".txt" or path.parent.name in ("email", "letters", "notifications")
    assert found - ({"the filter safe", "an inline style"} if mail else set()) == set()


def test_the_rules_catch_what_they_forbid():
    bad = '<p style="x" onclick="y">{{ a|safe }}{% for b in c.rows.all %}</p><script>z</script>'
    assert [what for what, pattern in FORBIDDEN.items() if not pattern.search(bad)] == []
