"""transition(): the one way in which anything changes its state."""

import pytest
from django.core.exceptions import PermissionDenied

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.workflow.moves import move
from collaborative.workflow.services import transition
from projects.models import Project
from projects.states import AWARD, DECLINE, Stage
from tests import factories as make
from tests.races import at_once


@pytest.fixture
def proposal():
    return make.project(stage=Stage.PROPOSED)


@pytest.mark.django_db
def test_a_move_changes_the_state_and_leaves_a_record(proposal):
    coordinator = make.coordinator(proposal.programme)
    moved = transition(proposal, AWARD, by=coordinator, organisation_id=7)
    event = Event.objects.about(proposal).get()
    assert moved.stage == Project.objects.get(pk=proposal.pk).stage == Stage.AWARDED
    assert (event.verb, event.from_state, event.to_state) == ("project.awarded", "proposed", "awarded")
    assert (event.actor, event.organisation_id) == (coordinator, 7)


@pytest.mark.django_db
def test_a_wrong_state_is_refused_with_a_sentence_and_leaves_no_record(proposal):
    coordinator = make.coordinator(proposal.programme)
    transition(proposal, DECLINE, by=coordinator)
    with pytest.raises(Refused, match="already “Declined”"):
        transition(proposal, AWARD, by=coordinator)
    assert Event.objects.about(proposal).count() == 1


@pytest.mark.django_db
def test_the_state_is_read_again_and_not_taken_from_what_the_caller_holds(proposal):
    stale = Project.objects.get(pk=proposal.pk)
    Project.objects.filter(pk=proposal.pk).update(stage=Stage.WITHDRAWN)
    with pytest.raises(Refused):
        transition(stale, AWARD, by=None)


@pytest.mark.django_db
def test_who_may_not_is_told_why_and_nothing_changes(proposal):
    with pytest.raises(PermissionDenied, match="Only a coordinator"):
        transition(proposal, AWARD, by=make.person())
    assert Project.objects.get(pk=proposal.pk).stage == Stage.PROPOSED


@pytest.mark.django_db
def test_the_portal_itself_asks_no_policy(proposal):
    assert transition(proposal, AWARD, by=None).stage == Stage.AWARDED


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_moves_and_the_other_is_told():
    proposal = make.project(stage=Stage.PROPOSED)
    first, second = make.coordinator(proposal.programme), make.coordinator(proposal.programme)
    results = at_once(
        lambda: transition(Project.objects.get(pk=proposal.pk), AWARD, by=first),
        lambda: transition(Project.objects.get(pk=proposal.pk), DECLINE, by=second),
    )
    assert sorted(type(result).__name__ for result in results) == ["Project", "Refused"]
    assert Event.objects.about(proposal).count() == 1


def test_two_moves_of_one_name_are_a_mistake():
    with pytest.raises(ValueError, match="two moves"):
        move("project.awarded", Stage.PROPOSED, Stage.AWARDED, "projects.decide")
