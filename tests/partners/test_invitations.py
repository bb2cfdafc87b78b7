"""Invitations: who may invite whom, what the invited can answer, and what time does to it."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.notifications import sending
from collaborative.notifications.models import Letter
from partners.models import Invitation, Membership, Organisation, ProgrammePartner
from partners.services import invitations, inviting_in_time
from partners.services.invitations import Faults
from tests import factories as make
from tests.races import at_once
from tests.smtp_sink import plain

pytestmark = pytest.mark.django_db
NEW = "asha.verne@force.example"
LONG = f"asha@{'a.' * 130}example"
"""An address of good form that no column holds."""


def lead_of(organisation):
    """Make a lead with a second factor."""
    return make.with_second_factor(make.member(organisation, role="lead"))


def at_home():
    """Return an organisation that takes part, and a lead of it."""
    organisation = make.partner(make.programme())
    return organisation, lead_of(organisation)


def invited(email=NEW, **offer):
    """Return an invitation by a lead."""
    organisation, lead = at_home()
    return invitations.invite(organisation, by=lead, email=email, **offer)


def age(invitation, **ago):
    """Let an invitation, and its letters, be older; return it, freshly read."""
    past = timedelta(**ago)
    row = Invitation.objects.get(pk=invitation.pk)
    changes = {"created_at": row.created_at - past, "expires_at": row.expires_at - past}
    if row.answered_at:
        changes["answered_at"] = row.answered_at - past
    Invitation.objects.filter(pk=row.pk).update(**changes)
    for letter in Letter.objects.filter(kind_of="invitation", object_id=row.pk):
        Letter.objects.filter(pk=letter.pk).update(created_at=letter.created_at - past)
    return Invitation.objects.get(pk=row.pk)


def refusal(act, *args, **more):
    """Return the sentence with which an act is refused."""
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return str(refused.value)


class TestInviting:
    def test_an_invitation_is_kept_recorded_and_sent_to_the_address(self, smtp_sink):
        made = invited("  Asha.Verne@Force.Example ", name="Asha Verne", title="Inspector", message="Come *along*.")
        assert (made.email, made.state, made.role) == (NEW, "pending", "member")
        assert timedelta(days=20) < made.expires_at - timezone.now() < timedelta(days=21, seconds=1)
        event = Event.objects.get(verb="invitation.made")
        assert (event.actor, event.object_id, event.organisation_id) == (
            made.invited_by,
            made.pk,
            made.organisation_id,
        )
        sending.deliver()
        [letter] = smtp_sink.to(NEW)
        said = plain(letter)
        assert made.organisation.name in letter["Subject"]
        assert f"http://testserver/invitations/{made.token}/" in said
        assert "> Come *along*." in said
        assert str(made.invited_by) in said

    def test_somebody_with_an_account_gets_it_in_the_portal_too(self):
        person = make.person()
        made = invited(person.email)
        assert list(Letter.objects.visible_to(person).values_list("object_id", flat=True)) == [made.pk]
        assert list(Invitation.objects.visible_to(person)) == [made]
        assert list(Invitation.objects.visible_to(make.person())) == []

    @pytest.mark.parametrize("who", ["stranger", "member", "other_lead", "other_coordinator", "without_factor"])
    def test_nobody_else_may_invite(self, who):
        organisation, _lead = at_home()
        people = {
            "stranger": make.person,
            "member": lambda: make.member(organisation),
            "other_lead": lambda: at_home()[1],
            "other_coordinator": lambda: make.with_second_factor(make.coordinator(make.programme())),
            "without_factor": lambda: make.member(organisation, role="lead"),
        }
        with pytest.raises(PermissionDenied):
            invitations.invite(organisation, by=people[who](), email=NEW)

    def test_a_coordinator_of_one_of_its_programmes_may(self):
        programme = make.programme()
        coordinator = make.with_second_factor(make.coordinator(programme))
        assert invitations.invite(make.partner(programme), by=coordinator, email=NEW).role == "member"

    @pytest.mark.parametrize(
        "email", ["", "asha", "asha@", "a b@force.example", "asha@force.example\x00", "@", "é", LONG]
    )
    def test_what_is_no_address_is_refused(self, email):
        assert refusal(invited, email) == f"“{email.strip()[:80]}” is not an e-mail address."

    def test_oneself_a_member_and_somebody_invited_already_are_refused(self):
        organisation, lead = at_home()

        def said(email):
            return refusal(invitations.invite, organisation, by=lead, email=email)

        assert said(lead.email.upper()) == "You cannot invite yourself."
        member = make.member(organisation)
        assert said(member.email) == f"{member.email} belongs to a member of this organisation already."
        invitations.invite(organisation, by=lead, email=NEW)
        assert said(NEW.upper()) == f"{NEW} is invited already, and has not answered yet."

    def test_somebody_who_left_can_be_invited_again(self):
        organisation, lead = at_home()
        former = make.member(organisation, ends_on=timezone.localdate())
        made = invitations.invite(organisation, by=lead, email=former.email)
        invitations.accept(made, by=former)
        assert organisation.memberships.current().filter(user=former).count() == 1

    def test_whether_an_address_has_an_account_elsewhere_makes_no_difference(self):
        organisation, lead = at_home()
        make.member(make.partner(make.programme()), user=make.person(email="known@people.example"))
        make.person(email="stopped@people.example", is_active=False)
        seen = []
        for email in ("warm.up@people.example", "known@people.example", "stopped@people.example", NEW):
            with CaptureQueriesContext(connection) as queries:
                made = invitations.invite(organisation, by=lead, email=email)
            seen.append((made.state, [query["sql"].split()[0] for query in queries]))
        assert seen[1] == seen[2] == seen[3]

    def test_somebody_who_said_no_is_left_in_peace_for_three_months(self):
        made = invited()
        invitations.decline(made)
        again = {"by": made.invited_by, "email": NEW}
        assert refusal(invitations.invite, made.organisation, **again) == (
            f"{NEW} was invited and said “No, thank you”. They can still ask to join by themselves."
        )
        age(made, days=91)
        assert invitations.invite(made.organisation, **again).state == "pending"

    def test_one_that_ran_out_unnoticed_gives_way_to_a_new_one(self):
        made = age(invited(), days=22)
        assert invitations.invite(made.organisation, by=made.invited_by, email=NEW).state == "pending"
        made.refresh_from_db()
        assert made.state == "expired"

    def test_an_organisation_that_exists_no_longer_invites_nobody(self):
        organisation, lead = at_home()
        Organisation.objects.filter(pk=organisation.pk).update(valid_to=timezone.localdate())
        with pytest.raises((Refused, PermissionDenied)):
            invitations.invite(organisation, by=lead, email=NEW)

    def test_only_what_the_inviter_can_see_can_be_what_it_is_about(self):
        organisation, lead = at_home()
        project, draft = make.project(), make.project(stage="draft")
        made = invitations.invite(organisation, by=lead, email=NEW, about=project)
        assert (made.about_kind, made.about_id) == ("project", project.pk)
        for thing in (draft, lead):
            said = refusal(invitations.invite, organisation, by=lead, email="b@force.example", about=thing)
            assert said == "Nobody can be invited to this."

    def test_one_person_sends_only_so_many_a_day(self, settings):
        settings.INVITATIONS_A_DAY = {"person": 2, "organisation": 9}
        organisation, lead = at_home()
        other = lead_of(organisation)
        for number in range(2):
            invitations.invite(organisation, by=lead, email=f"{number}@force.example")
        assert refusal(invitations.invite, organisation, by=lead, email=NEW) == (
            "You have sent as many invitations as one person can in a day. Carry on tomorrow."
        )
        assert invitations.invite(organisation, by=other, email=NEW).state == "pending"
        Letter.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
        assert invitations.invite(organisation, by=lead, email="c@force.example").state == "pending"

    def test_one_organisation_sends_only_so_many_a_day(self, settings):
        settings.INVITATIONS_A_DAY = {"person": 9, "organisation": 2}
        organisation, lead = at_home()
        for number in range(2):
            invitations.invite(organisation, by=lead_of(organisation), email=f"{number}@force.example")
        assert refusal(invitations.invite, organisation, by=lead, email=NEW) == (
            "This organisation has sent as many invitations as it can in a day. Carry on tomorrow."
        )

    def test_several_are_invited_or_nobody_is(self):
        organisation, lead = at_home()
        member = make.member(organisation)
        people = [(1, "a@force.example", "Ann"), (3, member.email, ""), (4, lead.email, "")]
        with pytest.raises(Faults) as faults:
            invitations.invite_each(organisation, people, by=lead, role="member")
        assert faults.value.faults == [
            (3, f"{member.email} belongs to a member of this organisation already."),
            (4, "You cannot invite yourself."),
        ]
        assert (Invitation.objects.count(), Letter.objects.count()) == (0, 0)
        made = invitations.invite_each(organisation, people[:1], by=lead, role="lead", message="Come.")
        assert [(each.name, each.role, each.message) for each in made] == [("Ann", "lead", "Come.")]


class TestAnswering:
    def test_whoever_accepts_is_a_member_in_the_role_offered_and_the_inviter_hears_it(self):
        person = make.person()
        made = invited(person.email, role="lead", title="Chief Inspector")
        accepted = invitations.accept(made, by=person)
        assert (accepted.state, accepted.accepted_by) == ("accepted", person)
        membership = Membership.objects.get(user=person)
        assert (membership.organisation, membership.role, membership.title) == (
            made.organisation,
            "lead",
            "Chief Inspector",
        )
        told = Letter.objects.get(key="invitation.accepted", channel="mail")
        assert (told.recipient, told.data) == (made.invited_by, {"invitation": made.pk})

    def test_accepting_twice_changes_nothing_the_second_time(self):
        person = make.person()
        made = invited(person.email)
        for _time in range(2):
            assert invitations.accept(made, by=person).state == "accepted"
        assert Membership.objects.filter(user=person).count() == 1

    def test_somebody_who_became_a_member_in_another_way_stays_one(self):
        person = make.person()
        made = invited(person.email)
        make.member(made.organisation, user=person, title="Analyst")
        assert invitations.accept(made, by=person).state == "accepted"
        assert [each.title for each in Membership.objects.filter(user=person)] == ["Analyst"]

    def test_somebody_who_is_a_member_by_now_becomes_a_lead_if_that_was_offered(self):
        person = make.person()
        made = invited(person.email, role="lead")
        make.member(made.organisation, user=person, title="Analyst")
        invitations.accept(made, by=person)
        assert [(each.title, each.role) for each in Membership.objects.filter(user=person)] == [("Analyst", "lead")]

    @pytest.mark.parametrize("other", ["another", "unconfirmed"])
    def test_only_the_owner_of_the_invited_address_may_accept(self, other):
        person = make.person()
        made = invited(person.email if other == "unconfirmed" else NEW)
        EmailAddress.objects.filter(user=person).update(verified=other != "unconfirmed")
        with pytest.raises(PermissionDenied, match="sent to another address"):
            invitations.accept(made, by=person)
        assert not Membership.objects.filter(user=person).exists()

    def test_saying_no_needs_no_account_and_the_inviter_hears_it(self):
        made = invited()
        assert invitations.decline(made).state == "declined"
        assert Letter.objects.get(key="invitation.declined", channel="mail").recipient == made.invited_by
        assert Event.objects.get(verb="invitation.declined").actor is None

    @pytest.mark.parametrize("end", ["withdrawn", "expired", "declined", "old", "inviter", "organisation"])
    def test_what_is_over_is_accepted_by_nobody(self, end):
        person = make.person()
        made = invited(person.email)
        if end == "old":
            age(made, days=22)
        elif end == "inviter":
            Membership.objects.filter(user=made.invited_by).update(ends_on=timezone.localdate())
        elif end == "organisation":
            Organisation.objects.filter(pk=made.organisation_id).update(valid_to=timezone.localdate())
            ProgrammePartner.objects.update(ends_on=None)
        else:
            Invitation.objects.update(state=end, answered_at=timezone.now())
        assert refusal(invitations.accept, made, by=person) == (
            "This invitation no longer holds. Ask whoever sent it for another."
        )
        assert not Membership.objects.filter(user=person).exists()

    def test_what_is_over_can_no_longer_be_declined(self):
        made = invited()
        invitations.withdraw(made, by=made.invited_by)
        assert refusal(invitations.decline, made).startswith("This invitation no longer holds.")

    def test_one_lands_on_the_thing_if_one_may_see_it_and_else_on_the_organisation(self):
        organisation, lead = at_home()
        programme = make.programme()
        make.partner(programme, organisation)
        proposal = make.project(programme, stage="proposed")
        person = make.person()
        made = invitations.invite(organisation, by=lead, email=person.email, about=proposal)
        assert invitations.landing(made, person) == organisation.get_absolute_url()
        assert invitations.about_for(made, person) is None
        invitations.accept(made, by=person)
        assert invitations.landing(made, person) == proposal.get_absolute_url()

    def test_the_letter_names_what_it_is_about_only_to_who_may_see_it(self, smtp_sink):
        organisation, lead = at_home()
        programme = make.programme()
        make.partner(programme, organisation)
        for number, stage in enumerate(("proposed", "active")):
            about = make.project(programme, stage=stage, title=f"Secret {stage}")
            invitations.invite(organisation, by=lead, email=f"{number}@force.example", about=about)
        sending.deliver()
        assert [
            "Secret" in plain(message) for number in (0, 1) for message in smtp_sink.to(f"{number}@force.example")
        ] == [False, True]

    @pytest.mark.parametrize("token", ["", "x", "MTI.x", "MTI", "é", "\x00", "." * 5000])
    def test_a_link_that_was_not_made_here_leads_nowhere(self, token):
        invited()
        assert Invitation.objects.by_token(token) is None

    def test_a_link_is_the_same_each_time_and_outlives_a_change_of_the_signing_key(self, settings):
        made = invited()
        token = made.token
        assert Invitation.objects.get().token == token
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another key, long enough for whoever looks at its length and for the tests too"
        from partners.models import letting_in

        signer = type(letting_in.SIGNER)(salt=letting_in.SIGNER.salt, sep=letting_in.SIGNER.sep)
        assert signer.unsign_object(token) == made.pk


class TestLookingAfterThem:
    def test_one_that_is_withdrawn_is_not_sent_if_it_still_waits(self, smtp_sink):
        made = invited()
        assert invitations.withdraw(made, by=made.invited_by).state == "withdrawn"
        sending.deliver()
        assert (Letter.objects.get().reason, smtp_sink.messages) == ("no longer true", [])

    def test_only_those_who_let_people_in_withdraw_or_send_again(self):
        person = make.person()
        made = invited(person.email)
        for someone in (person, make.member(made.organisation), at_home()[1]):
            for act in (invitations.withdraw, invitations.send_again):
                with pytest.raises(PermissionDenied):
                    act(made, by=someone)

    def test_another_lead_sends_it_again_an_hour_later_and_three_times_in_all(self, smtp_sink):
        made = invited()
        other = lead_of(made.organisation)
        assert refusal(invitations.send_again, made, by=other) == (
            "This invitation was sent less than an hour ago. Give it time to arrive."
        )
        for _time in range(2):
            age(made, hours=2)
            again = invitations.send_again(made, by=other)
        assert (again.invited_by, again.token, again.state) == (other, made.token, "pending")
        age(made, hours=2)
        assert refusal(invitations.send_again, made, by=other) == (
            "This invitation has been sent three times. Ask the person in another way."
        )
        sending.deliver()
        assert len(smtp_sink.to(NEW)) == 3
        assert smtp_sink.repeats() == []

    def test_one_that_ran_out_holds_again_once_it_is_sent_again(self):
        made = age(invited(), days=22)
        inviting_in_time.remind_and_expire()
        again = invitations.send_again(made, by=made.invited_by)
        assert again.open is True
        assert Invitation.objects.get().state == "pending"

    @pytest.mark.parametrize("state", ["accepted", "declined", "withdrawn"])
    def test_what_was_answered_is_not_sent_again(self, state):
        made = invited()
        Invitation.objects.update(state=state, answered_at=timezone.now())
        age(made, hours=2)
        said = refusal(invitations.send_again, made, by=made.invited_by)
        assert said == "Only an invitation without an answer can be sent again."


class TestTime:
    def test_it_reminds_once_after_a_week_and_never_again(self, smtp_sink):
        made = invited()
        inviting_in_time.remind_and_expire()
        assert Letter.objects.filter(key="invitation.reminded").count() == 0
        age(made, days=7, hours=1)
        for _time in range(2):
            inviting_in_time.remind_and_expire()
        age(made, days=7)
        inviting_in_time.remind_and_expire()
        sending.deliver()
        assert [message["Subject"].partition(":")[0] for message in smtp_sink.to(NEW)][1:] == ["Reminder"]
        reminder = smtp_sink.to(NEW)[1]
        assert f"/invitations/{made.token}/" in plain(reminder)

    @pytest.mark.parametrize("end", ["accepted", "declined", "withdrawn"])
    def test_what_was_answered_brings_no_reminder(self, end):
        made = age(invited(), days=8)
        Invitation.objects.update(state=end, answered_at=timezone.now())
        inviting_in_time.remind_and_expire()
        assert Letter.objects.filter(object_id=made.pk, key="invitation.reminded").count() == 0

    def test_an_inviter_who_may_no_longer_let_people_in_reminds_nobody(self):
        made = age(invited(), days=8)
        Membership.objects.filter(user=made.invited_by).update(ends_on=timezone.localdate())
        inviting_in_time.remind_and_expire()
        assert Letter.objects.filter(key="invitation.reminded").count() == 0

    def test_after_three_weeks_it_expires(self):
        made = invited()
        inviting_in_time.remind_and_expire()
        assert Invitation.objects.get().state == "pending"
        age(made, days=21, seconds=1)
        inviting_in_time.remind_and_expire()
        assert Invitation.objects.get().state == "expired"
        assert Event.objects.get(verb="invitation.expired").actor is None

    def test_addresses_in_letters_are_forgotten_once_it_is_settled(self):
        made = invited()
        inviting_in_time.remind_and_expire()
        assert Letter.objects.get(key="invitation.made").address == NEW
        invitations.decline(made)
        inviting_in_time.remind_and_expire()
        letter = Letter.objects.get(key="invitation.made")
        assert (letter.address, letter.state) == ("", "suppressed")
        assert Invitation.objects.get().email == NEW

    def test_ninety_days_after_it_ended_nobody_knows_whom_it_was_for(self):
        made = invited(name="Asha Verne", title="Inspector", message="For Asha.")
        invitations.decline(made)
        age(made, days=112)
        inviting_in_time.remind_and_expire()
        kept = Invitation.objects.get()
        assert (kept.email, kept.name, kept.title, kept.message, kept.state) == ("", "", "", "", "declined")


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_two_acceptances_at_once_make_one_membership(self):
        person = make.person()
        made = invited(person.email)
        results = at_once(*[lambda: invitations.accept(made, by=person).state] * 3)
        assert results == ["accepted"] * 3
        assert Membership.objects.filter(user=person).count() == 1
        assert Letter.objects.filter(key="invitation.accepted", channel="mail").count() == 1

    def test_accepted_and_withdrawn_at_once_is_one_or_the_other(self):
        person = make.person()
        made = invited(person.email)
        at_once(lambda: invitations.accept(made, by=person), lambda: invitations.withdraw(made, by=made.invited_by))
        state = Invitation.objects.get().state
        members = Membership.objects.filter(user=person).count()
        assert (state, members) in (("accepted", 1), ("withdrawn", 0))

    def test_two_leads_who_invite_the_same_address_at_once_make_one_invitation(self):
        organisation, lead = at_home()
        other = lead_of(organisation)
        results = at_once(
            *[lambda by=by: invitations.invite(organisation, by=by, email=NEW).state for by in (lead, other)]
        )
        assert sorted(str(result) for result in results) == [
            f"{NEW} is invited already, and has not answered yet.",
            "pending",
        ]

    def test_two_schedules_at_once_remind_once(self):
        age(invited(), days=8)
        at_once(*[inviting_in_time.remind_and_expire] * 2)
        assert Letter.objects.filter(key="invitation.reminded").count() == 1
