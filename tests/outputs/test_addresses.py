"""Old addresses lead on for ever, for whoever may see where; nobody else gets them."""

import pytest
from django.core.exceptions import ValidationError

from collaborative.core.kinds import model_of
from collaborative.core.slugs import free_slug, refuse_old
from collaborative.outputs.models import OldAddress, Record
from collaborative.outputs.registry import kinds_out, outgoing_of
from collaborative.search.services import forget, index
from evidence.models import Review, Version
from partners.models import Profile
from tests import factories as make
from tests.admin_forms import enter, fields_of
from tests.search.things import MAKERS

pytestmark = pytest.mark.django_db


def moved(thing, *slugs):
    """Give a thing one address after another, as coordinators do; return it."""
    index(thing)
    for slug in slugs:
        type(thing).objects.filter(pk=thing.pk).update(slug=slug)
        thing.refresh_from_db()
        index(thing)
    return thing


@pytest.mark.parametrize("kind", [kind for kind in kinds_out() if kind != "profile"])
def test_the_old_address_of_every_kind_leads_to_the_new_one(client, kind):
    made, seen = MAKERS[kind](make.programme()), set(outgoing_of(kind).open().values_list("pk", flat=True))
    thing = moved(next(thing for thing in made if thing.pk in seen), "first", "second", "third")
    for old in ("first", "second"):
        answer = client.get(thing.get_absolute_url().replace("third", old))
        assert (answer.status_code, answer["Location"]) == (301, thing.get_absolute_url())


def test_all_that_stands_below_leads_on_too_with_its_query(client):
    moved(make.review(), "first", "second")
    for below in ("/v/1/", "/versions/", "/v/1/changes/?a=1&b=2", ".pdf", "/?x=%C3%A9"):
        answer = client.get(f"/evidence/first{below}")
        assert (answer.status_code, answer["Location"]) == (301, f"/evidence/second{below}")
    assert client.head("/evidence/first/").status_code == 301
    assert client.post("/evidence/first/").status_code in (404, 405)
    assert client.get("/evidence/first/nothing/").status_code == 404
    assert client.get("/evidence/second/v/9/").status_code == 404


def test_an_address_leads_on_only_for_whoever_may_see_the_thing(client):
    review = moved(make.review(), "first", "second")
    Version.objects.update(handling="OFFICIAL")
    assert client.get("/evidence/first/").status_code == 404
    client.force_login(make.member(make.partner(review.programme)))
    assert client.get("/evidence/first/").status_code == 301


def test_an_old_address_leads_to_the_tombstone(client):
    review = moved(make.review(state="withdrawn"))
    Record.objects.create(kind="review", object_id=review.pk, slug=review.slug)
    Review.objects.filter(pk=review.pk).update(slug="later")
    review.refresh_from_db()
    index(review)
    old = OldAddress.objects.get().slug
    assert client.get(f"/evidence/{old}/")["Location"] == "/evidence/later/"
    assert client.get("/evidence/later/").status_code == 410


def test_an_address_that_came_back_leads_nowhere_else(client):
    moved(make.review(), "first", "second", "first")
    assert client.get("/evidence/first/").status_code == 200
    assert client.get("/evidence/second/")["Location"] == "/evidence/first/"


def test_nothing_else_gets_an_old_address():
    review = moved(make.review(), "what-works", "what-helps")
    assert free_slug(Review, "What works") == "what-works-2"
    refuse_old(Review, "what-works", review.pk)
    refuse_old(model_of("event"), "what-works")
    with pytest.raises(ValidationError, match="belonged to something else"):
        refuse_old(Review, "what-works")


def test_a_persons_old_addresses_are_not_kept_and_forgetting_leaves_no_word(client):
    profile = moved(make.profile(), "ann-other", "ann-else")
    assert not OldAddress.objects.exists()
    assert client.get("/people/ann-other/").status_code == 404
    assert Record.objects.get(kind=Profile.kind).slug == ""
    sheet = moved(make.sheet(), "first", "second")
    for thing in (profile, sheet):
        forget(thing.kind, thing.pk)
    assert set(Record.objects.values_list("slug", "digest", "gone")) == {("", "", True)}
    assert not OldAddress.objects.exists()


def test_a_coordinator_gives_another_address_and_hears_what_becomes_of_old_links(client):
    review = moved(make.review(), "first", "second")
    other = moved(make.review(review.programme), "mine")
    enter(client, make.coordinator(review.programme))
    page = f"/admin/evidence/review/{other.pk}/change/"
    data = fields_of(client, page)
    assert "they lead to the new one" in client.get(page).content.decode()
    refused = client.post(page, data | {"slug": "first"}).context["adminform"].form
    assert list(refused.errors) == ["slug"]
    assert client.post(page, data | {"slug": "ours"}).status_code == 302
    assert client.get("/evidence/mine/")["Location"] == "/evidence/ours/"
