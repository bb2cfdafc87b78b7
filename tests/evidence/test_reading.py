"""The reading page: contents, anchors, footnotes, tables, citations there and back."""

import re
from collections import Counter
from datetime import date

import pytest
from django.urls import reverse

from collaborative.core import text
from collaborative.portal.demo.loading import load
from evidence.models import (
    Author,
    File,
    Finding,
    Funder,
    Recommendation,
    Reference,
    ResearchPriority,
    ReviewPlace,
    Section,
    Study,
    Version,
)
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
    assert '(<strong class="gap">@nobody, 3</strong>; <a ' in page
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
    assert '<caption id="two-table-1">Table 1. Table of all</caption>' in second.html
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


def figure_of(version, key="map", **fields):
    """Give a version a figure; return its row."""
    values = {
        "use": "figure", "name": "map.png", "title": "Where it was", "alt": "Two towns on a <river>", "stored": "x",
        "media_type": "image/png", "size": 2048, "sha256": "0" * 64, "width": 640, "height": 480,
    }  # fmt: skip
    return File.objects.create(version=version, key=key, **values | fields)


def test_figures_stand_where_the_text_places_them_with_words_for_who_cannot_see_them(client, review):
    version = review.current
    figure_of(version, credit="Lowick, CC BY 4.0")
    version.sections.update(body="See [#map] and [#figure-map].\n\n![](map)\n\n![](lost)")
    page = page_of(client, review)
    address = reverse("evidence:file", args=[review.slug, 1, "map"])
    assert f'src="{address}" alt="Two towns on a &lt;river&gt;" width="640" height="480" loading="lazy"' in page
    assert '<figcaption><strong>Figure 1.</strong> Where it was <span class="credit">Lowick, CC BY 4.0' in page
    assert page.count('<a class="point" href="#figure-map">Figure 1</a>') == 2
    assert "There is no figure “lost”." in page


def test_attachments_are_listed_with_their_size(client, review):
    figure_of(review.current, key="data", use="attachment", name="data.csv", title="The counts", alt="")
    page = page_of(client, review)
    assert f'<a href="{reverse("evidence:file", args=[review.slug, 1, "data"])}">The counts</a>' in page
    assert '<a href="#attachments">' in page


def test_cross_references_have_the_words_of_what_they_name(review):
    version = review.current
    Recommendation.objects.create(version=version, number=1, text="Stay.", title="Stay")
    Study.objects.create(version=version, number=4, short="Low 2021")
    names = (
        "finding-1",
        "priority-1",
        "recommendation-1",
        "staying",
        "staying-where",
        "table-1",
        "study-4",
        "references",
    )
    typed = " ".join(f"[#{name}]" for name in (*names, "attachments", "finding-9"))
    version.background = f"{typed}\n\n| a |\n|---|\n| b |\n"
    links = re.findall(r'<a class="point" href="#([^"]+)">([^<]+)</a>', Reading(version).background)
    assert links == [
        ("finding-1", "Key finding 1"), ("priority-1", "Research priority 1"), ("recommendation-1", "Recommendation 1"),
        ("staying", "Staying"), ("staying-where", "Where"), ("the-background-table-1", "Table 1"),
        ("study-4", "Low 2021"), ("references", "References"),
    ]  # fmt: skip
    assert Reading(version).background.count('class="gap"') == 2


def test_recommendations_say_for_whom_and_by_when(client, review):
    Recommendation.objects.create(
        version=review.current, number=1, title="Stay longer", text="In *teams*.", whom="Forces", by_when="2027-03-31",
        section=review.current.sections.get(),
    )  # fmt: skip
    page = page_of(client, review)
    section = page[page.index('id="recommendation-1"') : page.index('id="research-priorities"')]
    for words in ("Stay longer", "<em>teams</em>", "Forces", "31 March 2027", 'href="#staying"'):
        assert words in section
    assert '<a href="#recommendation-1">1. Stay longer</a>' in page


