"""Being let in by a verified address: at once, or by asking; never again; and what a removed domain leaves."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.accounts.models import User
from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from partners import services
from partners.models import Handover, Membership, MembershipRequest
from partners.rights import rights_of
from partners.tasks import end_due
from tests import factories
from tests.accounts.test_no_hints import KNOWN, UNKNOWN
from tests.accounts.test_no_hints import told as heard
from tests.accounts.ways import join
from tests.races import at_once

TODAY = timezone.localdate


@pytest.fixture
def run():
    return factories.programme()


@pytest.fixture
def force(run):
    return factories.partner(run)


def domain(organisation, name="force.example", **more):
    return services.confirm_domain(organisation, name, by=None, **more)


def told(key):
    return set(Letter.objects.filter(key=key, channel="portal").values_list("recipient", flat=True))


@pytest.mark.django_db
class TestAdmitting:
    def test_an_at_once_domain_makes_a_member_and_tells_them_and_the_leads(self, run, force):
        made, lead = domain(force), factories.member(force, role="lead")
        user = factories.person(email="a@force.example")
        (membership,) = services.admit(user).memberships
        assert (membership.organisation, membership.role, membership.admitted_by) == (force, "member", made)
        assert rights_of(user).member_of == {run.pk}
        assert (told("membership.started"), told("membership.joined")) == ({user.pk}, {lead.pk})
        assert list(Letter.objects.filter(channel="mail").values_list("recipient", flat=True)) == [user.pk]
        assert list(Event.objects.about(membership).values_list("verb", flat=True)) == ["membership.started"]

    def test_an_asking_domain_opens_a_request_and_asks_the_leads(self, run, force):
        made, lead = domain(force, admits="ask"), factories.member(force, role="lead")
        user, _coordinator = factories.person(email="a@force.example"), factories.coordinator(run)
        (request,) = services.admit(user).requests
        assert (request.organisation, request.domain, request.state) == (force, made, "pending")
        assert not Membership.objects.filter(user=user).exists()
        assert told("membership_request.made") == {lead.pk}

    def test_without_a_lead_the_coordinators_of_its_programmes_are_asked(self, run, force):
        domain(force, admits="ask")
        mine, _other = factories.coordinator(run), factories.coordinator(factories.programme())
        services.admit(factories.person(email="a@force.example"))
        assert told("membership_request.made") == {mine.pk}

    def test_an_address_that_is_not_confirmed_brings_nothing(self, force):
        domain(force)
        user = factories.person(email="a@force.example")
        EmailAddress.objects.filter(user=user).update(verified=False)
        assert services.admit(user).memberships == []
        EmailAddress.objects.create(user=user, email="b@elsewhere.example", verified=True)
        assert services.admit(user).memberships == []

    def test_any_verified_address_counts_and_the_best_one_for_each_organisation(self, force):
        domain(force)
        domain(force, "guests.force.example", admits="ask")
        user = factories.person(email="a@guests.force.example")
        EmailAddress.objects.create(user=user, email="a@force.example", verified=True)
        done = services.admit(user)
        assert (len(done.memberships), len(done.requests)) == (1, 0)

    def test_somebody_with_two_employers_is_let_in_at_both(self, run, force):
        domain(force)
        domain(factories.partner(run), "leeds.example")
        user = factories.person(email="a@force.example")
        EmailAddress.objects.create(user=user, email="a@leeds.example", verified=True)
        assert len(services.admit(user).memberships) == 2

    def test_a_second_time_does_nothing_and_costs_little(self, force):
        domain(force)
        user = factories.person(email="a@force.example")
        services.admit(user)
        with CaptureQueriesContext(connection) as queries:
            done = services.admit(user)
        assert (done.memberships, done.requests) == ([], [])
        assert len(queries) == 3
        assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []

    def test_somebody_whose_address_is_nobody_s_costs_two_queries(self, force):
        user = factories.person()
        with CaptureQueriesContext(connection) as queries:
            services.admit(user)
        assert len(queries) == 2

    @pytest.mark.parametrize("before", ["ended", "declined", "withdrawn"])
    def test_what_is_over_does_not_come_back_by_itself(self, force, before):
        domain(force)
        user = factories.person(email="a@force.example")
        if before == "ended":
            factories.member(force, user=user, ends_on=TODAY())
        else:
            MembershipRequest.objects.create(user=user, organisation=force, state=before)
        done = services.admit(user)
        assert (done.memberships, done.requests) == ([], [])

    def test_nobody_who_may_not_sign_in_is_let_in(self, force):
        domain(force)
        user = factories.person(email="a@force.example", is_active=False)
        assert services.admit(user).memberships == []


@pytest.mark.django_db
class TestTakingADomainOffTheList:
    def test_who_rested_on_it_alone_is_out_at_once_and_asks_again(self, run, force):
        made, by = domain(force), factories.coordinator(run)
        lead = factories.member(force, role="lead")
        users = [factories.person(email=f"a{n}@force.example") for n in range(3)]
        for user in users:
            services.admit(user)
        removed = services.remove_domain(made, by=by, reason="The force gave it up.")
        assert (removed.removed_by, removed.removed_reason) == (by, "The force gave it up.")
        assert [rights_of(user).member for user in users] == [False, False, False]
        requests = MembershipRequest.objects.pending().filter(organisation=force, domain=made)
        assert {each.user_id for each in requests} == {user.pk for user in users}
        assert told("organisation.domain_removed") == {user.pk for user in users}
        assert Letter.objects.filter(recipient=lead, key="organisation.asked_again", channel="mail").count() == 1
        assert Event.objects.filter(verb="membership.ended", actor=by).count() == 3

    def test_who_is_in_otherwise_stays(self, run, force):
        made = domain(force)
        domain(force, "force.police.example")
        invited = factories.member(force)
        led, both = (factories.person(email=f"{name}@force.example") for name in "ab")
        EmailAddress.objects.create(user=both, email="b@force.police.example", verified=True)
        for user in (led, both):
            services.admit(user)
        services.change_membership(led.memberships.get(), by=None, role="lead")
        Membership.objects.filter(user=both).update(admitted_by=made)
        services.remove_domain(made, by=None, reason="Gone.")
        assert [rights_of(user).member for user in (invited, led, both)] == [True, True, True]
        assert both.memberships.get().admitted_by.domain == "force.police.example"

    def test_it_needs_a_reason_and_a_coordinator_and_happens_once(self, run, force):
        made = domain(force)
        with pytest.raises(Refused, match="Give the reason"):
            services.remove_domain(made, by=factories.coordinator(run), reason="  ")
        with pytest.raises(PermissionDenied):
            services.remove_domain(made, by=factories.member(force, role="lead"), reason="Gone.")
        services.remove_domain(made, by=None, reason="Gone.")
        with pytest.raises(Refused, match="off the list already"):
            services.remove_domain(made, by=None, reason="Gone.")

    def test_it_costs_the_same_for_three_and_for_sixty(self, force):
        def cost(people):
            made = domain(force, f"force{people}.example")
            for n in range(people):
                services.admit(factories.person(email=f"a{n}@force{people}.example"))
            with CaptureQueriesContext(connection) as queries:
                services.remove_domain(made, by=None, reason="Gone.")
            return len(queries)

        assert cost(3) == cost(60)

    def test_what_they_led_is_handed_on_their_sessions_end_and_nobody_hears_it_twice(self, run, force):
        made, lead = domain(force), factories.member(force, role="lead")
        idle, leader = (factories.person(email=f"{name}@force.example") for name in "ab")
        for user in (idle, leader):
            services.admit(user)
        factories.project(run, leads=[(leader, force, "police_lead")], lead_organisation=force)
        services.remove_domain(made, by=None, reason="Gone.")
        before = idle.sessions_ended
        end_due()
        idle.refresh_from_db()
        assert idle.sessions_ended == before + 1
        assert Handover.objects.get().held_by == leader
        mine = Letter.objects.filter(recipient=idle, channel="mail").exclude(key="membership.started")
        assert list(mine.values_list("key", flat=True)) == ["organisation.domain_removed"]
        theirs = Letter.objects.filter(recipient=lead, channel="mail").values_list("key", flat=True)
        assert sorted(theirs) == ["organisation.asked_again", "organisation.left"]
        end_due()
        assert Letter.objects.filter(recipient=lead, key="organisation.left", channel="mail").count() == 1

    def test_a_lead_lets_them_in_again(self, force):
        made = domain(force)
        lead = factories.with_second_factor(factories.member(force, role="lead"))
        user = factories.person(email="a@force.example")
        services.admit(user)
        services.remove_domain(made, by=None, reason="Gone.")
        request = user.membership_requests.get()
        services.answer_request(request, by=lead, accept=True, words="Back you come.")
        assert rights_of(user).member
        assert Membership.objects.current().get(user=user).admitted_by is None


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_a_domain_removed_while_someone_confirms_leaves_nobody_resting_on_it(self):
        force = factories.partner(factories.programme())
        made, users = domain(force), [factories.person(email=f"a{n}@force.example") for n in range(3)]
        results = at_once(
            *(lambda user=user: services.admit(user) for user in users),
            lambda: services.remove_domain(made, by=None, reason="Gone."),
        )
        assert [each for each in results if isinstance(each, Exception)] == []
        assert not Membership.objects.current().filter(admitted_by=made).exists()
        ended = set(Membership.objects.values_list("user_id", flat=True))
        assert set(MembershipRequest.objects.pending().values_list("user_id", flat=True)) == ended

    def test_two_sessions_of_one_person_let_them_in_once(self):
        force = factories.partner(factories.programme())
        domain(force)
        user = factories.person(email="a@force.example")
        results = at_once(*[lambda: services.admit(user)] * 3)
        assert sorted(len(each.memberships) for each in results) == [0, 0, 1]
        assert Letter.objects.filter(key="membership.started", channel="mail").count() == 1

    def test_a_coordinator_and_an_address_let_in_once(self):
        force = factories.partner(factories.programme())
        domain(force)
        user = factories.person(email="a@force.example")
        at_once(lambda: services.admit(user), lambda: services.add_member(force, user, by=None))
        assert Membership.objects.filter(user=user, starts_on__gt=TODAY() - timedelta(days=1)).count() == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_three_thousand_people_are_out_and_asked_about_again_in_one_act(force):
    made = domain(force)
    lead = factories.member(force, role="lead")
    User.objects.bulk_create(User(email=f"a{n}@force.example", name=f"Person {n}") for n in range(3000))
    users = list(User.objects.filter(email__endswith="@force.example").values_list("pk", flat=True))
    Membership.objects.bulk_create(
        Membership(user_id=pk, organisation=force, admitted_by=made, starts_on=TODAY()) for pk in users
    )
    services.remove_domain(made, by=None, reason="Gone.")
    assert Membership.objects.current().filter(organisation=force).get().user == lead
    assert MembershipRequest.objects.pending().count() == 3000
    assert Letter.objects.filter(channel="mail").values("recipient").distinct().count() == 3001
    assert Letter.objects.filter(channel="mail", recipient=lead).count() == 1


@pytest.mark.django_db
def test_joining_with_an_address_on_a_partner_s_domain_tells_nobody_who_has_an_account(force, settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
    domain(force, "people.example")
    factories.person(email=KNOWN)
    known, unknown = heard(join, KNOWN), heard(join, UNKNOWN)
    assert known == unknown
    assert not Membership.objects.exists()
    assert not Letter.objects.exists()
