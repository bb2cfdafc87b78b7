"""Two people at once: real threads on a real database, on both engines."""

from uuid import uuid4

import pytest

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from projects import services
from projects.models import Decision, JoinRequest, Project, ProjectPerson
from projects.states import Stage
from tests import factories as make
from tests.projects.world import World
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(results):
    """Return how many acts were done, and what the others were told."""
    told = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(each, Refused) for each in told), told
    return len(results) - len(told), [str(each) for each in told]


@pytest.mark.parametrize("outcomes", [("awarded", "declined"), ("shortlisted", "awarded"), ("awarded", "awarded")])
def test_two_coordinators_make_one_decision(outcomes):
    world = World()
    project = world.project(Stage.PROPOSED)
    coordinators = [world["coordinator"], make.coordinator(world.programme)]

    def decide(by, what):
        return lambda: services.decide(project, what, by=by, reason=f"For {what}.", seen="proposed")

    done, told = outcome(at_once(*(decide(by, what) for by, what in zip(coordinators, outcomes, strict=True))))
    project.refresh_from_db()
    decision = Decision.objects.select_related("by").get()
    assert (done, project.stage) == (1, decision.outcome)
    label = Stage(decision.outcome).label
    assert told == [
        f"{decision.by.name} has decided meanwhile: this proposal is now “{label}”. Your decision was not saved."
    ]
    assert Letter.objects.filter(recipient=world["police lead"], channel="mail").count() == 1


def test_a_withdrawal_and_a_decision_are_one_of_the_two():
    world = World()
    project = world.project(Stage.PROPOSED)
    done, told = outcome(
        at_once(
            lambda: services.withdraw(project, by=world["police lead"]),
            lambda: services.decide(project, "awarded", by=world["coordinator"], reason="Yes.", seen="proposed"),
        )
    )
    assert (done, len(told), Event.objects.about(project).count()) == (1, 1, 1)


def test_two_leads_give_one_answer():
    world = World()
    project = world.project()
    request = services.ask(project, by=world.asker, organisation=world.organisation_of(world.asker), message="Please")

    def answer(kind, accept):
        return lambda: services.answer(request, by=world[kind], accept=accept, words="So it is.")

    done, told = outcome(at_once(answer("police lead", True), answer("academic lead", False)))
    request.refresh_from_db()
    assert done == 1
    assert told == [f"This cannot be done now: it is already “{request.get_state_display()}”."]
    joined = ProjectPerson.objects.filter(project=project, user=world.asker).count()
    assert joined == (1 if request.state == "accepted" else 0)
    assert Letter.objects.filter(recipient=world.asker, channel="mail").count() == 1


def test_an_answer_and_a_change_of_mind_are_one_of_the_two():
    world = World()
    project = world.project()
    request = services.ask(project, by=world.asker, organisation=world.organisation_of(world.asker), message="Please")
    done, told = outcome(
        at_once(
            lambda: services.answer(request, by=world["police lead"], accept=True, words="Welcome."),
            lambda: services.take_back(request, by=world.asker),
        )
    )
    request.refresh_from_db()
    on_it = ProjectPerson.objects.filter(project=project, user=world.asker).exists()
    assert (done, len(told), on_it) == (1, 1, request.state == "accepted")


def test_asking_twice_at_once_is_one_request():
    world = World()
    project, organisation = world.project(), world.organisation_of(world.asker)

    def ask():
        return services.ask(project, by=world.asker, organisation=organisation, message="Please")

    done, told = outcome(at_once(ask, ask, ask))
    assert (done, JoinRequest.objects.count()) == (1, 1)
    assert told == ["You have asked already. The leads have your message and will answer it."] * 2
    assert Letter.objects.filter(recipient=world["police lead"], channel="mail").count() == 1


def test_pressing_save_twice_at_once_keeps_one_draft():
    world, key = World(), uuid4()
    proposer = world["member"]
    values = world.values(proposer)

    def save():
        return services.propose(by=proposer, key=key, values=values)

    results = at_once(save, save, save)
    assert {result.pk for result in results} == {Project.objects.get().pk}


def test_drafts_of_one_title_begun_at_once_get_addresses_of_their_own():
    world = World()
    proposer = world["member"]
    values = world.values(proposer)

    def begin():
        return services.propose(by=proposer, key=uuid4(), values=values)

    results = at_once(begin, begin, begin, begin)
    slugs = {result.slug for result in results}
    assert slugs == {"night-patrols-and-sleep", *(f"night-patrols-and-sleep-{n}" for n in (2, 3, 4))}


def test_pressing_send_twice_at_once_sends_once():
    world = World()
    draft = services.propose(by=world["member"], key=uuid4(), values=world.values(world["member"]))

    def send():
        return services.submit(draft, by=world["member"])

    done, told = outcome(at_once(send, send))
    assert (done, told) == (1, ["This cannot be done now: it is already “Proposed”."])
    assert Letter.objects.filter(key="project.submitted", channel="mail").count() == 1
