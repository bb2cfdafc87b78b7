"""What is wrong with a text in Markdown is told with its line."""

import time

import pytest

from evidence.intake.markdown import MOST, Known, faults
from evidence.reading.faults import text_faults
from tests import factories
from tests.evidence.texts import whole

SECONDS = 3
KNOWN = Known(frozenset({"low-2021"}), frozenset({"map"}), frozenset({"finding-1", "map", "table-1"}))

GOOD = """# Where

Officers stayed [@low-2021, 39], see [#finding-1] and [#table-1].[^1] Write to <someone@force.example>
or look at [the force](https://force.example/), 3 < 4, a@b and `<b>` in code.

![](map)

**Table**

| a | b \\| c |
|---|---|
| 1 | 2 |
| 3 | |

## Deeper

> - quoted

[^1]: Both small.
"""


def told(text, known=KNOWN):
    return [(each.line, each.words) for each in faults(text, known)]


def lines(text, known=KNOWN):
    return [each.line for each in faults(text, known)]


def test_a_good_text_has_no_faults():
    assert told(GOOD) == []
    assert told("") == told(None) == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\n\n<script>alert(1)</script>\n", 3, "HTML is shown as it is typed: “<script>alert(1)</script>”"),
        ("a\nb <b>c", 2, "HTML is shown as it is typed: “<b>”"),
        ("<!-- hidden -->", 1, "HTML is shown as it is typed"),
        ("a\n[x](javascript:alert(1))", 2, "A link cannot begin with “javascript:”"),
        ("[x](JaVaScRiPt&#58;alert(1))", 1, "A link cannot begin with “JaVaScRiPt:”"),
        ("[x](data:text/html,y)", 1, "A link cannot begin with “data:”"),
        ("[x][1]\n\n[1]: vbscript:y", 1, "A link cannot begin with “vbscript:”"),
        ("<javascript:alert(1)>", 1, "A link cannot begin with “javascript:”"),
        ("[x]()", 1, "This link leads nowhere."),
        ("|a|b|\n|-|-|\n|1|2|3|", 3, "This row has 3 cells, the head of its table 2."),
        ("|a|b|\n|-|-|\n|1|", 3, "This row has 1 cell, the head of its table 2."),
        ("x\n\n|a|b|\n|-|-|-|\n|1|2|", 4, "This is not read as a table: its head has 2 cells, the line below it 3."),
        ("a\nb[^7] c", 2, "Footnote “7” is called but not written."),
        ("a\n\n[^n]: b", 3, "Footnote “n” is written but never called."),
        ("![](https://elsewhere.example/a.png)", 1, "Pictures come from this review’s own figures."),
        ("![](nothing)", 1, "There is no figure “nothing”."),
        ("see ![](map) here", 1, "Put the figure on a line of its own"),
        ("# a\n\n### b", 3, "This heading skips a level. Begin it with “##” instead of “###”."),
        ("# " + "long " * 50, 1, "This heading is too long."),
        ("a\n\n#\n", 3, "This heading has no words."),
        ("# a\n\n## b\n\n### c\n\n#### d\n\n##### e", 9, "This heading is too deep."),
        ("a\nb [@low-2021; @gone]", 2, "There is no reference “gone”."),
        ("[see @low-2021]", 1, "“[see @low-2021]” is not read as a citation."),
        ("a [#finding-9]", 1, "“#finding-9” leads nowhere in this text."),
        (">" * 40 + " deep", 1, "This is nested too deeply to be shown."),
    ],
)
def test_each_fault_names_its_line_and_what_to_do(text, line, words):
    ((at, sentence),) = told(text)
    assert (at, sentence[: len(words)]) == (line, words)


def test_a_fault_says_its_line():
    assert str(faults("a\n\n<b>x</b>")[0]).startswith("Line 3: HTML")


def test_a_text_alone_is_not_asked_where_it_leads():
    assert told("[@gone] [#nowhere]\n\n![](nothing)", known=None) == []


def test_a_hundred_footnotes_are_no_fault_and_faults_have_an_end():
    notes = range(100)
    text = "\n\n".join([" ".join(f"[^{n}]" for n in notes), *(f"[^{n}]: note {n}" for n in notes)])
    assert told(text) == []
    assert len(faults("\n\n".join("a <b>c" for _each in range(500)))) == MOST


@pytest.mark.parametrize(
    "bomb",
    [">" * 5000, "[" * 3000, "*" * 5000, "- " * 2000, "`" * 5000, "|" * 3000 + "\n" + "|-" * 3000, "[@a;" * 1000,
     "<" * 5000, "![" * 1500, "_a_ " * 3000, "[^" * 2000, "&" * 5000],
)  # fmt: skip
def test_no_bomb_is_too_much(bomb):
    assert len(faults(bomb, KNOWN)) <= MOST


@pytest.mark.parametrize(
    "bomb",
    ["[" * 50_000, "[ " * 25_000, "[@" + "a" * 50_000, "[^" * 25_000, "[a @b" * 10_000, "a|b\n" + " " * 50_000 + "x"],
)
def test_what_is_opened_and_never_closed_is_read_once(bomb):
    begun = time.process_time()
    faults(bomb, KNOWN)
    assert time.process_time() - begun < SECONDS


def test_thousands_of_notes_that_nobody_calls_are_found_in_one_walk():
    begun = time.process_time()
    assert faults("".join(f"[^{n}]: x\n\n" for n in range(8000)))[-1].line == 2 * MOST - 1
    assert time.process_time() - begun < SECONDS


@pytest.mark.django_db
def test_the_texts_of_a_version_may_point_at_all_that_it_has():
    version = whole(factories.review(state="drafting").versions.get())
    section = version.sections.get()
    assert text_faults(version) == []
    section.body = "|a|b|\n|-|-|\n|1|2|\n\n[#finding-1] [#priority-1] [#staying] [#table-1]\n\n[#table-2] [@gone]"
    section.save()
    assert [(each.part, str(each)[:23]) for each in text_faults(version)] == [
        (f"section-{section.pk}", "In “Staying”, line 7: T"),
        (f"section-{section.pk}", "In “Staying”, line 7: “"),
    ]
    version.findings.update(text="<i>Staying helps</i>")
    first = text_faults(version)[-1]
    assert (first.part, str(first)) == (
        "findings",
        "In “Key finding 1”, line 1: HTML is shown as it is typed: “<i>”. Write it in Markdown, or take it out.",
    )
