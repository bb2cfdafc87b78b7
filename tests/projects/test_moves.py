"""Every move of a project and of a request, by every kind of person: allowed, or refused with its reason."""

import pytest
from django.core.exceptions import PermissionDenied

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.workflow.moves import moves
from collaborative.workflow.services import transition
from projects import services, states
from projects.models import JoinRequest, ProjectPerson
from projects.states import RequestState, Stage
from tests.projects.world import KINDS, World

pytestmark = pytest.mark.django_db

LEADS = {"police lead", "academic lead"}
RUN_IT = {"coordinator", "administrator"}
NOT_LEAD = "Only a lead of this project can do this."
NOT_COORDINATOR = "Only a coordinator of this programme can do this."
NOT_RUNNING = "Only a lead of this project or a coordinator of its programme can do this."
NOT_ASKER = "Only the person who asked can take this back."

WHO = {
    "projects.submit": (LEADS, NOT_LEAD),
    "projects.withdraw": (LEADS, NOT_LEAD),
    "projects.decide": (RUN_IT, NOT_COORDINATOR),
    "projects.run": (LEADS | RUN_IT, NOT_RUNNING),
    "projects.answer": (LEADS, NOT_LEAD),
    "projects.take_back": ({"member"}, NOT_ASKER),
}
OURS = {verb: move for verb, move in moves().items() if verb.startswith(("project.", "join_request."))}


def thing_in(world, move, state):
    """Make what a move is about, in a state."""
    if move.verb.startswith("project."):
        return world.project(state)
    asker = world["member"]
    return JoinRequest.objects.create(
        project=world.project(), user=asker, organisation=world.organisation_of(asker), message="Please", state=state
    )


def said(act):
    """Return what an act is answered: ``done``, or the reason."""
    try:
        act()
    except (PermissionDenied, Refused) as no:
        return str(no)
    return "done"


@pytest.mark.parametrize("verb", OURS)
def test_a_move_is_for_those_whom_its_policy_names(verb):
    move, world = OURS[verb], World()
    allowed, reason = WHO[move.policy]
    answers = {}
    for kind in KINDS:
        thing = thing_in(world, move, move.sources[0])
        answers[kind] = said(lambda thing=thing, kind=kind: transition(thing, move, by=world[kind]))
        if verb.startswith("join_request."):
            thing.delete()
    assert answers == {kind: "done" if kind in allowed else reason for kind in KINDS}


@pytest.mark.parametrize("verb", OURS)
def test_a_move_starts_from_its_own_states_alone(verb):
    move, world = OURS[verb], World()
    by = world[sorted(WHO[move.policy][0])[0]]
    values = Stage if verb.startswith("project.") else RequestState
    answers = {}
    for state in values:
        thing = thing_in(world, move, state)
        answers[state] = said(lambda thing=thing: transition(thing, move, by=by)) == "done"
        if verb.startswith("join_request."):
            thing.delete()
    assert answers == {state: state in move.sources for state in values}


@pytest.mark.parametrize(
    ("word", "before", "after"),
    [
        ("set-up", "awarded", "set_up"),
        ("start", "set_up", "active"),
        ("pause", "active", "paused"),
        ("resume", "paused", "active"),
        ("report", "active", "reporting"),
        ("complete", "reporting", "completed"),
    ],
)
def test_a_lead_carries_a_project_on(word, before, after):
    world = World()
    project = world.project(before)
    moved = services.run(project, word, by=world["academic lead"])
    event = Event.objects.about(project).get()
    assert moved.stage == after
    assert (event.from_state, event.to_state, event.actor) == (before, after, world["academic lead"])
    assert event.organisation_id == world.university.pk


def test_work_that_starts_without_a_date_starts_today():
    world = World()
    assert services.run(world.project(Stage.SET_UP), "start", by=world["police lead"]).starts_on is not None


def test_a_word_that_is_no_step_is_refused():
    world = World()
    assert said(lambda: services.run(world.project(), "archive", by=world["police lead"])) == (
        "This is not a step that a project can take."
    )


def test_stopping_early_keeps_the_reason():
    world = World()
    stopped = services.stop(world.project(), by=world["police lead"], reason="The data never came.")
    decision = stopped.decisions.get()
    assert stopped.stage == decision.outcome == Stage.STOPPED_EARLY
    assert decision.reason == "The data never came."
    assert decision.organisation == world.force


def test_stopping_needs_a_reason():
    world = World()
    project = world.project()
    assert said(lambda: services.stop(project, by=world["police lead"], reason="  ")) == (
        "Say why it stops: others learn from it."
    )
    project.refresh_from_db()
    assert project.stage == Stage.ACTIVE


def test_rights_end_with_the_membership():
    world = World()
    project, lead = world.project(Stage.PROPOSED), world["police lead"]
    lead.memberships.update(ends_on=project.created_at.date())
    assert said(lambda: services.withdraw(project, by=lead)) == NOT_LEAD


def test_rights_end_with_the_part():
    world = World()
    project, lead = world.project(Stage.PROPOSED), world["police lead"]
    ProjectPerson.objects.filter(user=lead).update(ends_on=project.created_at.date())
    assert said(lambda: services.withdraw(project, by=lead)) == NOT_LEAD


def test_a_lead_whose_organisation_left_the_programme_cannot_submit():
    world = World()
    draft = world.project(Stage.DRAFT)
    world.force.partnerships.update(ends_on=draft.created_at.date())
    assert said(lambda: services.submit(draft, by=world["police lead"])) == (
        "Your organisation is no longer a partner of this programme."
    )


def test_a_coordinator_with_a_part_in_a_project_does_not_decide_on_it():
    world = World()
    project, coordinator = world.project(Stage.PROPOSED), world["coordinator"]
    body = world.force
    body.memberships.create(user=coordinator, starts_on=project.created_at.date())
    project.people.create(user=coordinator, organisation=body, starts_on=project.created_at.date())
    reason = "You have a part in this project yourself, so another coordinator decides."
    assert said(lambda: transition(project, states.AWARD, by=coordinator)) == reason


def test_a_coordinator_does_not_get_rid_of_a_part_by_ending_their_own_membership():
    world = World()
    project, coordinator = world.project(Stage.PROPOSED), world["coordinator"]
    today = project.created_at.date()
    membership = world.force.memberships.create(user=coordinator, starts_on=today)
    project.people.create(user=coordinator, organisation=world.force, starts_on=today)
    membership.ends_on = today
    membership.save()
    reason = "You have a part in this project yourself, so another coordinator decides."
    assert said(lambda: transition(project, states.AWARD, by=coordinator)) == reason