def test_people_and_funders_have_their_identifiers(client, review):
    version, body = review.current, factories.organisation()
    Author.objects.create(
        version=version, position=2, name="Di Low", part="with", orcid="0000-0002-1825-0097", affiliation="Lowick",
        ror="01kj2bm70", organisation=body,
    )  # fmt: skip
    Funder.objects.create(version=version, position=1, name="A fund", grant="Grant 7", ror="01kj2bm70")
    page = page_of(client, review)
    assert "Ada Harper with Di Low" in page
    for address in ("https://orcid.org/0000-0002-1825-0097", "https://ror.org/01kj2bm70", body.get_absolute_url()):
        assert f'href="{address}"' in page
    assert "A fund, Grant 7" in page


def test_it_says_its_licence_and_as_of_when_it_is_current(client, review):
    Version.objects.filter(review=review).update(licence="CC BY 4.0", current_as_of=date(2026, 3, 1))
    facts = page_of(client, review).split('id="about-this-text"')[1]
    assert "<dt>Licence</dt><dd>CC BY 4.0</dd>" in facts
    assert '<dt>Current as of</dt><dd><time datetime="2026-03-01">1 March 2026</time></dd>' in facts


def test_references_are_records_with_their_addresses(client, review):
    Reference.objects.filter(key="low-2021").update(
        authors="Low, Ada; Yate, Ben", year=2021, title="Staying", container="Journal of Staying", volume="3(2)",
        pages="39–41", doi="10.1000/182", url="https://a.example/low", frozen_url="https://archive.example/low",
    )  # fmt: skip
    page = page_of(client, review)
    low = page[page.index('<li id="ref-low-2021">') :]
    low = low[: low.index("</li>")]
    assert "Low, Ada; Yate, Ben (2021). <cite>Staying</cite>. Journal of Staying, 3(2), 39–41." in low
    for address in ("https://doi.org/10.1000/182", "https://a.example/low", "https://archive.example/low"):
        assert f'href="{address}"' in low


def test_what_cites_a_text_and_what_it_cites_are_named_to_those_who_may_see_them(client, review):
    citing, secret = factories.review(title="It cites"), factories.review(title="Behind closed doors")
    for each in (citing, secret):
        Reference.objects.create(version=each.current, key="x", short="X", review=review)
    Reference.objects.filter(version=review.current, key="low-2021").update(review=citing)
    Reference.objects.filter(version=review.current, key="harper-2019").update(review=secret)
    type(secret.current).objects.filter(pk=secret.current_id).update(handling="OFFICIAL")
    page = page_of(client, review)
    assert "What cites it here" in page
    assert f'<a href="{citing.get_absolute_url()}">In this library' in page
    assert "Behind closed doors" not in page
    assert secret.slug not in page


def test_included_studies_say_what_was_done_and_what_came_out(client, review):
    cited = Reference.objects.get(version=review.current, key="low-2021")
    Study.objects.create(
        version=review.current, number=1, short="Low 2021", reference=cited, design="Trial", setting="Two towns",
        result="Fewer calls.",
    )  # fmt: skip
    page = page_of(client, review)
    study = page[page.index('id="study-1"') :][:900]
    for words in ('href="#ref-low-2021"', "Trial", "Two towns", "Fewer calls."):
        assert words in study


def test_the_catalogue_entry_stands_at_the_end_and_themes_beside(client):
    theme = factories.theme(name="Trust")
    review = factories.review(themes=[theme])
    review.terms.add(factories.term("population", "young_people"), factories.term("method", "trial"))
    ReviewPlace.objects.create(review=review, country="GB", place="Leeds")
    page = page_of(client, review)
    assert f'<a href="{theme.get_absolute_url()}">Trust</a>' in page
    assert "Leeds, United Kingdom" in page
    assert "<dt>Populations</dt>" in page
    assert "<dt>Methods</dt>" in page


def test_the_contents_list_has_every_heading(review):
    rows = {each["id"]: each.get("children", []) for each in Reading(review.current).contents}
    assert "What we found" in [each["title"] for each in rows["plain-language-summary"]]
    assert rows["staying"] == [{"id": "staying-where", "title": "Where"}]


def test_reading_costs_the_same_queries_however_long(review, django_assert_num_queries):
    version = review.current
    for number in range(2, 30):
        Finding.objects.create(version=version, number=number, text="Found [@low-2021].")
        ResearchPriority.objects.create(version=version, number=number, text="Ask.")
        Study.objects.create(version=version, number=number, short="Low 2021")
        figure_of(version, key=f"figure-{number}")
    version.review = review
    with django_assert_num_queries(6):
        assert Reading(version).contents
