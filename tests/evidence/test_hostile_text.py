"""Hostile Markdown: shown harmlessly, in bounded time, with what leads nowhere marked."""

import re
import time

import pytest

from collaborative.core import text
from evidence.models import Review, Version
from evidence.wanted import _of_headings

FORBIDDEN = re.compile(r"<script|<iframe|<img|<svg|<style|href=\"(javascript|data|vbscript)|\son\w+=|style=", re.I)
LONG = {
    "quotations in each other": ">" * 10_000 + "deep",
    "open brackets": "[" * 10_000,
    "brackets in each other": "[" * 5000 + "]" * 5000,
    "open pictures": "![" * 3000,
    "half citations": "[@a;" * 3000,
    "citations without end": "[@a; @b; " * 2000,
    "cross-references": "[#a] " * 3000,
    "notes within notes": "^[" * 3000,
    "a note that calls itself": "[^1]" * 1000 + "\n\n[^1]: [^1]",
    "stars": "a *" * 5000,
    "lists in each other": "- " * 10_000,
    "headings of one name": "# Same\n\n" * 1000,
    "a wide table": "|".join("a" * 300) + "\n" + "|".join(["-"] * 300) + "\n" + "a\n" * 50,
    "bullets in a cell": "| a |\n|---|\n| " + "• " * 5000 + " |\n",
    "a long space in a cell": "| a | b |\n|---|---|\n| • a" + " " * 50_000 + "b | c |\n",
    "a paragraph of 200 KB": "word " * 40_000,
    "signs": "<" * 20_000 + "&" * 20_000,
}
SECONDS = 3
"""Of work for one of them; each takes well below one tenth of that."""


def page():
    return text.Page(
        cite=lambda cited: "(cited)",
        figure=lambda key, number, anchor: f'<figure id="{anchor}"></figure>' if key == "map" else None,
        points=True,
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        '[x](https://a.example/"onmouseover="alert(1))',
        "![x](https://a.example/pixel.png)",
        "![x](javascript:alert(1))",
        "![<b>](map)",
        "<a href='javascript:alert(1)'>x</a>",
        "| <script>x</script> |\n|---|\n| • <img src=x> • <svg onload=x> |\n",
        "[^1]\n\n[^1]: <script>alert(1)</script>",
        "[#<script>] [@<script>]",
        "# <script>alert(1)</script>",
        "\ue000x\ue001<b>",
    ],
)
def test_nothing_typed_is_obeyed(markdown):
    made = page()
    for html in (made.joined(made.markdown(markdown), lambda name: None), text.markdown(markdown)):
        tags = "".join(re.findall(r"<[^>]*>", html))
        assert not FORBIDDEN.search(tags), html


def test_what_is_built_to_be_slow_is_not():
    slow = {}
    for name, markdown in LONG.items():
        begun = time.process_time()
        made = page()
        made.joined(made.markdown(markdown), lambda each: None)
        taken = time.process_time() - begun
        if taken > SECONDS:
            slow[name] = taken
    assert slow == {}


def test_long_spaces_are_walked_through_once():
    begun = time.process_time()
    assert text.plain(f"Said{' ' * 50_000}[@a;{' ' * 50_000}so") == "Said [@a; so"
    assert time.process_time() - begun < SECONDS


def test_a_citation_goes_with_the_space_before_it_and_leaves_lines_alone():
    said = "Said [@a], so  [@b, 3; @c].\n[@d] and\t[@e]"
    assert text.without_citations(said) == "Said, so.\n and"


def test_a_hundred_footnotes_lead_there_and_back():
    calls = " ".join(f"Said.[^{n}]" for n in range(100))
    notes = "\n\n".join(f"[^{n}]: Note {n}." for n in range(100))
    html = text.markdown(f"{calls}\n\n{notes}")
    assert html.count('class="footnote-backref"') == 100
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets == set(re.findall(r'\sid="([^"]+)"', html))


def test_a_figure_stands_alone_and_what_cannot_stand_there_is_a_gap():
    made = page()
    html = made.markdown("![](map)\n\n![](other)\n\nWithin ![](map) a line.\n\n![](https://a.example/x.png)")
    assert html.count("<figure") == 1
    assert html.count('class="gap"') == 3
    assert "There is no figure “other”." in html
    assert "<p><figure" not in html


def test_cross_references_become_links_with_words_wherever_they_stand():
    made = page()
    html = made.markdown(
        "[#table-1], [#figure-map], [#where], [#given] and [#nothing].\n\n# Where\n\n![](map)\n\n| a |\n|---|\n| b |\n"
    )
    joined = made.joined(html, {"given": text.Target("there", "Some <words>")}.get)
    links = re.findall(r'<a class="point" href="#([^"]+)">([^<]+)</a>', joined)
    assert links == [
        ("table-1", "Table 1"),
        ("figure-map", "Figure 1"),
        ("where", "Where"),
        ("there", "Some &lt;words&gt;"),
    ]
    assert '<strong class="gap">[#nothing]</strong>' in joined


def test_a_cross_reference_in_code_or_where_nobody_reads_them_stays_as_typed():
    assert "<code>[#a]</code>" in page().markdown("`[#a]`")
    assert text.markdown("[#a]") == "<p>[#a]</p>\n"


def test_the_highest_heading_of_a_text_stands_at_its_level_whatever_its_marks():
    assert re.findall(r"<(h\d)", text.markdown("## A\n\n### B\n\n## C", heading_level=3)) == ["h3", "h4", "h3"]
    assert re.findall(r"<(h\d)", text.markdown("# A\n\n## B", heading_level=3)) == ["h3", "h4"]


def test_a_cell_with_bullets_is_a_list():
    html = text.markdown("| a | b |\n|---|---|\n| • one • *two* • three | • not alone, 5 • 3 |\n")
    assert "<td><ul><li>one</li><li><em>two</em></li><li>three</li></ul></td>" in html
    assert "<li>not alone, 5</li><li>3</li>" in html


def test_marks_say_what_a_text_names_and_where():
    marks = text.marks("# Head\n\nSaid [@low]\nand [#x].\n\n![](map)\n\n`[@no]`\n\n| a |\n|---|\n| [@high] |\n")
    assert [(each.kind, each.name, each.line) for each in marks] == [
        ("heading", "Head", 1), ("cite", "low", 3), ("point", "x", 4), ("figure", "map", 6), ("table", "", 10),
        ("cite", "high", 12),
    ]  # fmt: skip


def test_a_heading_with_a_long_space_is_read_at_once_and_marks_at_its_end_are_none_of_its_words():
    begun = time.process_time()
    summary = f"# A{' ' * 50_000}b\n\n## What we found ##\n\n# What we looked at"
    version = Version(review=Review(language="en"), plain_summary=summary)
    told = " ".join(_of_headings(version))
    assert "What we found" not in told and "What we looked at" not in told and "What we do not know" in told
    assert time.process_time() - begun < SECONDS
