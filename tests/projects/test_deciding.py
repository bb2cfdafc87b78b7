"""The coordinator's decision, as a service and in the admin."""

import pytest

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter, News
from projects import services
from projects.models import Decision, JoinRequest, Project
from projects.states import RequestState, Stage
from tests import factories as make
from tests.projects.world import World, client_of

pytestmark = pytest.mark.django_db

WHY = "It answers what our partners ask."


@pytest.mark.parametrize(
    ("before", "outcome"),
    [("proposed", "shortlisted"), ("proposed", "awarded"), ("proposed", "declined"), ("shortlisted", "awarded"),
     ("in_review", "declined")],
)  # fmt: skip
def test_a_decision_has_who_when_and_why(before, outcome):
    world = World()
    project = world.project(before)
    decision = services.decide(project, outcome, by=world["coordinator"], reason=f" {WHY} ", seen=before)
    project.refresh_from_db()
    event = Event.objects.about(project).get()
    assert (project.stage, decision.outcome, decision.reason) == (outcome, outcome, WHY)
    assert decision.by == event.actor == world["coordinator"]
    assert (event.verb, event.from_state, event.to_state) == (f"project.{outcome}", before, outcome)


def test_an_award_enters_the_register_and_is_announced_to_followers():
    world = World()
    project = world.project(Stage.PROPOSED)
    services.decide(project, Stage.AWARDED, by=world["coordinator"], reason=WHY, seen=Stage.PROPOSED)
    project.refresh_from_db()
    topics = set(News.objects.get().topics.values_list("kind_of", "object_id"))
    assert project.listed_at is not None
    assert topics == {("programme", world.programme.pk), ("theme", world.theme.pk)}


def test_an_award_that_is_not_public_is_not_announced():
    world = World()
    project = world.project(Stage.PROPOSED, handling="OFFICIAL")
    services.decide(project, Stage.AWARDED, by=world["coordinator"], reason=WHY, seen=Stage.PROPOSED)
    assert News.objects.count() == 0


def test_a_decline_answers_those_who_wanted_to_join():
    world = World()
    project = world.project(Stage.PROPOSED)
    organisation = world.organisation_of(world.asker)
    request = services.ask(project, by=world.asker, organisation=organisation, message="Please")
    services.decide(project, Stage.DECLINED, by=world["coordinator"], reason=WHY, seen=Stage.PROPOSED)
    request.refresh_from_db()
    assert (request.state, request.answer) == (RequestState.DECLINED, "Nobody can join this project any more.")
    assert Letter.objects.filter(key="join_request.declined", recipient=world.asker).count() == 2


def test_an_award_leaves_requests_to_join_open():
    world = World()
    project = world.project(Stage.PROPOSED)
    organisation = world.organisation_of(world.asker)
    services.ask(project, by=world.asker, organisation=organisation, message="Please")
    services.decide(project, Stage.AWARDED, by=world["coordinator"], reason=WHY, seen=Stage.PROPOSED)
    assert JoinRequest.objects.get().state == RequestState.PENDING


def test_the_second_coordinator_is_told_who_decided_what():
    world = World()
    project = world.project(Stage.PROPOSED)
    first = world["coordinator"]
    services.decide(project, Stage.SHORTLISTED, by=first, reason=WHY, seen=Stage.PROPOSED)
    with pytest.raises(Refused) as told:
        services.decide(project, Stage.AWARDED, by=world["administrator"], reason=WHY, seen=Stage.PROPOSED)
    assert str(told.value) == (
        f"{first.name} has decided meanwhile: this proposal is now “Shortlisted”. Your decision was not saved."
    )
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("   ", "Say why: the proposers are told the reason."),
        ("x" * 4001, "This text may have at most 4000 characters."),
    ],
)
def test_a_reason_is_needed_and_has_an_end(reason, sentence):
    world = World()
    project = world.project(Stage.PROPOSED)
    with pytest.raises(Refused) as told:
        services.decide(project, Stage.DECLINED, by=world["coordinator"], reason=reason, seen=Stage.PROPOSED)
    assert str(told.value) == sentence
    assert Decision.objects.count() == 0


def in_the_admin(world, kind="coordinator"):
    """Return a coordinator's client, with the second factor that the admin asks for."""
    return client_of(make.with_second_factor(world[kind]))


def as_shown(page):
    """Return what a change page would send unchanged."""
    form = page.context["adminform"].form
    sent = {name: form.initial.get(name) or "" for name in form.fields}
    for inline in page.context["inline_admin_formsets"]:
        formset = inline.formset
        for each in [formset.management_form, *formset.forms]:
            sent |= {each.add_prefix(name): each.initial.get(name) or 0 for name in each.fields if name != "DELETE"}
            if each.prefix != formset.prefix:
                sent |= {each.add_prefix("id"): each.instance.pk, each.add_prefix("project"): each.instance.project_id}
    return sent


def decide_url(project):
    """Return the address of the decision."""
    return f"/admin/projects/project/{project.pk}/decide/"


