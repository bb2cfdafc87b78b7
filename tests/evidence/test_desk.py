"""The desk: who stands at it, what it shows, and the list of what somebody has in hand."""

import pytest
from django.urls import reverse

from evidence.models import ReviewPerson
from evidence.states import VersionState
from tests import factories
from tests.evidence.texts import whole

pytestmark = pytest.mark.django_db

DESKS = reverse("evidence:desks")


def answers(client, review, *users):
    found = []
    for user in users:
        client.logout()
        if user:
            client.force_login(user)
        found.append(client.get(review.get_desk_url()).status_code)
    return found


def test_only_those_who_make_a_review_find_its_desk(client):
    programme = factories.programme()
    review = factories.review(programme, state=VersionState.DRAFTING)
    makers = (factories.author(review), factories.editor(review), factories.coordinator(programme))
    others = (None, factories.person(), factories.reviewer(programme), factories.member(factories.partner(programme)))
    assert answers(client, review, *makers) == [200] * 3
    assert answers(client, review, *others) == [404] * 4
    ReviewPerson.objects.update(ends_on=factories.yesterday())
    assert answers(client, review, *makers) == [404, 404, 200]


def test_the_desk_says_where_the_text_stands_and_what_it_lacks(client):
    review = factories.review(state=VersionState.DRAFTING)
    client.force_login(factories.author(review))
    page = client.get(review.get_desk_url())
    states = [each["state"] for each in page.context["stages"]]
    assert states == ["done", "done", "now", "ahead", "ahead", "ahead"]
    assert "Name at least one author." in page.content.decode()
    whole(review.versions.get())
    assert client.get(review.get_desk_url()).context["lacks"] == []


@pytest.mark.parametrize("state", list(VersionState))
def test_the_desk_of_a_text_in_any_state_is_a_page(client, state):
    review = factories.review(state=state)
    client.force_login(factories.author(review))
    page = client.get(review.get_desk_url())
    assert [each["state"] for each in page.context["stages"]].count("now") == (state != VersionState.WITHDRAWN)


def test_a_review_without_a_version_says_so(client):
    review = factories.review()
    programme = review.programme
    empty = factories.Review.objects.create(programme=programme, slug="empty", title="Empty", kind_of=review.kind_of)
    client.force_login(factories.coordinator(programme))
    assert "No version has been begun yet." in client.get(empty.get_desk_url()).content.decode()


def test_the_list_has_what_is_in_hand_and_costs_the_same_however_long(client, django_assert_max_num_queries):
    user = factories.person()
    client.force_login(user)
    assert "Nothing is in your hands" in client.get(DESKS).content.decode()
    published = factories.review()
    reviews = [published, *(factories.review(published.programme, state=VersionState.DRAFTING) for _each in range(21))]
    factories.review()
    for review in reviews:
        factories.author(review, user)
    with django_assert_max_num_queries(20):
        first = client.get(DESKS)
    listed = [*first.context["reviews"], *client.get(f"{DESKS}?page=2").context["reviews"]]
    assert [each.pk for each in listed] == [each.pk for each in (*reversed(reviews[1:]), published)]
    assert {each.stands for each in listed} == {"Being written", "Published"}


def test_ones_own_page_and_the_review_lead_to_the_desk(client):
    review = factories.review()
    factories.version_of(review, VersionState.DRAFTING, number=2)
    client.force_login(factories.author(review))
    assert review.get_desk_url() in client.get(reverse("me")).content.decode()
    assert review.get_desk_url() in client.get(review.get_absolute_url()).content.decode()
    client.logout()
    assert review.get_desk_url() not in client.get(review.get_absolute_url()).content.decode()


def test_the_list_names_what_one_is_asked_to_review(client):
    asked = factories.peer_review(factories.review(state=VersionState.PEER_REVIEW).versions.get(), state="invited")
    client.force_login(asked.user)
    page = client.get(DESKS).content.decode()
    assert "You are asked to review" in page
    assert asked.get_absolute_url() in page
