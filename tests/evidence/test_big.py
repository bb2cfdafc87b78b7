"""A review of 200 pages asks the database no more than one of five, and all of it is on the page."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.evidence import big

pytestmark = pytest.mark.django_db
MOST = 12


def asked(client, review):
    """Return how many queries the page takes when nothing of it is kept, and the page."""
    client.get(review.get_absolute_url())  # what a process reads once
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        page = client.get(review.get_absolute_url())
    assert page.status_code == 200
    return len(queries), page.content.decode()


def test_a_review_of_200_pages_costs_as_many_queries_as_a_small_one(client):
    small, _page = asked(client, big.big_review(sections=2))
    large, page = asked(client, big.big_review())
    assert large == small <= MOST
    assert page.count("<table") == big.TABLES
    assert page.count("<img") >= big.FIGURES
    assert page.count("town.") >= big.REFERENCES
    assert page.count("Patrols that stay") >= big.WORDS // len(big.SENTENCE.split()) * 0.95
