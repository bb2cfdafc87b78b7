"""Organisations that become part of another: what goes on, what stays, and what cannot be."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from partners.models import Handover, Invitation, Membership, MembershipRequest, Organisation, Succession, ThemeLead
from partners.rights import rights_of
from partners.services import admit, confirm_domain, ending, handing_on, organisation_for, succession
from projects.models import JoinRequest, Project, ProjectPerson
from projects.standing import leads
from projects.states import Stage
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
POLICE_LEAD = ProjectPerson.Part.POLICE_LEAD


def told(key):
    """Return who got a letter by mail."""
    return set(Letter.objects.filter(key=key, channel="mail").values_list("recipient", flat=True))


@pytest.fixture
def run():
    return make.programme()


@pytest.fixture
def north(run):
    return make.partner(run)


@pytest.fixture
def united(run):
    """A force that takes part nowhere yet."""
    return make.organisation()


@pytest.fixture
def by():
    return make.administrator()


def merge(old, new, by, *, on=None, carry_people=True):
    return succession.succeed(old, new, on=on or TODAY(), by=by, reason="One force.", carry_people=carry_people)


class TestWhatGoesOn:
    def test_the_old_one_ends_and_leads_on_to_the_new(self, north, united, by):
        merge(north, united, by)
        north.refresh_from_db()
        assert (north.valid_to, north.successor, north.past, north.now()) == (TODAY(), united, True, united)

    def test_partnerships_go_on_in_the_same_role(self, run, north, united, by):
        merge(north, united, by)
        assert north.partnerships.get().ends_on == TODAY()
        part = united.partnerships.get()
        assert (part.programme, part.role, part.starts_on, part.ends_on) == (
            run,
            north.partnerships.get().role,
            TODAY(),
            None,
        )

    def test_a_successor_that_is_a_partner_already_stays_one_and_no_second_time(self, run, north, by):
        south = make.partner(run)
        merge(north, south, by)
        assert south.partnerships.get().starts_on == make.yesterday()

    def test_people_keep_role_and_title_and_their_rights_never_lapse(self, run, north, united, by):
        user = make.member(north, role="lead", title="Research lead")
        before = rights_of(user)
        merge(north, united, by)
        user.refresh_from_db()
        now = rights_of(user)
        assert (now.leads, now.member_of) == ({united.pk}, before.member_of)
        place = user.memberships.get(organisation=united)
        assert (place.role, place.title, place.starts_on, place.ends_on) == ("lead", "Research lead", TODAY(), None)
        assert (user.memberships.get(organisation=north).ends_on, user.sessions_ended) == (TODAY(), 0)

    def test_nobody_is_taken_for_somebody_who_left(self, north, united, by):
        user = make.member(north)
        merge(north, united, by)
        ending.end_what_is_due()
        user.refresh_from_db()
        assert (user.sessions_ended, told("membership.ended")) == (0, set())

    def test_an_end_that_is_planned_stays_planned(self, north, united, by):
        day = TODAY() + timedelta(days=40)
        user = make.member(north, ends_on=day)
        merge(north, united, by)
        assert user.memberships.get(organisation=united).ends_on == day

    def test_who_is_a_member_of_both_has_one_place_and_leads_if_they_led(self, run, north, by):
        south = make.partner(run)
        user = make.member(north, role="lead")
        make.member(south, user=user, title="Analyst")
        merge(north, south, by)
        place = user.memberships.get(organisation=south)
        assert (place.role, place.title) == ("lead", "Analyst")

    def test_projects_keep_the_old_name_and_their_people_act_for_the_successor(self, run, north, united, by):
        user = make.member(north)
        project = make.project(run, lead_organisation=north, leads=[(user, north, POLICE_LEAD)])
        merge(north, united, by)
        assert Project.objects.get(pk=project.pk).lead_organisation == north
        assert leads(user, project)
        assert [(each.organisation, each.part) for each in project.people.current()] == [(united, POLICE_LEAD)]
        assert project.people.get(organisation=north).ends_on == TODAY()

    def test_projects_that_are_over_stay_as_they_were(self, run, north, united, by):
        user = make.member(north)
        project = make.project(run, stage=Stage.COMPLETED, leads=[(user, north, POLICE_LEAD)])
        merge(north, united, by)
        assert project.people.get().organisation == north

    def test_themes_are_led_on_by_the_same_people(self, run, north, united, by):
        user = make.member(north)
        same = {"programme": run, "theme": make.theme(), "side": "operational", "title": "Head of crime"}
        ThemeLead.objects.create(**same, organisation=north, user=user, starts_on=make.yesterday())
        merge(north, united, by)
        lead = ThemeLead.objects.current().get()
        assert (lead.organisation, lead.user, lead.title) == (united, user, "Head of crime")

    def test_what_is_being_handed_on_is_handed_on_there(self, run, north, united, by):
        lead, user = make.with_second_factor(make.member(north, role="lead")), make.member(north)
        colleague = make.member(north)
        project = make.project(run, leads=[(user, north, POLICE_LEAD)])
        ending.end_membership(user.memberships.get(), by=lead)
        merge(north, united, by)
        handover = Handover.objects.get()
        assert (handover.organisation, list(handing_on.responsible_for(handover))) == (united, [lead])
        handing_on.ask(handover, colleague, by=lead)
        handing_on.take_over(handover, by=colleague)
        assert [(each.user, each.organisation) for each in project.people.current()] == [(colleague, united)]

    def test_what_somebody_hands_on_who_has_not_left_yet_is_found_again(self, run, north, united, by):
        lead, user = make.with_second_factor(make.member(north, role="lead")), make.member(north)
        project = make.project(run, leads=[(user, north, POLICE_LEAD)])
        ending.end_membership(user.memberships.get(), by=lead, ends_on=TODAY() + timedelta(days=9))
        merge(north, united, by)
        assert Handover.objects.get().object_id == project.people.current().get().pk

    def test_requests_wait_for_the_successor_and_invitations_are_taken_back(self, run, north, united, by):
        asker = make.person()
        request = MembershipRequest.objects.create(user=asker, organisation=north, message="May I?")
        university = make.project(run)
        wish = JoinRequest.objects.create(
            project=university, user=make.member(north), organisation=north, message="May I?"
        )
        invitation = Invitation.objects.create(
            organisation=north, email="new@people.example", invited_by=by, expires_at=timezone.now() + timedelta(days=9)
        )
        merge(north, united, by)
        for each in (request, wish, invitation):
            each.refresh_from_db()
        assert (request.state, request.organisation) == ("pending", united)
        assert (wish.state, wish.organisation) == ("pending", united)
        assert (invitation.state, invitation.organisation) == ("withdrawn", north)
        assert told("membership_request.moved") == {asker.pk}

    def test_mail_domains_lead_on_and_identifiers_stay(self, run, north, united, by):
        Organisation.objects.filter(pk=north.pk).update(ror="01kj2bm70", police_uk_id="north")
        north.refresh_from_db()
        domain = confirm_domain(north, "north.police.uk", by=by)
        merge(north, united, by)
        match = organisation_for("ann@north.police.uk")
        assert (match.domain, match.organisation, match.at_once) == (domain, united, True)
        (person,) = [make.person(email="new@north.police.uk")]
        assert [each.organisation for each in admit(person).memberships] == [united]
        north.refresh_from_db()
        united.refresh_from_db()
        assert (north.ror, north.police_uk_id, united.ror, united.police_uk_id) == ("01kj2bm70", "north", "", "")

    def test_those_concerned_are_told_once(self, run, north, by):
        south, coordinator = make.partner(run), make.coordinator(run)
        member, lead = make.member(north), make.member(south, role="lead")
        merge(north, south, by)
        assert told("organisation.merged") == {member.pk, lead.pk, coordinator.pk}

    def test_several_become_one(self, run, north, united, by):
        south = make.partner(run)
        people = [make.member(north), make.member(south)]
        merge(north, united, by)
        merge(south, united, by)
        assert [rights_of(each).organisations for each in people] == [{united.pk}, {united.pk}]
        assert united.partnerships.count() == 1


class TestWithoutThePeople:
    def test_memberships_end_and_what_was_led_waits_for_staff_of_the_successor(self, run, north, by):
        south = make.partner(run)
        user, lead = make.member(north), make.with_second_factor(make.member(south, role="lead"))
        project = make.project(run, leads=[(user, north, POLICE_LEAD)])
        merge(north, south, by, carry_people=False)
        user.refresh_from_db()
        assert (rights_of(user).organisations, user.sessions_ended) == (frozenset(), 1)
        assert told("membership.ended") == {user.pk}
        handover, colleague = Handover.objects.get(holding="project_lead"), make.member(south)
        handing_on.ask(handover, colleague, by=lead)
        handing_on.take_over(handover, by=colleague)
        assert [(each.user, each.organisation) for each in project.people.current()] == [(colleague, south)]


class TestADayToCome:
    def test_nothing_changes_before_it_and_all_of_it_on_it(self, run, north, united, by):
        user = make.member(north, role="lead")
        planned = merge(north, united, by, on=TODAY() + timedelta(days=30))
        succession.carry_out_what_is_due()
        north.refresh_from_db()
        assert (north.successor, rights_of(user).leads) == (None, {north.pk})
        assert told("organisation.merging") == {user.pk}
        later = make.member(north)
        Succession.objects.filter(pk=planned.pk).update(on=TODAY())
        for _again in range(2):
            succession.carry_out_what_is_due()
        assert rights_of(user).leads == {united.pk}
        assert rights_of(later).organisations == {united.pk}
        assert Membership.objects.filter(user=later).count() == 2

    def test_it_can_be_called_off(self, north, united, by):
        planned = merge(north, united, by, on=TODAY() + timedelta(days=30))
        succession.call_off(planned, by=by)
        Succession.objects.filter(pk=planned.pk).update(on=TODAY())
        succession.carry_out_what_is_due()
        assert not Organisation.objects.get(pk=north.pk).past
        with pytest.raises(Refused, match="already"):
            succession.call_off(planned, by=by)
        assert merge(north, united, by).carried_out_at is not None

    def test_a_chain_leads_to_the_one_of_today(self, run, north, united, by):
        south, user = make.partner(run), make.member(north)
        merge(north, south, by, on=TODAY() + timedelta(days=1))
        merge(south, united, by, on=TODAY() + timedelta(days=2))
        Succession.objects.update(on=TODAY())
        succession.carry_out_what_is_due()
        assert Organisation.objects.get(pk=north.pk).now() == united
        assert rights_of(user).organisations == {united.pk}


class TestWhatCannotBe:
    def test_a_circle(self, run, north, by):
        south, west = make.partner(run), make.partner(run)
        merge(north, south, by, on=TODAY() + timedelta(days=1))
        merge(south, west, by, on=TODAY() + timedelta(days=2))
        with pytest.raises(Refused, match="circle"):
            merge(west, north, by, on=TODAY() + timedelta(days=3))

    def test_itself(self, north, by):
        with pytest.raises(Refused, match="part of itself"):
            merge(north, north, by)

    def test_twice(self, north, united, by):
        merge(north, united, by, on=TODAY() + timedelta(days=1))
        with pytest.raises(Refused, match="decided already"):
            merge(north, united, by)

    def test_one_that_has_ended(self, north, united, by):
        ended = make.organisation(valid_to=TODAY())
        with pytest.raises(Refused, match="has ended already"):
            merge(ended, united, by)
        with pytest.raises(Refused, match="will have ended"):
            merge(north, ended, by)

    def test_into_one_that_will_have_become_part_of_another_by_then(self, run, north, united, by):
        south = make.partner(run)
        merge(south, united, by, on=TODAY() + timedelta(days=1))
        with pytest.raises(Refused, match="will have ended"):
            merge(north, south, by, on=TODAY() + timedelta(days=2))

    def test_a_day_on_which_one_did_not_exist_yet(self, north, by):
        new = make.organisation(valid_from=TODAY() + timedelta(days=10))
        with pytest.raises(Refused, match="did not exist yet"):
            merge(north, new, by, on=TODAY() + timedelta(days=9))
        assert merge(north, new, by, on=TODAY() + timedelta(days=10)).carried_out_at is None

    def test_a_day_after_its_end(self, united, run, by):
        north = make.partner(run, make.organisation(valid_to=TODAY() + timedelta(days=2)))
        with pytest.raises(Refused, match="ends before"):
            merge(north, united, by, on=TODAY() + timedelta(days=3))

    def test_without_a_reason(self, north, united, by):
        with pytest.raises(Refused, match="reason"):
            succession.succeed(north, united, on=TODAY(), by=by, reason="  ", carry_people=True)
        assert not Succession.objects.exists()


class TestWhoMay:
    def test_a_coordinator_of_all_its_programmes(self, run, north, united):
        assert merge(north, united, make.coordinator(run)).carried_out_at is not None

    def test_not_of_one_of_two(self, run, north, united):
        make.partner(make.programme(), north)
        with pytest.raises(PermissionDenied, match="do not coordinate"):
            merge(north, united, make.coordinator(run))

    def test_not_into_a_partner_of_another_programme(self, run, north):
        """Else a coordinator could let anyone into the other programme by way of its partner."""
        with pytest.raises(PermissionDenied, match="not a partner of a programme"):
            merge(north, make.partner(make.programme()), make.coordinator(run))

    def test_no_lead_and_no_member(self, run, north, united):
        for user in (make.with_second_factor(make.member(north, role="lead")), make.member(north)):
            with pytest.raises(PermissionDenied):
                merge(north, united, user)
