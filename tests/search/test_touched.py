"""What carries the name of a thing is found by its new one: at once where it is little, else by a job."""

import pytest

from collaborative.core.saved import saved
from collaborative.search import services
from collaborative.search.models import SearchEntry, Touched
from collaborative.search.queries import matching
from collaborative.search.touching import carriers
from tests import factories as make
from tests.search.things import MAKERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme():
    """A theme that two projects and a review are about."""
    theme, run = make.theme(name="Drones"), make.programme()
    for thing in (make.project(run, stage="active"), make.project(run, stage="active"), make.review(run)):
        thing.themes.add(theme)
    services.reindex()
    return theme


def rename(theme, name):
    theme.name = name
    theme.save()
    services.index(theme)


def found(text):
    return sum(matching(text, kind, None).count() for kind in ("project", "review"))


def test_few_follow_a_new_name_at_once(theme):
    rename(theme, "Zeppelins")
    assert (found("zeppelins"), found("drones"), Touched.objects.count()) == (3, 0, 0)
    assert not services.drift()


def test_many_wait_for_the_job_which_goes_on_where_it_was_lost(theme, monkeypatch):
    monkeypatch.setattr(services, "TOUCHED_AT_ONCE", 2)
    monkeypatch.setattr(services, "CHUNK", 1)
    rename(theme, "Zeppelins")
    assert (found("zeppelins"), Touched.objects.count()) == (0, 1)
    assert services.drain(most=1) == 1
    assert found("zeppelins") == 1
    assert services.drain() == 3
    assert (found("zeppelins"), Touched.objects.count(), services.drain()) == (3, 0, 0)
    assert not services.drift()


def test_touched_again_meanwhile_it_begins_anew(theme, monkeypatch):
    monkeypatch.setattr(services, "TOUCHED_AT_ONCE", 0)
    monkeypatch.setattr(services, "CHUNK", 2)
    rename(theme, "Zeppelins")
    services.drain(most=1)
    rename(theme, "Balloons")
    services.drain()
    assert (found("balloons"), found("zeppelins")) == (3, 0)


def test_what_keeps_its_name_touches_nothing(theme):
    SearchEntry.objects.filter(kind="project").update(title="As it was")
    theme.summary = "Something else."
    theme.save()
    services.index(theme)
    assert SearchEntry.objects.filter(title="As it was").count() == 2


def test_a_bulk_change_and_a_term_that_the_admin_saved_are_followed_too():
    organisation, term = make.organisation(name="Old Force"), make.term("project_kind", "survey")
    project = make.project(make.programme(), stage="active", lead_organisation=organisation, kind_of=term)
    services.reindex()
    type(organisation).objects.update(name="New Constabulary")
    services.index_each("organisation", [organisation.pk])
    term.label = "Questionnaire"
    term.save()
    saved(term, added=False, by=None)
    for word in ("constabulary", "questionnaire"):
        assert list(matching(word, "project", make.administrator()).values_list("object_id", flat=True)) == [project.pk]
    assert not services.drift()


@pytest.mark.parametrize(
    "name",
    [
        "theme",
        "organisation",
        "programme",
        "area",
        "vocabulary.term",
        "projects.strand",
        "partners.expertise",
        "evidence.tag",
    ],
)
def test_every_carrier_can_be_asked(name):
    assert all(kind in MAKERS and list(rows) == [] for kind, each in carriers(name, [0]).items() for rows in each)
    assert carriers(name, [0])