def test_the_admin_lists_what_waits_in_ones_own_programme():
    world = World()
    waiting = world.project(Stage.PROPOSED, title="Waiting for us")
    world.project(Stage.ACTIVE, title="Under way")
    world.project(Stage.DRAFT, title="A draft of theirs")
    make.project(world.elsewhere, stage=Stage.PROPOSED, title="Another programme’s")
    client = in_the_admin(world)
    shown = client.get("/admin/projects/project/?waiting=yes").context["cl"].queryset
    assert list(shown) == [waiting]
    everything = client.get("/admin/projects/project/").context["cl"].queryset
    assert {project.title for project in everything} == {"Waiting for us", "Under way"}


def test_the_workshop_says_how_many_proposals_wait():
    world = World()
    client = in_the_admin(world)
    assert "waits for a decision" not in client.get("/admin/").content.decode()
    world.project(Stage.PROPOSED)
    make.project(world.elsewhere, stage=Stage.PROPOSED)
    assert "1 proposal waits for a decision" in client.get("/admin/").content.decode()


def test_the_page_of_the_decision_shows_who_will_be_told():
    world = World()
    project = world.project(Stage.PROPOSED)
    page = in_the_admin(world).get(decide_url(project))
    told = {person.user for person in page.context["told"]}
    assert told == {world[kind] for kind in ("police lead", "academic lead", "team", "former lead")}
    assert all(user.name in page.content.decode() for user in told)


def test_a_coordinator_decides_in_the_admin():
    world = World()
    project = world.project(Stage.PROPOSED)
    sent = {"seen": "proposed", "outcome": "awarded", "reason": WHY}
    answer = in_the_admin(world).post(decide_url(project), sent)
    assert answer.status_code == 302
    assert Project.objects.get(pk=project.pk).stage == Stage.AWARDED


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"seen": ["This field is required."], "outcome": ["Choose what you decide."],
              "reason": ["Give the reason: the proposers are told it."]}),
        ({"seen": "proposed", "outcome": "completed", "reason": WHY},
         {"outcome": ["Choose one of the decisions shown."]}),
        ({"seen": "shortlisted", "outcome": "awarded", "reason": WHY},
         {"__all__": ["This proposal has changed meanwhile: it is now “Proposed”."]}),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_made_is_explained_and_keeps_what_was_typed(sent, errors):
    world = World()
    project = world.project(Stage.PROPOSED)
    page = in_the_admin(world).post(decide_url(project), sent)
    assert (page.status_code, page.context["form"].errors) == (422, errors)
    assert sent.get("reason", "") in page.content.decode()
    assert Project.objects.get(pk=project.pk).stage == Stage.PROPOSED


@pytest.mark.parametrize(
    ("kind", "stage", "status"),
    [
        ("coordinator elsewhere", Stage.PROPOSED, 404),
        ("coordinator", Stage.DRAFT, 404),
        ("coordinator", Stage.ACTIVE, 200),
        ("member", Stage.PROPOSED, 403),
        ("visitor", Stage.PROPOSED, 302),
    ],
)
def test_the_decision_is_for_the_programmes_own_coordinators(kind, stage, status):
    world = World()
    client = client_of(world[kind]) if kind in ("member", "visitor") else in_the_admin(world, kind)
    assert client.get(decide_url(world.project(stage))).status_code == status


def test_a_number_beyond_all_numbers_is_not_found():
    assert in_the_admin(World()).get(f"/admin/projects/project/{10**30}/decide/").status_code == 404


def test_the_stage_cannot_be_changed_by_the_change_form():
    world = World()
    project = world.project(Stage.PROPOSED)
    page = in_the_admin(world).get(f"/admin/projects/project/{project.pk}/change/")
    assert page.status_code == 200
    assert "stage" not in page.context["adminform"].form.fields
    assert decide_url(project) in page.content.decode()


@pytest.mark.parametrize(("stage", "fixed"), [(Stage.PROPOSED, True), (Stage.DECLINED, True), (Stage.ACTIVE, False)])
def test_the_proposers_words_are_theirs_until_they_stand_in_the_register(stage, fixed):
    world = World()
    url = f"/admin/projects/project/{world.project(stage).pk}/change/"
    fields = in_the_admin(world).get(url).context["adminform"].form.fields
    assert ("title" not in fields and "problem" not in fields) == fixed
    assert "area" in fields


def test_what_a_coordinator_changes_is_recorded_and_found():
    world = World()
    project = world.project()
    client = in_the_admin(world)
    url = f"/admin/projects/project/{project.pk}/change/"
    assert client.post(url, as_shown(client.get(url)) | {"title": "Quetzals at night"}).status_code == 302
    assert Event.objects.about(project).get().verb == "project.changed"
    found = client_of(world["visitor"]).get("/projects/?q=quetzals").context["page_obj"]
    assert list(found) == [project]


def test_an_area_belongs_to_the_projects_own_programme():
    world = World()
    make.coordinator(world.elsewhere, world["coordinator"])
    project, foreign = world.project(Stage.ACTIVE), make.area(world.elsewhere)
    client = in_the_admin(world)
    url = f"/admin/projects/project/{project.pk}/change/"
    page = client.post(url, as_shown(client.get(url)) | {"area": foreign.pk})
    assert page.context["adminform"].form.errors == {"area": ["This belongs to another programme."]}


@pytest.mark.parametrize("path", ["strand", "projectarea", "strand/add", "projectarea/add"])
def test_a_coordinator_keeps_strands_and_areas(path):
    world = World()
    make.area(world.programme)
    assert in_the_admin(world).get(f"/admin/projects/{path}/").status_code == 200
