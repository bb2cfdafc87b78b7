"""Who may find a thing is who may see it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from collaborative.core import kinds
from collaborative.search import services
from collaborative.search.models import SearchEntry
from collaborative.search.queries import matching, search
from collaborative.search.registry import ALWAYS, Entry, kinds_in_order
from tests import factories as make
from tests.search.things import MAKERS, WORD, indexed, people

pytestmark = pytest.mark.django_db


def test_every_kind_that_can_be_found_is_tested_here():
    assert sorted(MAKERS) == sorted(kinds_in_order())


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_the_index_answers_as_visible_to_does_for_everyone_in_every_state(kind):
    programme, elsewhere = make.programme(), make.programme()
    things = indexed(kind, programme)
    ids = {thing.pk for thing in things}
    model = kinds.model_of(kind)
    for name, user in people(programme, elsewhere).items():
        seen = set(model.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
        found = set(matching(WORD, kind, user).values_list("object_id", flat=True))
        assert found == seen, name


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_the_search_page_shows_each_of_them_once_and_nothing_else(kind):
    programme = make.programme()
    ids = {thing.pk for thing in indexed(kind, programme)}
    for name, user in people(programme, make.programme()).items():
        seen = kinds.model_of(kind).objects.visible_to(user).filter(pk__in=ids).count()
        hits = search(WORD, user)[:100]
        assert (len(hits), {hit.kind for hit in hits} <= {kind}) == (seen, True), name


def test_a_draft_is_not_found_even_by_those_who_write_it():
    programme = make.programme()
    body = make.partner(programme)
    author = make.member(body)
    draft = make.project(programme, stage="draft", title=WORD, leads=[(author, body, "police_lead")])
    services.index(draft)
    assert SearchEntry.objects.count() == 0


def test_a_thing_that_went_back_to_named_readers_is_no_longer_found():
    project = make.project(title=WORD)
    services.index(project)
    project.stage = "draft"
    services.index(project)
    assert SearchEntry.objects.count() == 0


def test_a_thing_is_public_from_its_moment_on_and_needs_no_rewrite():
    soon, just = timezone.now() + timedelta(hours=1), timezone.now() - timedelta(seconds=1)
    services.store("theme", 1, Entry(title="Drones", public_from=soon))
    services.store("theme", 2, Entry(title="Drones", public_from=just))
    services.store("theme", 3, Entry(title="Drones"))
    assert list(matching("drones", "theme", AnonymousUser()).values_list("object_id", flat=True)) == [2]


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("visitor", set()),
        ("account holder", set()),
        ("member", {1}),
        ("former member", set()),
        ("member elsewhere", set()),
        ("coordinator", {1, 2}),
        ("coordinator elsewhere", set()),
        ("administrator", {1, 2, 3}),
        ("deactivated administrator", set()),
    ],
)
def test_what_is_not_public_yet_is_found_by_insiders_coordinators_and_administrators(who, found):
    programme, elsewhere = make.programme(), make.programme()
    soon = timezone.now() + timedelta(days=1)
    services.store("project", 1, Entry(title=WORD, programme_id=programme.pk, members=True, public_from=soon))
    services.store("project", 2, Entry(title=WORD, programme_id=programme.pk))
    services.store("project", 3, Entry(title=WORD))
    user = people(programme, elsewhere)[who]
    assert set(matching(WORD, "project", user).values_list("object_id", flat=True)) == found


def test_an_index_that_is_too_open_leaks_nothing():
    hidden = make.event(state="planned", title=WORD)
    services.store("event", hidden.pk, Entry(title=WORD, summary=WORD, public_from=ALWAYS))
    assert search(WORD, AnonymousUser())[:20] == []


def test_a_kind_that_nobody_registers_is_neither_found_nor_counted():
    services.store("unheard_of", 1, Entry(title=WORD, public_from=ALWAYS))
    found = search(WORD, AnonymousUser())
    assert (found.counts, found[:20]) == ({}, [])
