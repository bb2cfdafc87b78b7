"""Leaving an organisation: what ends, who is told, and that nothing which was led is ever orphaned."""

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core import holdings
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from partners.admin.programmes import ThemeLeadInline
from partners.intake.texts import LONGEST_REASON
from partners.models import Handover, Membership, ThemeLead
from partners.rights import rights_of
from partners.services import ending, handing_on
from projects.models import JoinRequest, ProjectPerson
from projects.states import Stage
from tests import factories as make
from training.models import Booking

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
    """A lead of the force who has a second factor."""
    return make.with_second_factor(make.member(force, role="lead"))


@pytest.fixture
def led(run, force):
    """A person of the force, and the project that they lead for policing."""
    user = make.member(force)
    project = make.project(run, lead_organisation=force, leads=[(user, force, ProjectPerson.Part.POLICE_LEAD)])
    return user, project


class TestEnding:
    def test_it_ends_rights_and_sessions_at_once_and_tells_the_person_the_reason(self, force, lead):
        user = make.member(force)
        before = user.sessions_ended
        ended = ending.end_membership(place(user), by=lead, reason="Moved to another force.")
        user.refresh_from_db()
        assert rights_of(user).organisations == frozenset()
        assert user.sessions_ended == before + 1
        assert (ended.ended_because, ended.departed_at is not None) == ("Moved to another force.", True)
        assert told("membership.ended") == [user.pk]

    def test_the_leads_are_told_and_not_whoever_did_it(self, force, lead):
        other = make.member(force, role="lead")
        ending.end_membership(place(make.member(force)), by=lead)
        assert told("organisation.left") == [other.pk]

    def test_a_lead_of_another_organisation_does_not(self, run, force):
        stranger = make.with_second_factor(make.member(make.partner(run), role="lead"))
        with pytest.raises(PermissionDenied):
            ending.end_membership(place(make.member(force)), by=stranger)

    def test_nor_does_a_lead_without_a_second_factor(self, force):
        with pytest.raises(PermissionDenied, match="second factor"):
            ending.end_membership(place(make.member(force)), by=make.member(force, role="lead"))

    def test_everybody_may_leave_by_themselves(self, force):
        user = make.member(force)
        assert ending.leave(place(user), by=user).ended

    def test_nobody_leaves_for_another(self, force, lead):
        with pytest.raises(PermissionDenied):
            ending.leave(place(make.member(force)), by=lead)

    def test_ending_twice_is_refused_and_tells_nobody_again(self, force, lead):
        user = make.member(force)
        ending.end_membership(place(user), by=lead)
        with pytest.raises(Refused, match="ended already"):
            ending.end_membership(place(user), by=lead)
        assert told("membership.ended") == [user.pk]

    def test_ending_in_the_past_ends_now_and_not_before_it_began(self, force, lead):
        user = make.member(force, starts_on=TODAY() - timedelta(days=30))
        with pytest.raises(Refused, match="before it begins"):
            ending.end_membership(place(user), by=lead, ends_on=TODAY() - timedelta(days=31))
        ended = ending.end_membership(place(user), by=lead, ends_on=TODAY() - timedelta(days=10))
        assert (ended.ends_on, ended.departed_at is not None) == (TODAY() - timedelta(days=10), True)

    def test_a_reason_that_is_too_long_changes_nothing(self, force, lead):
        user = make.member(force)
        with pytest.raises(Refused, match=f"at most {LONGEST_REASON}"):
            ending.end_membership(place(user), by=lead, reason="x" * (LONGEST_REASON + 1))
        assert not place(user).ended

    def test_one_of_two_memberships_leaves_the_other(self, run, force, lead):
        user, university = make.member(force), make.partner(run, make.organisation("university"))
        make.member(university, user=user)
        ending.end_membership(user.memberships.get(organisation=force), by=lead)
        assert rights_of(user).organisations == {university.pk}

    def test_what_is_held_for_the_other_organisation_stays(self, run, force, lead, led):
        user, project = led
        university = make.partner(run, make.organisation("university"))
        make.member(university, user=user)
        other = make.project(run, leads=[(user, university, ProjectPerson.Part.ACADEMIC_LEAD)])
        ending.end_membership(user.memberships.get(organisation=force), by=lead)
        assert [held.title for held in holdings.held(user)] == [other.title]
        assert Handover.objects.get().object_id == project.people.get().pk

    def test_a_coordinator_who_is_a_member_too_stays_coordinator(self, run, force, lead):
        user = make.coordinator(run, make.member(force))
        ending.end_membership(place(user), by=lead)
        assert (rights_of(user).coordinator_of, rights_of(user).organisations) == ({run.pk}, frozenset())

    def test_bookings_stay(self, run, force, lead):
        user = make.member(force)
        booking = Booking.objects.create(event=make.event(run), user=user, organisation=force, state="confirmed")
        ending.end_membership(place(user), by=lead)
        booking.refresh_from_db()
        assert (booking.state, booking.organisation_id) == ("confirmed", force.pk)

    def test_requests_to_join_a_project_for_the_organisation_are_taken_back_and_its_leads_told(self, run, force, lead):
        university = make.partner(run, make.organisation("university"))
        academic = make.member(university)
        project = make.project(run, leads=[(academic, university, ProjectPerson.Part.ACADEMIC_LEAD)])
        asker = make.member(force)
        request = JoinRequest.objects.create(project=project, user=asker, organisation=force, message="May I?")
        ending.end_membership(place(asker), by=lead)
        request.refresh_from_db()
        assert request.state == "withdrawn"
        assert told("join_request.withdrawn") == [academic.pk]

    def test_a_place_on_a_team_ends(self, run, force, lead):
        user, project = make.member(force), make.project(run)
        part = project.people.create(user=user, organisation=force, starts_on=make.yesterday())
        ending.end_membership(place(user), by=lead)
        part.refresh_from_db()
        assert part.ends_on == TODAY()


