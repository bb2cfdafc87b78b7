"""Who may read what: the same answer from the list, the page, search, panels and every other output."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collaborative.search import services as search
from evidence.models import Author, Review, Version
from evidence.states import VersionState
from tests import factories
from tests.house.world import KINDS_OF_PERSON, world

pytestmark = pytest.mark.django_db

INSIDE = {"member", "organisation_lead", "project_lead", "asker", "coordinator", "administrator"}
READ = {VersionState.PUBLISHED, VersionState.UPDATE_DUE, VersionState.SUPERSEDED, VersionState.ARCHIVED}
HANDLINGS = ("PUBLIC", "OFFICIAL")
SECRET = "Names behind closed doors"


def in_every_state(programme, **fields):
    """Make a review in each state and handling; return ``{(state, handling): review}``."""
    made = {}
    for state in VersionState:
        for handling in HANDLINGS:
            made[state, handling] = factories.review(programme, state=state, **fields)
            Version.objects.filter(review=made[state, handling]).update(handling=handling)
    return made


def expected(person, state, handling):
    """Return the answer of a review's page for a kind of person."""
    if handling == "OFFICIAL" and person not in INSIDE:
        return 404
    return 200 if state in READ else 410 if state == VersionState.WITHDRAWN else 404


def enter(client, user):
    client.logout()
    if user:
        client.force_login(user)


def test_list_and_page_agree_on_who_may_see(client):
    scene = world()
    reviews = in_every_state(scene.programme)
    assert set(scene.people) == set(KINDS_OF_PERSON)
    for kind, user in scene.people.items():
        enter(client, user)
        answers = {key: client.get(review.get_absolute_url()).status_code for key, review in reviews.items()}
        assert answers == {key: expected(kind, *key) for key in reviews}, kind
        listed = {review.pk for review in client.get(reverse("evidence:list") + "?q=").context["filter"].qs}
        shown = {reviews[key].pk for key, status in answers.items() if status == 200}
        assert listed - {scene.review.pk} == shown, kind


def test_previews_are_for_those_who_manage_the_text(client):
    scene = world()
    reviews = in_every_state(scene.programme)
    working = {"commissioned", "protocol", "drafting", "peer_review", "approved"}
    for kind, user in scene.people.items():
        enter(client, user)
        for (state, _handling), review in reviews.items():
            status = client.get(reverse("evidence:preview", args=[review.slug])).status_code
            allowed = kind in ("coordinator", "administrator") and state in working
            assert status == (200 if allowed else 404), (kind, state)


def test_official_is_in_no_output_for_the_public(client):
    scene = world()
    review = factories.review(
        scene.programme, title=SECRET, summary=SECRET, themes=[scene.theme], project=scene.project
    )
    Version.objects.filter(review=review).update(handling="OFFICIAL", title=SECRET, summary=SECRET)
    Author.objects.create(version=review.current, position=1, name="Ada", organisation=scene.force)
    search.index(Review.objects.get(pk=review.pk))
    event = factories.event(scene.programme, review=review)
    addresses = [
        reverse("home"),
        reverse("evidence:list"),
        reverse("evidence:list") + "?q=names+behind+closed",
        reverse("search") + "?q=names+behind+closed",
        review.get_absolute_url(),
        scene.theme.get_absolute_url(),
        scene.programme.get_absolute_url(),
        scene.force.get_absolute_url(),
        scene.project.get_absolute_url(),
        event.get_absolute_url(),
        reverse("training:calendar", args=[event.slug]),
    ]
    for kind in ("visitor", "account", "other_member", "other_coordinator", "former_member"):
        enter(client, scene.people[kind])
        for address in addresses:
            assert SECRET not in client.get(address).content.decode(), (kind, address)
    enter(client, scene.people["member"])
    link = f'href="{review.get_absolute_url()}'
    assert [each for each in addresses[1:10] if link not in client.get(each).content.decode()] == []


@pytest.mark.parametrize("state", [VersionState.DRAFTING, VersionState.WITHDRAWN])
def test_what_is_not_public_is_not_named_by_its_training(client, state):
    scene = world()
    review = factories.review(scene.programme, state=state, title=SECRET)
    event = factories.event(scene.programme, review=review)
    assert SECRET not in client.get(event.get_absolute_url()).content.decode()


def test_a_project_that_is_not_public_is_not_named_by_its_review(client):
    scene = world()
    type(scene.proposal).objects.filter(pk=scene.proposal.pk).update(title=SECRET)
    review = factories.review(scene.programme, project=scene.proposal)
    event = factories.event(scene.programme, review=review)
    for address in (review.get_absolute_url(), event.get_absolute_url()):
        page = client.get(address).content.decode()
        assert SECRET not in page
        assert scene.proposal.slug not in page


def test_an_older_text_for_partners_stays_theirs_when_a_newer_one_is_public():
    scene = world()
    older = scene.review.versions.get()
    Version.objects.filter(pk=older.pk).update(state="replaced", handling="OFFICIAL")
    newer = Version.objects.create(
        review=scene.review, number=2, title="Newer", state="published", published_at=older.published_at
    )
    Review.objects.filter(pk=scene.review.pk).update(current=newer)
    seen = {kind: set(Version.objects.visible_to(user)) for kind, user in scene.people.items() if user}
    assert older not in set(Version.objects.visible_to(None))
    assert {kind for kind, versions in seen.items() if older in versions} == INSIDE
    assert all(newer in versions for versions in seen.values())


def test_a_tombstone_says_what_stood_there_and_why_it_went(client):
    review = factories.review(state=VersionState.WITHDRAWN, title="Trust in two towns")
    answer = client.get(review.get_absolute_url())
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Trust in two towns" in page
    assert "Found wrong." in page
    assert "How it was cited" in page
    assert "noindex" in page


def test_what_was_withdrawn_is_a_tombstone_for_those_who_may_not_read_its_successor(client):
    scene = world()
    review = factories.review(scene.programme, state=VersionState.WITHDRAWN)
    newer = Version.objects.create(
        review=review, number=2, title="For partners", state="published", handling="OFFICIAL",
        published_at=review.published_at,
    )  # fmt: skip
    Review.objects.filter(pk=review.pk).update(current=newer)
    assert client.get(review.get_absolute_url()).status_code == 410
    enter(client, scene.people["member"])
    assert client.get(review.get_absolute_url()).status_code == 200


def counted(client, address):
    """Return how many queries a page costs, when it is asked for the second time."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_list_and_pages_cost_the_same_however_long(client):
    scene = world()
    review = scene.review
    addresses = [
        reverse("evidence:list"), review.get_absolute_url(), scene.theme.get_absolute_url(),
        scene.programme.get_absolute_url(),
    ]  # fmt: skip
    author = Author.objects.create(version=review.current, position=1, name="Ada", organisation=scene.force)
    for kind, budget in (("visitor", 12), ("member", 20), ("coordinator", 20)):
        enter(client, scene.people[kind])
        few = {address: counted(client, address) for address in addresses}
        for _number in range(30):
            factories.review(scene.programme, themes=[scene.theme])
            author.pk, author.position = None, author.position + 1
            author.save()
            factories.event(scene.programme, review=review)
        many = {address: counted(client, address) for address in addresses}
        assert many == few, kind
        assert max(few[each] for each in addresses[:2]) <= budget, (kind, few)
