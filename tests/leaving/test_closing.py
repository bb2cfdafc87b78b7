"""Closing an account: what stands in the way, what ends, who moves up, and that it happens once."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from collaborative.accounts import services as accounts
from collaborative.accounts.leaving import close
from collaborative.accounts.models import Appointment, User
from collaborative.audit.models import Event
from collaborative.core import personal
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from collaborative.notifications.services import tell
from partners import services as partners
from partners.models import Invitation, Membership, MembershipRequest, ProgrammeRole, ThemeLead
from projects.models import JoinRequest, Project, ProjectPerson
from projects.states import Stage
from tests import factories as make
from tests.races import at_once
from training import services as training
from training.models import Booking

Part = ProjectPerson.Part


def words(user):
    """Return what stands in the way of leaving."""
    return [str(each.words) for each in personal.matters(user)]


@pytest.mark.django_db
class TestWhatStandsInTheWay:
    def test_nothing_for_a_member(self):
        assert words(make.member(make.organisation())) == []

    def test_leading_a_project_that_is_not_over(self):
        run = make.programme()
        force = make.partner(run)
        lead = make.member(force)
        make.project(run, title="Lanes at night", leads=[(lead, force, Part.POLICE_LEAD)])
        make.project(run, title="An old one", stage=Stage.COMPLETED, leads=[(lead, force, Part.POLICE_LEAD)])
        assert words(lead) == ["Police lead: Lanes at night"]

    def test_leading_a_theme(self):
        run = make.programme(short_name="NP")
        force = make.partner(run)
        lead = make.member(force)
        theme = make.theme(name="Rural crime")
        ThemeLead.objects.create(
            programme=run, theme=theme, side="operational", organisation=force, title="Head", user=lead
        )
        assert words(lead) == ["Operational lead: Rural crime in NP"]

    def test_being_the_only_lead_of_an_organisation(self):
        force = make.organisation(name="Westmere Constabulary")
        lead = make.member(force, role="lead")
        assert words(lead) == ["Organisation lead: Westmere Constabulary"]
        make.member(force, role="lead")
        assert words(lead) == []

    def test_being_the_only_coordinator_of_a_programme(self):
        run = make.programme(name="Northern Programme")
        coordinator = make.coordinator(run)
        assert words(coordinator) == ["Only coordinator of Northern Programme"]
        make.coordinator(run)
        assert words(coordinator) == []

    def test_a_colleague_who_may_not_sign_in_is_no_coordinator(self):
        run = make.programme(name="Northern Programme")
        coordinator, other = make.coordinator(run), make.coordinator(run)
        User.objects.filter(pk=other.pk).update(is_active=False)
        assert words(coordinator) == ["Only coordinator of Northern Programme"]

    def test_being_the_only_administrator(self):
        administrator = make.administrator()
        assert words(administrator) == ["You are the only administrator of this portal."]
        make.administrator()
        assert words(administrator) == []

    def test_whoever_is_refused_keeps_everything(self):
        run = make.programme(name="Northern Programme")
        coordinator = make.coordinator(run)
        with pytest.raises(Refused, match="Only coordinator of Northern Programme"):
            close(coordinator, by=coordinator)
        assert User.objects.get(pk=coordinator.pk).email == coordinator.email
        assert not Event.objects.filter(verb="account.closed").exists()

    def test_every_matter_says_what_to_do_and_where(self):
        run = make.programme()
        force = make.partner(run)
        person = make.coordinator(run, user=make.member(force, role="lead"))
        Appointment.objects.create(user=person, starts_on=make.yesterday())
        found = personal.matters(person)
        assert len(found) == 3
        assert all(each.todo and each.url.startswith("/") for each in found)


@pytest.mark.django_db
class TestWhatBecomesOfIt:
    def test_places_offices_and_parts_end_today(self):
        run = make.programme()
        force = make.partner(run)
        person = make.coordinator(run, user=make.member(force, title="Analyst"))
        make.coordinator(run)
        project = make.project(run, stage=Stage.ACTIVE)
        ProjectPerson.objects.create(project=project, user=person, organisation=force, starts_on=make.yesterday())
        close(person, by=person)
        today = timezone.localdate()
        for rows in (Membership, ProgrammeRole, ProjectPerson):
            assert list(rows.objects.filter(user=person).values_list("ends_on", flat=True)) == [today], rows
        assert Membership.objects.get(user=person).title == ""

    def test_a_place_that_was_to_begin_never_does(self):
        later = timezone.localdate() + timedelta(days=30)
        person = make.member(make.organisation(), starts_on=later)
        close(person, by=person)
        assert Membership.objects.get(user=person).ends_on == later

    def test_requests_are_taken_back_and_lose_their_words(self):
        person, body = make.person(), make.organisation()
        MembershipRequest.objects.create(user=person, organisation=body, message="Let me in", title="Analyst")
        JoinRequest.objects.create(project=make.project(), user=person, organisation=body, message="May I?")
        close(person, by=person)
        asked = MembershipRequest.objects.get()
        assert (asked.state, asked.message, asked.title) == ("withdrawn", "", "")
        wish = JoinRequest.objects.get()
        assert (wish.state, wish.message) == ("withdrawn", "")

    def test_invitations_to_and_by_them_are_withdrawn(self):
        body, person, soon = make.organisation(), make.person(), timezone.now() + timedelta(days=5)
        lead = make.member(body, role="lead")
        common = {"organisation": body, "expires_at": soon, "message": "Come"}
        to = Invitation.objects.create(email=person.email, invited_by=lead, **common)
        by = Invitation.objects.create(email="other@people.example", invited_by=person, **common)
        close(person, by=person)
        to.refresh_from_db()
        by.refresh_from_db()
        assert (to.state, to.email, to.message) == ("withdrawn", "", "")
        assert (by.state, by.email, by.message) == ("withdrawn", "other@people.example", "")

    def test_an_invitation_to_an_address_that_is_not_confirmed_as_theirs_stays(self):
        body, person = make.organisation(), make.person()
        person.emailaddress_set.create(email="claimed@people.example", verified=False, primary=False)
        invitation = Invitation.objects.create(
            organisation=body,
            email="claimed@people.example",
            invited_by=make.member(body, role="lead"),
            expires_at=timezone.now() + timedelta(days=5),
        )
        close(person, by=person)
        invitation.refresh_from_db()
        assert (invitation.state, invitation.email) == ("pending", "claimed@people.example")

    def test_the_waiting_list_moves_up_and_past_bookings_stay(self):
        person, waiting = make.person(), make.person()
        event, past = make.event(places=1), make.event()
        training.book(event, by=person)
        training.book(past, by=person)
        training.book(event, by=waiting)
        now = timezone.now()
        type(past).objects.filter(pk=past.pk).update(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
        close(person, by=person)
        states = dict(Booking.objects.values_list("pk", "state"))
        of = lambda user, event: states[Booking.objects.get(user=user, event=event).pk]  # noqa: E731
        assert (of(person, event), of(waiting, event), of(person, past)) == ("cancelled", "confirmed", "confirmed")

    def test_letters_that_wait_are_not_sent(self):
        person, run = make.person(), make.programme()
        booking = Booking.objects.create(event=make.event(run), user=person, state="confirmed")
        tell("booking.confirmed", booking, to=[person.pk], event="once")
        close(person, by=person)
        letter = Letter.objects.get(recipient=person, channel="mail")
        assert (letter.state, letter.reason) == ("suppressed", "left")
        assert not Letter.objects.filter(recipient=person, key="booking.cancelled").exists()

    def test_drafts_of_theirs_alone_go_and_shared_ones_stay(self):
        run = make.programme()
        force = make.partner(run)
        person, colleague = make.member(force), make.member(force)
        alone = make.project(run, stage=Stage.DRAFT, leads=[(person, force, Part.POLICE_LEAD)])
        shared = make.project(run, stage=Stage.DRAFT, leads=[(person, force, Part.POLICE_LEAD)])
        ProjectPerson.objects.create(project=shared, user=colleague, organisation=force, starts_on=make.yesterday())
        close(person, by=person)
        assert list(Project.objects.filter(pk__in=[alone.pk, shared.pk])) == [shared]

    def test_every_session_ends(self):
        person, other = make.person(), make.person()
        one, two, stays = Client(), Client(), Client()
        one.force_login(person)
        two.force_login(person)
        stays.force_login(other)
        close(person, by=person)
        assert [one.get("/me/").status_code, two.get("/me/").status_code] == [302, 302]
        assert stays.get("/me/").status_code == 200
        assert Session.objects.count() == 1

    def test_the_address_can_begin_anew_and_empty(self):
        person = make.person(name="Asha Verne")
        address = person.email
        close(person, by=person)
        again = make.person(email=address, name="Asha Verne")
        assert again.pk != person.pk
        assert personal.counts(again)["acts"] == 0

    def test_sign_in_cannot_be_restored(self):
        person, administrator = make.person(), make.administrator()
        close(person, by=person)
        with pytest.raises(Refused, match="has left the portal"):
            accounts.restore_sign_in(User.objects.get(pk=person.pk), by=administrator)

    def test_the_record_says_who_closed_it(self):
        person, administrator = make.person(), make.administrator()
        close(person, by=administrator)
        event = Event.objects.get(verb="account.closed")
        assert (event.kind, event.object_id, event.actor) == ("user", person.pk, administrator)

    def test_nobody_but_an_administrator_closes_another_s_account(self):
        person = make.person()
        with pytest.raises(PermissionDenied):
            close(person, by=make.coordinator(make.programme()))
        assert User.objects.get(pk=person.pk).anonymised_at is None


@pytest.mark.django_db
def test_a_name_is_kept_for_the_chosen_credits_only(django_capture_on_commit_callbacks):
    person, force = make.person(name="Asha Verne"), make.organisation()
    one, two = make.project(stage=Stage.COMPLETED), make.project(stage=Stage.COMPLETED)
    begun = {"user": person, "organisation": force, "starts_on": make.yesterday()}
    parts = [ProjectPerson.objects.create(project=project, **begun) for project in (one, two)]
    hidden = ProjectPerson.objects.create(project=make.project(stage=Stage.DECLINED), **begun)
    close(person, by=person, choices={"project-parts": [parts[0].pk, hidden.pk]})
    kept = dict(ProjectPerson.objects.filter(user=person).values_list("pk", "credit_name"))
    assert kept == {parts[0].pk: "Asha Verne", parts[1].pk: "", hidden.pk: ""}
    assert [row.shown_name for row in one.people.shown()] == ["Asha Verne"]
    assert list(two.people.shown()) == []


@pytest.mark.django_db(transaction=True)
class TestTheLastLetter:
    def test_goes_to_the_old_address_in_their_language(self):
        person = make.person(email="asha@people.example")
        close(person, by=person)
        [letter] = mail.outbox
        assert letter.to == ["asha@people.example"]
        assert letter.subject.startswith("Your account at ")
        assert letter.subject.endswith(" is closed")

    def test_a_mail_server_that_is_away_stops_nothing(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 2
        person = make.person()
        close(person, by=person)
        assert User.objects.get(pk=person.pk).anonymised_at is not None

    def test_none_goes_when_it_was_refused(self):
        coordinator = make.coordinator(make.programme())
        with pytest.raises(Refused):
            close(coordinator, by=coordinator)
        assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_pressing_twice_closes_once(self):
        person = make.person()
        results = at_once(*[lambda: close(person, by=person) and "closed"] * 2)
        assert sorted(map(str, results)) == ["This account is closed already.", "closed"]
        assert Event.objects.filter(verb="account.closed").count() == 1
        assert len(mail.outbox) == 1

    def test_two_coordinators_leaving_leave_one(self):
        run = make.programme()
        two = make.coordinator(run), make.coordinator(run)
        results = at_once(*[lambda each=each: close(each, by=each) and "closed" for each in two])
        assert sorted(isinstance(each, Refused) for each in results) == [False, True]
        assert ProgrammeRole.objects.current().filter(user__is_active=True).count() == 1

    def test_two_leads_leaving_leave_one(self):
        force = make.organisation()
        two = make.member(force, role="lead"), make.member(force, role="lead")
        results = at_once(*[lambda each=each: close(each, by=each) and "closed" for each in two])
        assert sorted(isinstance(each, Refused) for each in results) == [False, True]

    def test_two_administrators_leaving_leave_one(self):
        two = make.administrator(), make.administrator()
        results = at_once(*[lambda each=each: close(each, by=each) and "closed" for each in two])
        assert sorted(isinstance(each, Refused) for each in results) == [False, True]

    @pytest.mark.parametrize("turn", range(3))
    def test_an_office_given_meanwhile_either_comes_first_or_is_refused(self, turn):
        run, administrator = make.programme(), make.with_second_factor(make.administrator())
        person = make.person()
        left, given = at_once(
            lambda: close(person, by=person) and "closed",
            lambda: partners.appoint_coordinator(run, person, by=administrator) and "appointed",
        )
        self.check(person, left, given, "appointed", ProgrammeRole.objects.current().filter(user=person))

    @pytest.mark.parametrize("turn", range(3))
    def test_a_place_given_meanwhile_either_comes_first_or_is_refused(self, turn):
        force, administrator = make.organisation(), make.with_second_factor(make.administrator())
        person = make.person()
        left, given = at_once(
            lambda: close(person, by=person) and "closed",
            lambda: partners.add_member(force, person, by=administrator, role="lead") and "let in",
        )
        self.check(person, left, given, "let in", Membership.objects.current().filter(user=person))

    @pytest.mark.parametrize("turn", range(3))
    def test_the_administrators_role_given_meanwhile_either_comes_first_or_is_refused(self, turn):
        administrator, person = make.administrator(), make.person()
        left, given = at_once(
            lambda: close(person, by=person) and "closed",
            lambda: accounts.appoint(person, by=administrator) and "appointed",
        )
        self.check(person, left, given, "appointed", Appointment.objects.current().filter(user=person))

    @pytest.mark.parametrize("turn", range(3))
    def test_being_made_lead_meanwhile_either_comes_first_or_is_refused(self, turn):
        force, administrator = make.organisation(), make.with_second_factor(make.administrator())
        person = make.member(force)
        place = Membership.objects.get(user=person)
        left, given = at_once(
            lambda: close(person, by=person) and "closed",
            lambda: partners.change_membership(place, by=administrator, role="lead") and "made lead",
        )
        self.check(person, left, given, "made lead", Membership.objects.current().filter(user=person))

    def check(self, person, left, given, done, rights):
        """Check that nobody who has left holds anything: of the two acts one came first."""
        closed = User.objects.get(pk=person.pk).anonymised_at is not None
        assert closed == (left == "closed"), left
        assert not closed or not rights.exists()
        assert given == done or isinstance(given, Refused), given
        assert closed or isinstance(left, Refused), left