class TestADayToCome:
    def test_until_then_rights_and_sessions_stay_but_what_is_led_is_handed_on_already(self, force, lead, led):
        user, _project = led
        before, day = user.sessions_ended, TODAY() + timedelta(days=3)
        ending.end_membership(place(user), by=lead, ends_on=day)
        user.refresh_from_db()
        assert (user.sessions_ended, rights_of(user).organisations) == (before, {force.pk})
        assert (told("membership.ending"), told("membership.ended")) == ([user.pk], [])
        assert Handover.objects.get().held_by == user

    def test_the_job_sees_to_it_on_the_day_and_once(self, force, lead, led):
        user, _project = led
        ending.end_membership(place(user), by=lead, ends_on=TODAY() + timedelta(days=3))
        Membership.objects.filter(user=user).update(ends_on=TODAY())
        for _again in range(2):
            ending.end_what_is_due()
        user.refresh_from_db()
        assert user.sessions_ended == 1
        assert told("membership.ended") == [user.pk]
        assert Handover.objects.count() == 1

    def test_the_job_sees_to_an_end_that_was_written_elsewhere(self, force, led):
        user, _project = led
        Membership.objects.filter(user=user).update(ends_on=TODAY())
        ending.end_what_is_due()
        assert (Handover.objects.count(), told("membership.ended")) == (1, [user.pk])

    def test_somebody_who_was_let_in_again_meanwhile_has_not_left(self, force, led):
        user, _project = led
        Membership.objects.filter(user=user).update(ends_on=TODAY())
        make.member(force, user=user, starts_on=TODAY())
        ending.end_what_is_due()
        user.refresh_from_db()
        assert (Handover.objects.count(), user.sessions_ended, told("membership.ended")) == (0, 0, [])
        assert not Membership.objects.filter(ends_on=TODAY(), departed_at=None).exists()


