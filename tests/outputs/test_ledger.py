"""The ledger follows the index: what goes out, since when, what is gone, and which addresses lead on."""

import pytest
from django.utils import timezone

from collaborative.outputs.models import OldAddress, Record
from collaborative.search.services import index, remove
from tests import factories as make

pytestmark = pytest.mark.django_db


def record(review):
    """Return the row of a review."""
    return Record.objects.get(kind="review", object_id=review.pk)


def test_what_is_published_goes_out_in_its_sets():
    theme = make.theme()
    review = make.review(themes=[theme])
    index(review)
    row = record(review)
    assert not row.gone
    assert row in Record.objects.public()
    assert set(row.sets.values_list("spec", flat=True)) == {"kind:review", f"theme:{theme.slug}"}


def test_what_did_not_change_keeps_its_stamp():
    review = make.review()
    index(review)
    Record.objects.update(stamp=timezone.now() - timezone.timedelta(days=9))
    before = record(review).stamp
    index(review)
    assert record(review).stamp == before
    review.title = "Another"
    review.save()
    index(review)
    assert record(review).stamp > before


def test_what_is_gone_stays_known_as_gone():
    review = make.review()
    index(review)
    remove("review", review.pk)
    assert record(review).gone
    index(review)
    assert not record(review).gone


def test_an_old_address_is_kept_and_given_back():
    review = make.review(slug="first")
    index(review)
    review.slug = "second"
    review.save()
    index(review)
    assert OldAddress.objects.get(kind="review", slug="first").object_id == review.pk
    review.slug = "first"
    review.save()
    index(review)
    assert list(OldAddress.objects.values_list("slug", flat=True)) == ["second"]
