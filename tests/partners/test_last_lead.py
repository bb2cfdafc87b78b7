"""The last lead of an organisation leaves, or leads no more: who is told, and how another is found."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from partners.models import Handover
from partners.rights import rights_of
from partners.services import ending, handing_on
from partners.services.changing import change_membership
from projects.models import ProjectPerson
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def place(user):
    """Return somebody's one membership."""
    return user.memberships.get()


def told(key):
    """Return who got a letter by mail."""
    return sorted(Letter.objects.filter(key=key, channel="mail").values_list("recipient", flat=True))


@pytest.fixture
def run():
    return make.programme()


@pytest.fixture
def force(run):
    return make.partner(run)


@pytest.fixture
def lead(force):
    """The only lead of the force, with a second factor."""
    return make.with_second_factor(make.member(force, role="lead"))


class TestTheLastLead:
    def test_the_coordinators_are_told_that_nobody_leads_any_more(self, run, force, lead):
        coordinator = make.coordinator(run)
        make.member(force)
        ending.leave(place(lead), by=lead)
        assert (told("organisation.leaderless"), told("organisation.left")) == ([coordinator.pk], [])
        handover = Handover.objects.get()
        assert (handover.holding, list(handing_on.responsible_for(handover))) == ("organisation_lead", [coordinator])

    def test_without_coordinators_the_administrators(self, force, lead):
        administrator = make.administrator()
        ending.leave(place(lead), by=lead)
        assert told("organisation.leaderless") == [administrator.pk]

    def test_a_lead_beside_whom_another_stands_hands_nothing_on(self, force, lead):
        make.member(force, role="lead")
        ending.leave(place(lead), by=lead)
        assert not Handover.objects.exists()

    def test_a_member_who_accepts_becomes_the_lead(self, run, force, lead):
        coordinator, colleague = make.with_second_factor(make.coordinator(run)), make.member(force)
        ending.leave(place(lead), by=lead)
        handing_on.ask(Handover.objects.get(), colleague, by=coordinator)
        assert rights_of(colleague).leads == frozenset()
        handing_on.take_over(Handover.objects.get(), by=colleague)
        assert rights_of(colleague).leads == {force.pk}

    def test_a_new_lead_from_elsewhere_settles_it(self, run, force, lead):
        ending.leave(place(lead), by=lead)
        make.member(force, role="lead")
        handing_on.close_what_is_settled()
        assert Handover.objects.get().state == "closed"

    def test_an_end_that_is_taken_back_settles_it_too(self, run, force, lead):
        ending.leave(place(lead), by=lead, ends_on=TODAY() + timedelta(days=9))
        handing_on.close_what_is_settled()
        assert Handover.objects.get().state == "open"
        change_membership(place(lead), by=make.with_second_factor(make.coordinator(run)), stays=True)
        handing_on.close_what_is_settled()
        assert Handover.objects.get().state == "closed"


class TestLeadingNoMore:
    def test_the_only_lead_does_not_stop_leading_by_themselves(self, force, lead):
        make.member(force, role="lead", starts_on=TODAY() + timedelta(days=1))
        with pytest.raises(Refused, match=f"^Nobody else leads {force.name}. Make somebody else a lead first.$"):
            change_membership(place(lead), by=lead, role="member")
        assert rights_of(lead).leads == {force.pk}

    def test_one_of_two_leads_does_and_nobody_has_to_be_found(self, force, lead):
        make.member(force, role="lead")
        change_membership(place(lead), by=lead, role="member")
        assert (rights_of(lead).leads, Handover.objects.count(), told("organisation.leaderless")) == (set(), 0, [])

    @pytest.mark.parametrize("change", [{"role": "member"}, {"starts_on": TODAY() + timedelta(days=3)}])
    def test_where_a_coordinator_does_it_a_lead_is_looked_for_as_when_somebody_leaves(self, run, force, lead, change):
        coordinator, other = make.with_second_factor(make.coordinator(run)), make.coordinator(run)
        colleague = make.member(force)
        change_membership(place(lead), by=coordinator, **change)
        assert told("organisation.leaderless") == [other.pk]
        handover = Handover.objects.get()
        assert (handover.holding, handover.held_by, handover.state) == ("organisation_lead", lead, "open")
        handing_on.ask(handover, colleague, by=coordinator)
        handing_on.take_over(Handover.objects.get(), by=colleague)
        assert rights_of(colleague).leads == {force.pk}

    def test_what_else_they_lead_stays_theirs(self, run, force, lead):
        make.project(run, lead_organisation=force, leads=[(lead, force, ProjectPerson.Part.POLICE_LEAD)])
        change_membership(place(lead), by=make.with_second_factor(make.coordinator(run)), role="member")
        assert [each.holding for each in Handover.objects.all()] == ["organisation_lead"]

    def test_made_lead_again_nobody_has_to_be_found(self, run, force, lead):
        coordinator = make.with_second_factor(make.coordinator(run))
        change_membership(place(lead), by=coordinator, role="member")
        change_membership(place(lead), by=coordinator, role="lead")
        handing_on.close_what_is_settled()
        assert Handover.objects.get().state == "closed"