class TestHandingOn:
    @pytest.fixture
    def handover(self, force, lead, led):
        ending.end_membership(place(led[0]), by=lead)
        return Handover.objects.get()

    def test_nothing_moves_before_somebody_accepts(self, force, lead, led, handover):
        user, project = led
        colleague = make.member(force)
        handing_on.ask(handover, colleague, by=lead)
        assert [part.user for part in project.people.current()] == [user]
        assert told("handover.asked") == [colleague.pk]
        handing_on.take_over(handover, by=colleague)
        (part,) = project.people.current()
        assert (part.user, part.part, part.organisation) == (colleague, "police_lead", force)
        assert told("handover.taken") == [lead.pk]

    def test_somebody_on_the_team_becomes_its_lead(self, force, lead, led, handover):
        colleague, project = make.member(force), led[1]
        project.people.create(user=colleague, organisation=force, starts_on=make.yesterday())
        handing_on.ask(handover, colleague, by=lead)
        handing_on.take_over(handover, by=colleague)
        assert [(each.user, each.part) for each in project.people.current()] == [(colleague, "police_lead")]

    def test_who_says_no_is_heard_and_another_is_asked(self, force, lead, handover):
        first, second = make.member(force), make.member(force)
        handing_on.ask(handover, first, by=lead)
        handing_on.decline(handover, by=first, words="Ask my colleague.")
        handover.refresh_from_db()
        assert (handover.state, handover.answer, told("handover.declined")) == ("open", "Ask my colleague.", [lead.pk])
        handing_on.ask(handover, second, by=lead)
        handing_on.take_over(handover, by=second)
        assert Handover.objects.get().state == "taken"

    def test_nobody_else_answers(self, force, lead, handover):
        handing_on.ask(handover, make.member(force), by=lead)
        for act in (handing_on.take_over, handing_on.decline):
            with pytest.raises(PermissionDenied):
                act(handover, by=lead)

    def test_nobody_else_chooses(self, run, force, handover):
        colleague = make.member(force)
        strangers = [colleague, make.with_second_factor(make.coordinator(make.programme()))]
        for stranger in strangers:
            with pytest.raises(PermissionDenied):
                handing_on.ask(handover, colleague, by=stranger)

    def test_only_staff_with_standing_are_asked(self, run, force, lead, handover):
        others = [make.person(), make.member(make.partner(run)), make.member(force, ends_on=TODAY()), handover.held_by]
        for other in others:
            with pytest.raises(Refused, match="cannot take this over"):
                handing_on.ask(handover, other, by=lead)

    def test_who_leads_on_the_other_side_is_not_asked(self, force, lead, led, handover):
        academic = make.member(force)
        part = ProjectPerson.Part.ACADEMIC_LEAD
        led[1].people.create(user=academic, organisation=force, part=part, starts_on=make.yesterday())
        with pytest.raises(Refused, match="cannot take this over"):
            handing_on.ask(handover, academic, by=lead)

    def test_who_has_left_meanwhile_cannot_accept_and_the_leads_hear_of_it(self, force, lead, handover):
        colleague = make.member(force)
        handing_on.ask(handover, colleague, by=lead)
        other = make.with_second_factor(make.member(force, role="lead"))
        ending.end_membership(place(colleague), by=other)
        with pytest.raises(Refused, match="already"):
            handing_on.take_over(handover, by=colleague)
        assert (Handover.objects.get().state, told("handover.open")) == ("open", [lead.pk])

    def test_a_project_that_is_over_needs_nobody(self, force, lead, led, handover):
        colleague, project = make.member(force), led[1]
        handing_on.ask(handover, colleague, by=lead)
        project.stage = Stage.COMPLETED
        project.save()
        with pytest.raises(Refused, match="Nobody has to"):
            handing_on.take_over(handover, by=colleague)
        handing_on.close_what_is_settled()
        assert Handover.objects.get().state == "closed"

    def test_a_project_that_nobody_else_leads_is_not_left_alone(self, lead, led, handover):
        with pytest.raises(Refused, match="Nobody else leads"):
            handing_on.close(handover, by=lead)
        assert Handover.objects.get().state == "open"

    def test_one_that_somebody_else_leads_may_be(self, run, lead, led, handover):
        university = make.partner(run, make.organisation("university"))
        academic, part = make.member(university), ProjectPerson.Part.ACADEMIC_LEAD
        led[1].people.create(user=academic, organisation=university, part=part, starts_on=make.yesterday())
        handing_on.close(handover, by=lead)
        assert [each.user for each in led[1].people.current()] == [academic]

    def test_the_coordinator_of_the_programme_may_choose_too_and_of_another_may_not_see_it(self, run, handover):
        assert list(Handover.objects.visible_to(make.coordinator(run))) == [handover]
        other = make.programme()
        make.partner(other, handover.organisation)
        assert list(Handover.objects.visible_to(make.coordinator(other))) == []

    def test_what_is_handed_on_is_no_longer_held(self, led, handover):
        assert holdings.held(led[0]) == []

    def test_it_is_on_record(self, force, lead, handover):
        colleague = make.member(force)
        handing_on.ask(handover, colleague, by=lead)
        handing_on.take_over(handover, by=colleague)
        verbs = ["handover.opened", "handover.asked", "handover.taken"]
        assert list(Event.objects.about(handover).values_list("verb", flat=True)) == verbs


