"""Every word that a reader sees can be translated: in templates, and where code speaks to people."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "templates"
GALLERY = {"portal/gallery.html": "samples for those who build pages; no reader sees them"}
PATHS = sorted(
    p for p in FOLDER.rglob("*") if p.suffix in (".html", ".txt") and str(p.relative_to(FOLDER)) not in GALLERY
)
NAMES = [str(path.relative_to(FOLDER)) for path in PATHS]

READ_OUT = re.compile(r'\b(?:alt|aria-label|content|label|placeholder|title)="([^"]*)"')
"""Attributes whose words reach a reader."""

MARKED = re.compile(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", re.S)
UNSEEN = re.compile(r"{#.*?#}|<!--.*?-->|<(style|script)\b.*?</\1>|<code>.*?</code>", re.S)
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.S)
HTML = re.compile(r"<[^>]*>", re.S)
WORD = re.compile(r"[^\W\d_]{2}")
ENTITY = re.compile(r"&#?\w+;")
NOT_WORDS = {
    "#fbfaf7",
    "width=device-width, initial-scale=1",
    "light dark",
    "noindex",
    "noindex, follow",
    "website",
    "summary_large_image",
}
"""Values of attributes that only machines read."""
SAME_EVERYWHERE = {"doi:"}
"""Words that are the same in every language."""


def unmarked(text):
    """Return the words of a template that stand outside every mark for translation."""
    text = UNSEEN.sub(" ", MARKED.sub(" ", text))
    bare = TAGS.sub(" ", text)
    spoken = [value for value in READ_OUT.findall(bare) if value.strip() not in NOT_WORDS]
    seen = ENTITY.sub(" ", HTML.sub("\n", bare))
    return [
        words.strip()
        for words in (*seen.splitlines(), *spoken)
        if WORD.search(words) and words.strip() not in SAME_EVERYWHERE
    ]


@pytest.mark.parametrize("path", PATHS, ids=NAMES)
def test_words_are_marked_for_translation(path):
    assert unmarked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ('<img alt="A picture">', ["A picture"]),
        ("<p>{{ name }} joined</p>", ["joined"]),
        ('<p>{% translate "Hello" %} {{ name }}, {{ day }}.</p>', []),
        ("{% blocktranslate trimmed %}Hello {{ name }}{% endblocktranslate %}", []),
        ('<a aria-label="{% translate "Search" %}" href="/about/">{# a comment #}×</a>', []),
    ],
)
def test_the_search_finds_what_is_not_marked(text, found):
    assert unmarked(text) == found


def test_the_gallery_is_still_there_to_be_left_out():
    assert [name for name in GALLERY if not (FOLDER / name).exists()] == []


APPS = ("collaborative", "evidence", "partners", "projects", "training")
NOT_FOR_READERS = ("/migrations/", "/management/", "/demo/", "portal/gallery.py", "portal/serve.py", "environment.py")
"""Code whose words reach operators and programmers only."""
SPEAKERS = {"Refused", "ValidationError", "refusal", "add_error", "error", "info", "success", "warning"}
"""Calls whose words a person reads."""
SAID = {"description", "empty", "empty_label", "help_text", "label", "verbose_name", "verbose_name_plural"}
"""Arguments whose words a person reads."""
CODE = [
    path
    for app in APPS
    for path in sorted((FOLDER.parent / app).rglob("*.py"))
    if not any(part in path.as_posix() for part in NOT_FOR_READERS)
]


def spoken(tree):
    """Return the bare strings that code says to people."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        logs = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in ("log", "logger")
        said = [word.value for word in node.keywords if word.arg in SAID]
        if name in SPEAKERS and not logs:
            said += node.args[1:] if name == "add_error" else node.args
        yield from (each.value for each in said if isinstance(each, ast.Constant) and isinstance(each.value, str))


@pytest.mark.parametrize("path", CODE, ids=[str(path.relative_to(FOLDER.parent)) for path in CODE])
def test_what_code_says_is_marked_for_translation(path):
    found = spoken(ast.parse(path.read_text(encoding="utf-8")))
    assert [words for words in found if WORD.search(words)] == []


def test_the_search_through_code_finds_what_is_not_marked():
    code = (
        'raise Refused("Too late now."); f(label="Your name"); f(label=_("Your name")); logger.error("not said here")'
    )
    assert list(spoken(ast.parse(code))) == ["Too late now.", "Your name"]
