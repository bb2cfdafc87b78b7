"""Leaving, asking and taking over at once: real threads on a real database, on both engines."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from partners.models import Handover, Membership, Organisation, Succession
from partners.rights import rights_of
from partners.services import ending, handing_on, succession
from projects.models import ProjectPerson
from tests import factories as make
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class Force:
    """A force with a coordinator, two leads, two members, and a project whose lead has left."""

    def __init__(self):
        self.programme = make.programme()
        self.body = make.partner(self.programme)
        self.coordinator = make.with_second_factor(make.coordinator(self.programme))
        self.leads = [make.with_second_factor(make.member(self.body, role="lead")) for _ in range(2)]
        self.members = [make.member(self.body) for _ in range(2)]

    def handover(self):
        """Let the lead of a project leave; return what has to be handed on."""
        user = make.member(self.body)
        part = (user, self.body, ProjectPerson.Part.POLICE_LEAD)
        self.project = make.project(self.programme, leads=[part])
        ending.end_membership(user.memberships.get(), by=self.coordinator)
        return Handover.objects.get()


def kinds(results):
    """Return the names of what was raised, in order; None for what was done."""
    return sorted(type(each).__name__ if isinstance(each, Exception) else "done" for each in results)


def test_of_two_leads_who_end_each_other_one_stays_and_somebody_is_responsible():
    force = Force()
    first, second = force.leads

    def end(by, user):
        return lambda: ending.end_membership(user.memberships.get(), by=by)

    results = at_once(end(first, second), end(second, first))
    assert kinds(results) == ["PermissionDenied", "done"]
    left = Membership.objects.current().get(role="lead")
    assert list(handing_on.responsible(force.body)) == [left.user]


def test_of_two_leads_who_leave_at_once_the_coordinators_hear_that_nobody_leads():
    force = Force()

    def leave(user):
        return lambda: ending.leave(user.memberships.get(), by=user)

    results = at_once(*(leave(user) for user in force.leads))
    assert kinds(results) == ["done", "done"]
    assert Handover.objects.filter(holding="organisation_lead").count() == 1
    told = Letter.objects.filter(key="organisation.leaderless", channel="mail")
    assert [each.recipient for each in told] == [force.coordinator]


def test_two_who_choose_ask_one_person():
    force = Force()
    handover = force.handover()

    def ask(by, person):
        return lambda: handing_on.ask(handover, person, by=by)

    results = at_once(ask(force.leads[0], force.members[0]), ask(force.leads[1], force.members[1]))
    assert kinds(results) == ["Refused", "done"]
    asked = Handover.objects.get().asked
    assert [each.recipient for each in Letter.objects.filter(key="handover.asked", channel="mail")] == [asked]


def test_pressed_twice_it_moves_once():
    force = Force()
    handover, person = force.handover(), force.members[0]
    handing_on.ask(handover, person, by=force.leads[0])
    results = at_once(*[lambda: handing_on.take_over(handover, by=person)] * 2)
    assert kinds(results) == ["Refused", "done"]
    assert [each.user for each in force.project.people.current()] == [person]


def test_taking_over_and_taking_the_question_back_are_one_of_the_two():
    force = Force()
    handover, person = force.handover(), force.members[0]
    handing_on.ask(handover, person, by=force.leads[0])
    results = at_once(
        lambda: handing_on.take_over(handover, by=person), lambda: handing_on.release(handover, by=force.leads[0])
    )
    assert kinds(results) == ["Refused", "done"]
    taken = Handover.objects.get().state == "taken"
    assert (person in [each.user for each in force.project.people.current()]) == taken


def test_nobody_takes_over_while_they_leave():
    """Whatever comes first: in the end the project is theirs no more, or is being handed on."""
    force = Force()
    handover, person = force.handover(), force.members[0]
    handing_on.ask(handover, person, by=force.leads[0])
    at_once(
        lambda: handing_on.take_over(handover, by=person),
        lambda: ending.end_membership(person.memberships.get(), by=force.leads[0]),
    )
    assert rights_of(person).organisations == frozenset()
    waiting = Handover.objects.unsettled().get()
    assert waiting.object_id == force.project.people.current().get().pk
    assert waiting.state == "open"


def test_an_end_is_seen_to_once_by_two_workers():
    force = Force()
    user = force.members[0]
    Membership.objects.filter(user=user).update(ends_on=timezone.localdate())
    at_once(*[ending.end_what_is_due] * 2)
    user.refresh_from_db()
    assert user.sessions_ended == 1
    assert Letter.objects.filter(key="membership.ended", channel="mail").count() == 1


def test_two_organisations_cannot_become_part_of_each_other():
    force, by = Force(), make.administrator()
    other = make.partner(force.programme)

    def merge(old, new):
        on = timezone.localdate() + timedelta(days=9)
        return lambda: succession.succeed(old, new, on=on, by=by, reason="One force.", carry_people=True)

    results = at_once(merge(force.body, other), merge(other, force.body))
    assert kinds(results) == ["Refused", "done"]
    assert Succession.objects.count() == 1


def test_a_merger_is_carried_out_once_by_two_workers():
    force, by = Force(), make.administrator()
    new, on = make.organisation(), timezone.localdate() + timedelta(days=9)
    succession.succeed(force.body, new, on=on, by=by, reason="One force.", carry_people=True)
    Succession.objects.update(on=timezone.localdate())
    at_once(*[succession.carry_out_what_is_due] * 2)
    assert Organisation.objects.get(pk=force.body.pk).successor == new
    assert new.memberships.count() == 4
    assert Letter.objects.filter(key="organisation.merged", channel="mail").count() == 5


def test_who_leaves_during_a_merger_is_in_neither():
    force, by, user = Force(), make.administrator(), None
    user, new = force.members[0], make.organisation()
    membership = user.memberships.get()
    results = at_once(
        lambda: ending.leave(membership, by=user),
        lambda: succession.succeed(
            force.body, new, on=timezone.localdate(), by=by, reason="One force.", carry_people=True
        ),
    )
    assert not isinstance(results[1], Exception), results[1]
    if isinstance(results[0], Refused):  # the merger was first: the place is at the successor now
        assert rights_of(user).organisations == {new.pk}
    else:
        assert rights_of(user).organisations == frozenset()
    assert not isinstance(results[0], PermissionDenied)
