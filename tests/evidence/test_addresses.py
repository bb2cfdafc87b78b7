"""Words that the library needs for its own pages are nobody's address."""

import pytest

from evidence.models import RESERVED_SLUGS, SHEET_RESERVED_SLUGS
from evidence.urls import practices, urlpatterns
from tests import factories
from tests.admin_forms import fields_of

ADD = "/admin/evidence/review/add/"


def first_words(patterns):
    """Return the words with which addresses begin that are no thing's own."""
    return {each for each in (str(one.pattern).split("/")[0] for one in patterns) if each.replace("-", "").isalpha()}


def test_the_first_word_of_every_page_is_reserved():
    assert {"desk", "peer-review", "requests"} <= first_words(urlpatterns) <= set(RESERVED_SLUGS)
    assert {"new", "mine"} == first_words(practices.urlpatterns) <= set(SHEET_RESERVED_SLUGS)
    assert "practices" in RESERVED_SLUGS


@pytest.mark.django_db
def test_a_reserved_address_is_refused_beside_its_field_and_what_was_typed_stays(client):
    programme = factories.programme()
    client.force_login(factories.with_second_factor(factories.coordinator(programme)))
    kind = factories.term("review_kind", "systematic_review")
    empty = fields_of(client, ADD)
    for word in ("desk", "practices", "Peer-Review"):
        data = empty | {"title": "Trust", "slug": word, "programme": programme.pk, "kind_of": kind.pk}
        form = client.post(ADD, data).context["adminform"].form
        assert (list(form.errors), form["title"].value()) == (["slug"], "Trust"), word