class TestWhatIsHeld:
    def test_a_theme_goes_on_under_the_title_of_whoever_takes_it_over(self, run, force, lead):
        user, theme = make.member(force), make.theme()
        same = {"programme": run, "theme": theme, "side": "operational", "organisation": force}
        ThemeLead.objects.create(**same, title="Head of crime", user=user, starts_on=make.yesterday())
        colleague = make.member(force, title="Head of intelligence")
        ending.end_membership(place(user), by=lead)
        handover = Handover.objects.get()
        handing_on.ask(handover, colleague, by=lead)
        handing_on.take_over(handover, by=colleague)
        (now,) = ThemeLead.objects.current()
        assert (now.user, now.title, now.starts_on) == (colleague, "Head of intelligence", TODAY())

    def test_projects_that_are_over_and_drafts_are_not(self, run, force):
        user = make.member(force)
        for stage in (Stage.COMPLETED, Stage.STOPPED_EARLY, Stage.DRAFT, Stage.ARCHIVED):
            make.project(run, stage=stage, leads=[(user, force, ProjectPerson.Part.POLICE_LEAD)])
        assert holdings.held(user) == []

    def test_nobody_takes_over_who_has_left_the_portal_meanwhile(self, run, force, led):
        user, project = led
        theme = ThemeLead.objects.create(
            programme=run, theme=make.theme(), side="operational", organisation=force, title="Head", user=user
        )
        gone = make.member(force)
        type(gone).objects.filter(pk=gone.pk).update(anonymised_at=timezone.now())
        for holding, row in (("project_lead", project.people.get()), ("theme_lead", theme)):
            with pytest.raises(Refused, match="left the portal"), transaction.atomic():
                holdings.find(holding).hand_over(row, to=gone, by=gone)
        assert (list(project.people.current()), list(ThemeLead.objects.current())) == ([project.people.get()], [theme])

    def test_nor_is_named_as_a_theme_lead(self, rf, run, force):
        request, gone = rf.get("/"), make.member(force)
        request.user = make.coordinator(run)
        form_class = ThemeLeadInline(type(run), site).get_formset(request).form
        given = {"theme": make.theme().pk, "side": "operational", "title": "Head", "organisation": force.pk}
        form = form_class(given | {"person": gone.email, "starts_on": TODAY()}, instance=ThemeLead(programme=run))
        assert form.errors == {}
        type(gone).objects.filter(pk=gone.pk).update(anonymised_at=timezone.now())
        with pytest.raises(Refused, match="left the portal"), transaction.atomic():
            form.save()

    def test_who_leaves_may_propose_a_colleague_for_each(self, force, lead, led):
        user, _project = led
        colleague = make.member(force)
        (held,) = holdings.held(user, force.pk)
        ending.leave(place(user), by=user, proposed={held.key: colleague})
        assert Handover.objects.get().proposed == colleague

    def test_but_nobody_who_cannot_take_it_over(self, force, lead, led):
        user, _project = led
        (held,) = holdings.held(user, force.pk)
        with pytest.raises(Refused, match="cannot take this over"):
            ending.leave(place(user), by=user, proposed={held.key: make.person()})
        assert not place(user).ended
