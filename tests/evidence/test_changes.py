"""What changed between two versions: readable, complete, bounded, and only for those who may read both."""

import time

import pytest
from django.urls import reverse

from evidence.models import Finding, Recommendation, Reference, Section, Version
from evidence.reading.changes import changes
from tests import factories
from tests.evidence.test_versions import page_of, replaced
from tests.evidence.texts import whole

pytestmark = pytest.mark.django_db


def changes_of(review, number=2, query=""):
    return reverse("evidence:changes", args=[review.slug, number]) + query


def two():
    """Make a review with two whole versions; return it and both."""
    review = factories.review()
    whole(review.current)
    first, second = replaced(review)
    return review, first, whole(second)


def test_each_part_is_compared_and_what_is_the_same_is_only_named():
    _review, first, second = two()
    Finding.objects.filter(version=first).update(text="Staying in one team helps people.")
    Finding.objects.filter(version=second).update(text="Staying in one team harms people.")
    Recommendation.objects.create(version=second, number=1, title="Stay", text="Stay longer.", whom="Forces")
    Section.objects.create(version=first, position=2, anchor="gone", heading="Gone", body="It went.")
    Reference.objects.filter(version=second, key="low-2021").update(year=2021)
    found = changes(first, second)
    told = {part.heading: part.kind for part in found.parts}
    assert told == {
        "Key finding 1": "changed", "Recommendation 1": "added", "Gone": "removed", "References": "changed",
    }  # fmt: skip
    assert {"Plain-language summary", "Research priority 1", "Staying"} <= set(found.unchanged)
    (row,) = found.parts[0].rows
    same, removed, added = ("same", "Staying in one team"), ("removed", "helps"), ("added", "harms")
    assert row.pieces == (same, removed, added, ("same", "people."))


def test_unchanged_paragraphs_are_folded_and_citations_read_as_in_the_text():
    _review, first, second = two()
    paragraphs = [f"Paragraph number {n} says something." for n in range(20)]
    first.sections.update(body="\n\n".join(paragraphs))
    paragraphs[10] = "Paragraph number 10 says something else [@low-2021, 3]."
    second.sections.update(body="\n\n".join(paragraphs))
    (part,) = changes(first, second).parts
    assert [row.kind for row in part.rows] == ["fold", "same", "changed", "same", "fold"]
    assert part.rows[0].text == "9 paragraphs are unchanged."
    assert part.rows[2].pieces[-1] == ("added", "something else (Low 2021, 3).")


def test_a_new_heading_of_the_same_section_is_told():
    _review, first, second = two()
    second.sections.update(heading="Remaining")
    (part,) = changes(first, second).parts
    assert [(row.kind, row.text) for row in part.rows] == [("removed", "Staying"), ("added", "Remaining")]


def test_the_page_marks_changes_for_eyes_and_ears(client):
    review, _first, second = two()
    Finding.objects.filter(version=second).update(text="Staying <b>helps</b>.")
    page = page_of(client, changes_of(review))
    assert '<ins><span class="vh">Added: </span>&lt;b&gt;helps&lt;/b&gt;.' in page
    assert '<del><span class="vh">Taken out: </span>helps.' in page
    assert "Compared with version 1." in page
    assert "Compared with version 2." in page_of(client, changes_of(review, 1, "?from=2"))


def test_the_first_version_has_nothing_to_be_compared_with(client):
    review = factories.review()
    assert "There is no earlier version" in page_of(client, changes_of(review, 1))
    review, _first, _second = two()
    assert "The texts are the same." in page_of(client, changes_of(review))
    for wrong in ("?from=9", "?from=x", "?from=2"):
        page_of(client, changes_of(review, 2, wrong), status=404)


def test_nobody_reads_in_a_difference_what_they_may_not_read_itself(client):
    review, first, second = two()
    Version.objects.filter(pk=first.pk).update(handling="OFFICIAL", background="Names behind closed doors")
    assert "closed doors" not in page_of(client, changes_of(review))
    page_of(client, changes_of(review, 2, "?from=1"), status=404)
    client.force_login(factories.member(factories.partner(review.programme)))
    assert "closed doors" in page_of(client, changes_of(review))
    draft = factories.version_of(review, "drafting", number=3, title="Not yet")
    page_of(client, changes_of(review, draft.number), status=404)
    page_of(client, changes_of(review, 2, "?from=3"), status=404)


def test_huge_texts_that_have_nothing_in_common_are_compared_in_bounded_time():
    _review, first, second = two()
    first.sections.update(body="\n\n".join("a b " * 50 + str(n) for n in range(1000)))
    second.sections.update(body="\n\n".join("b a c " * 50 + str(n) for n in range(1200)))
    begun = time.process_time()
    (part,) = changes(first, second).parts
    assert time.process_time() - begun < 8
    assert len(part.rows) >= 1200
