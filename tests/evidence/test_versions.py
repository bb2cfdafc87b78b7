"""Versions at their own addresses, and what stands above a text: newer, archived, superseded, embargoed, corrected."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evidence.models import Correction, Review, Version
from evidence.states import VersionState
from tests import factories

pytestmark = pytest.mark.django_db


def page_of(client, thing, status=200):
    answer = client.get(thing if isinstance(thing, str) else thing.get_absolute_url())
    assert answer.status_code == status
    return answer.content.decode()


def replaced(review, **fields):
    """Give a review a second version that everyone reads; return the first and the second."""
    first = review.current
    Version.objects.filter(pk=first.pk).update(state=VersionState.REPLACED)
    second = factories.version_of(review, VersionState.PUBLISHED, number=2, title=review.title, **fields)
    Review.objects.filter(pk=review.pk).update(current=second)
    review.refresh_from_db()
    first.refresh_from_db()
    return first, second


def versions_of(review):
    return reverse("evidence:versions", args=[review.slug])


def test_an_older_version_keeps_its_address_and_says_that_there_is_a_newer_one(client):
    review = factories.review()
    first, second = replaced(review)
    page = page_of(client, first)
    assert "There is a newer version" in page
    assert f'<a href="{review.get_absolute_url()}">Read version 2, the newest</a>' in page
    assert f'<link rel="canonical" href="http://localhost:8000{first.get_absolute_url()}">' in page or (
        f'{first.get_absolute_url()}">' in page.split('rel="canonical"')[1][:200]
    )
    for newest in (page_of(client, second), page_of(client, review)):
        assert "There is a newer version" not in newest
        assert f'{review.get_absolute_url()}">' in newest.split('rel="canonical"')[1][:200]


def test_what_the_reader_may_not_see_is_not_announced_as_newer(client):
    review = factories.review()
    first, _second = replaced(review, handling="OFFICIAL")
    assert "There is a newer version" not in page_of(client, first)


def test_the_list_of_versions_has_each_with_its_date_corrections_and_difference(client):
    review = factories.review()
    first, second = replaced(review, changes="A **new** finding.")
    factories.version_of(review, VersionState.DRAFTING, number=3, title="Not yet")
    Correction.objects.create(version=first, text="It was two towns.", by=factories.person())
    page = page_of(client, versions_of(review))
    assert first.get_absolute_url() in page
    assert second.get_absolute_url() in page
    assert "It was two towns." in page
    assert "A <strong>new</strong> finding." in page
    assert reverse("evidence:changes", args=[review.slug, 2]) in page
    assert reverse("evidence:changes", args=[review.slug, 1]) not in page
    assert "Not yet" not in page
    assert "Version 3" not in page


def test_a_withdrawn_older_version_stands_in_the_list_as_a_tombstone(client):
    review = factories.review()
    first, _second = replaced(review)
    Version.objects.filter(pk=first.pk).update(
        state="withdrawn", withdrawn_reason="Counted twice.", withdrawn_at=timezone.now()
    )
    page = page_of(client, versions_of(review))
    assert "Counted twice." in page
    assert f'href="{first.get_absolute_url()}"' not in page
    tomb = page_of(client, first, status=410)
    assert "Counted twice." in tomb
    assert review.get_absolute_url() in tomb
    page_of(client, reverse("evidence:changes", args=[review.slug, 1]), status=410)


def test_a_withdrawn_review_has_no_list_of_versions(client):
    review = factories.review(state=VersionState.WITHDRAWN)
    page_of(client, versions_of(review), status=410)


def test_an_archived_text_says_so_in_the_readers_language(client):
    review = factories.review(state=VersionState.ARCHIVED)
    told = {"en-gb": "no longer kept up to date", "cy": "Wedi’i archifo", "fr": "n’est plus mis à jour"}
    for language, words in told.items():
        page = client.get(review.get_absolute_url(), headers={"accept-language": language}).content.decode()
        assert words in page.replace("&#x27;", "’")
        assert f'<div class="notice warning" lang="{language[:2]}">' in page
        assert "Its subject has gone." in page


def test_a_superseded_text_names_its_successor_only_to_those_who_may_see_it(client):
    successor = factories.review(title="The newer review")
    review = factories.review(state=VersionState.SUPERSEDED)
    Version.objects.filter(review=review).update(superseded_by=successor)
    page = page_of(client, review)
    assert "Superseded" in page
    assert f'<a href="{successor.get_absolute_url()}">Read “The newer review”</a>' in page
    Version.objects.filter(pk=successor.current_id).update(handling="OFFICIAL")
    page = page_of(client, review)
    assert "Superseded" in page
    assert "The newer review" not in page


def test_partners_read_until_when_a_text_is_theirs_alone(client):
    programme = factories.programme()
    review = factories.review(programme)
    Version.objects.filter(review=review).update(public_from=timezone.now() + timedelta(days=2))
    page_of(client, review, status=404)
    client.force_login(factories.member(factories.partner(programme)))
    assert "until a set time" in page_of(client, review)
    Version.objects.filter(review=review).update(public_from=timezone.now() - timedelta(minutes=1))
    client.logout()
    assert "until a set time" not in page_of(client, review)


def test_an_update_that_is_due_and_corrections_stand_above_the_text(client):
    review = factories.review(state=VersionState.UPDATE_DUE)
    for text in ("Table 2 has pounds.", "The author is Ada <Harper>."):
        Correction.objects.create(version=review.current, text=text, by=factories.person())
    page = page_of(client, review)
    above = page[: page.index('<article class="prose"')]
    assert "An update is due" in above
    assert "Table 2 has pounds." in above
    assert "The author is Ada &lt;Harper&gt;." in above


def test_a_preview_is_the_public_page_with_a_banner(client):
    programme = factories.programme()
    review = factories.review(programme, state=VersionState.APPROVED)
    client.force_login(factories.with_second_factor(factories.coordinator(programme)))
    page = page_of(client, reverse("evidence:preview", args=[review.slug]))
    assert "Not published" in page
    assert 'content="noindex"' in page
    assert "Ask for another format" not in page


def test_translations_lead_to_each_other(client):
    original = factories.review(title="In English")
    other = factories.review(title="Yn Gymraeg", language="cy", translation_of=original)
    page = page_of(client, original)
    assert f'hreflang="cy" lang="cy">Cymraeg: {other.title}</a>' in page
    assert page.count('<link rel="alternate" hreflang=') == 2
    translated = page_of(client, other)
    assert '<article class="prose" lang="cy">' in translated
    assert f'href="{original.get_absolute_url()}" hreflang="en"' in translated
    Version.objects.filter(pk=other.current_id).update(handling="OFFICIAL")
    assert "Yn Gymraeg" not in page_of(client, original)
