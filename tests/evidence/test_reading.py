"""The reading page: contents, anchors, footnotes, tables, citations there and back."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from collaborative.core import text
from collaborative.portal.demo.loading import load
from evidence.models import Author, Reference, Section
from evidence.reading import Reading, byline
from tests import factories
from tests.evidence.texts import whole

pytestmark = pytest.mark.django_db


def ids(page):
    return re.findall(r'\sid="([^"]+)"', page)


def links(page):
    return re.findall(r'href="#([^"]+)"', page)


def page_of(client, review):
    return client.get(review.get_absolute_url()).content.decode()


@pytest.fixture
def review():
    made = factories.review()
    whole(made.current)
    return made


def test_every_anchor_is_given_once_and_every_link_within_the_page_leads_somewhere(client, review):
    version = review.current
    repeated = "## The same\n\n## The same\n\nOne.[^a] Two.[^a]\n\n[^a]: Note.\n\n| A |\n|---|\n| b |\n"
    for position, anchor in enumerate(("references", "main", "staying-where", "finding-1"), start=2):
        Section.objects.create(version=version, position=position, anchor=anchor, heading=anchor, body=repeated)
    version.background = version.plain_summary = version.provenance = repeated
    version.save()
    page = page_of(client, review)
    assert [name for name, times in Counter(ids(page)).items() if times > 1] == []
    assert set(links(page)) - set(ids(page)) == set()
    assert {each["id"] for each in Reading(version).contents} <= set(ids(page))


def test_references_are_linked_there_and_back(client, review):
    page = page_of(client, review)
    assert '(<a class="cite" id="cite-low-2021-1" href="#ref-low-2021">Low 2021, 39</a>)' in page
    assert '(<a class="cite" id="cite-low-2021-2" href="#ref-low-2021">Low 2021</a>; ' in page
    low = page[page.index('<li id="ref-low-2021">') :]
    assert links(low)[:2] == ["cite-low-2021-1", "cite-low-2021-2"]
    assert 'aria-label="Back to citation 2 of Low 2021"' in low


def test_an_unknown_key_is_shown_plainly(client, review):
    review.current.sections.update(body="As said [@nobody, 3; @low-2021] and [@<b>].")
    page = page_of(client, review)
    assert "(@nobody, 3; <a " in page
    assert "[@&lt;b&gt;]" in page


def test_the_signs_of_a_reference_are_text():
    version = whole(factories.review().current)
    Reference.objects.filter(key="low-2021").update(short='*Low* [x](javascript:1) <b> "2021"')
    html = Reading(version).parts[0].html
    assert "*Low* [x](javascript:1) &lt;b&gt; &quot;2021&quot;, 39</a>" in html or (
        '*Low* [x](javascript:1) &lt;b&gt; "2021", 39</a>' in html
    )


def test_footnotes_and_tables_count_through_the_page(review):
    version = review.current
    body = "Said.[^1]\n\n**Table of all**\n\n| A | B |\n|---|--:|\n| **x** | 1 |\n\n[^1]: Note."
    Section.objects.create(version=version, position=2, anchor="two", heading="Two", body=body)
    Section.objects.create(version=version, position=3, anchor="three", heading="Three", body="| A |\n|---|\n| b |\n")
    _first, second, third = Reading(version).parts
    assert 'id="fnref-two-2" aria-label="Footnote [2]">[2]</a>' in second.html
    assert 'class="footnotes-list" start="2"' in second.html
    assert 'aria-labelledby="two-table-1"' in second.html
    assert '<caption id="two-table-1">Table of all</caption>' in second.html
    assert '<th scope="row">x</th>\n<td class="n">1</td>' in second.html
    assert 'aria-label="Table 2"' in third.html


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("![x](/a.png)", "<p></p>"),
        ("a\x00b", "<p>ab</p>"),
        ("a *" * 5000, "*"),
        (">" * 5000 + "deep", "<blockquote>"),
        ("[" * 5000, "["),
        ("| a |\n|---|---|\n| b", "| a |"),
        ("[^1]", "[^1]"),
        ("x[^1]\n\n[^1]: [^1]", "[1]"),
    ],
)
def test_hostile_marks_become_harmless_text(markdown, shown):
    html = text.markdown(markdown)
    assert shown in html
    assert not re.search(r"<script|<img|href=\"javascript|style=|onerror=", html)


def test_words_alone_have_no_marks_citations_or_footnotes():
    assert text.plain("# Head\n\nA *b*[^1] [@low-2021, 39; @x] & c.\n\n[^1]: Note.") == "Head A b & c. Note."
    assert text.plain("one two three four", 9) == "one two…"


def test_reading_time_counts_all_that_is_read(review):
    assert Reading(review.current).minutes == 1
    review.current.sections.update(body="word " * 2300)
    assert Reading(review.current).minutes == 10


def test_what_is_empty_is_neither_on_the_page_nor_in_the_contents(client):
    review = factories.review()
    page = page_of(client, review)
    assert [each["id"] for each in Reading(review.current).contents] == ["about-this-text"]
    assert "Key findings" not in page
    assert "References" not in page


def test_authors_stand_as_on_a_title_page():
    parts = [("Ada", "author"), ("Ben", "author"), ("Cy", "with"), ("Di", "with"), ("A body", "corporate")]
    authors = [Author(name=name, part=part) for name, part in parts]
    assert byline(authors) == "Ada and Ben with Cy and Di"
    assert byline(authors[4:]) == "A body"
    assert byline(authors[2:4]) == "Cy and Di"
    assert byline([]) == ""


def test_the_thread_links_the_training_and_the_project(client, review):
    thread = re.compile(r'<nav class="thread".*?</nav>', re.S)
    assert "href" not in thread.search(page_of(client, review)).group()
    factories.event(review.programme, review=review, state="planned")
    assert "href" not in thread.search(page_of(client, review)).group()
    factories.event(review.programme, review=review)
    review.project = factories.project(review.programme)
    review.save()
    page = page_of(client, review)
    assert re.findall(r'href="([^"]+)"', thread.search(page).group()) == [
        review.project.get_absolute_url(),
        "#training",
    ]
    assert "training" in ids(page)


def test_the_seeds_stand_complete_and_linked(client):
    load()
    page = client.get(reverse("evidence:page", args=["policing-partnerships-evidence-review"])).content.decode()
    references = [each for each in ids(page) if each.startswith("ref-")]
    cited = {each for each in links(page) if each.startswith("ref-")}
    assert len(references) == Reference.objects.filter(version__review__slug__startswith="policing-part").count() == 20
    assert cited == set(references)
    assert [name for name, times in Counter(ids(page)).items() if times > 1] == []
    assert set(links(page)) <= set(ids(page))
    assert "[@" not in page
    other = client.get(reverse("evidence:page", args=["serious-and-organised-crime-the-adaptability-gap"]))
    page = other.content.decode()
    assert re.findall(r'<caption id="[^"]+">(Table 1\.)', page) == ["Table 1."]
    assert page.count('<th scope="row">') == 3
    assert re.findall(r">\[(\d)\]</a></sup>", page) == ["1", "2", "3"]
    assert set(links(page)) <= set(ids(page))
