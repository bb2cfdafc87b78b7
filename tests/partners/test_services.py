"""The verbs of taking part: who may, what is refused, what is recorded."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.search.models import SearchEntry
from partners import services
from partners.models import Membership, ProgrammePartner
from partners.rights import rights_of
from tests import factories

TODAY = timezone.localdate


def role():
    return factories.term("programme_role", "collaborating_partner")


def recorded(thing):
    return list(Event.objects.about(thing).values_list("verb", "actor"))


@pytest.mark.django_db
class TestPartnerships:
    def test_a_coordinator_brings_in_an_organisation_that_is_new(self):
        run, body = factories.programme(), factories.organisation()
        by = factories.coordinator(run)
        part = services.add_partner(run, body, role=role(), by=by)
        assert (part.holds, part.starts_on) == (True, TODAY())
        assert recorded(part) == [("partnership.started", by.pk)]
        assert SearchEntry.objects.filter(kind="organisation", object_id=body.pk).exists()

    def test_nobody_else_does(self):
        run, body = factories.programme(), factories.organisation()
        others = [
            factories.person(),
            factories.member(factories.partner(run), role="lead"),
            factories.coordinator(factories.programme()),
        ]
        for user in others:
            with pytest.raises(PermissionDenied):
                services.add_partner(run, body, role=role(), by=user)
        assert not ProgrammePartner.objects.filter(organisation=body).exists()

    def test_a_partner_of_another_programme_takes_an_administrator(self):
        """Else a coordinator could let anyone into the other programme by way of its partner."""
        run, body = factories.programme(), factories.partner(factories.programme())
        with pytest.raises(PermissionDenied, match="Ask an administrator"):
            services.add_partner(run, body, role=role(), by=factories.coordinator(run))
        assert services.add_partner(run, body, role=role(), by=factories.administrator()).holds

    def test_once_the_other_part_has_ended_the_coordinator_may(self):
        run, body = factories.programme(), factories.partner(factories.programme(), ends_on=TODAY())
        assert services.add_partner(run, body, role=role(), by=factories.coordinator(run)).holds

    def test_a_second_part_in_the_same_programme_is_refused_until_the_first_has_ended(self):
        run = factories.programme()
        body = factories.partner(run)
        with pytest.raises(Refused, match="already"):
            services.add_partner(run, body, role=role(), by=None)
        services.end_partnership(body.partnerships.get(), by=None)
        assert services.add_partner(run, body, role=role(), by=None).holds

    def test_an_organisation_of_the_past_takes_part_no_more(self):
        body = factories.organisation(valid_to=TODAY())
        with pytest.raises(Refused, match="no longer exists"):
            services.add_partner(factories.programme(), body, role=role(), by=None)

    def test_ending_a_part_ends_what_it_gave_and_is_recorded(self):
        run = factories.programme()
        body, by = factories.partner(run), factories.coordinator(run)
        user = factories.member(body)
        part = services.end_partnership(body.partnerships.get(), by=by)
        assert rights_of(user).inside == frozenset()
        assert recorded(part) == [("partnership.ended", by.pk)]

    def test_a_part_ends_once_and_not_before_it_began(self):
        part = factories.partner(factories.programme()).partnerships.get()
        with pytest.raises(Refused, match="before it begins"):
            services.end_partnership(part, by=None, ends_on=TODAY() - timedelta(days=9))
        services.end_partnership(part, by=None)
        with pytest.raises(Refused, match="ended already"):
            services.end_partnership(part, by=None)

    def test_a_last_day_to_come_may_be_moved(self):
        part = factories.partner(factories.programme()).partnerships.get()
        services.end_partnership(part, by=None, ends_on=TODAY() + timedelta(days=30))
        assert services.end_partnership(part, by=None).ended


@pytest.mark.django_db
class TestMemberships:
    def test_a_coordinator_lets_someone_into_a_partner(self):
        run = factories.programme()
        body, by, user = factories.partner(run), factories.coordinator(run), factories.person()
        made = services.add_member(body, user, by=by, role="lead", title="Research lead")
        assert rights_of(user).leads == {body.pk}
        assert recorded(made) == [("membership.started", by.pk)]

    def test_a_coordinator_of_another_programme_does_not(self):
        body, stranger = factories.partner(factories.programme()), factories.coordinator(factories.programme())
        with pytest.raises(PermissionDenied, match="not a partner of a programme"):
            services.add_member(body, stranger, by=stranger)

    def test_nor_does_the_coordinator_of_a_programme_it_has_left(self):
        run = factories.programme()
        body = factories.partner(run, ends_on=TODAY())
        factories.partner(factories.programme(), body)
        with pytest.raises(PermissionDenied):
            services.add_member(body, factories.person(), by=factories.coordinator(run))

    def test_someone_who_is_in_already_is_refused(self):
        body = factories.partner(factories.programme())
        user = factories.member(body, ends_on=TODAY() + timedelta(days=5))
        with pytest.raises(Refused, match="already"):
            services.add_member(body, user, by=None)

    def test_ending_a_membership_ends_its_rights_today(self):
        run = factories.programme()
        body, by = factories.partner(run), factories.coordinator(run)
        user = factories.member(body)
        ended = services.end_membership(user.memberships.get(), by=by)
        assert not rights_of(user).member
        assert recorded(ended) == [("membership.ended", by.pk)]


@pytest.mark.django_db
class TestCoordinators:
    def test_an_administrator_appoints(self):
        run, user, by = factories.programme(), factories.person(), factories.administrator()
        made = services.appoint_coordinator(run, user, by=by)
        assert rights_of(user).coordinator_of == {run.pk}
        assert recorded(made) == [("programme_role.started", by.pk)]

    def test_a_coordinator_does_not(self):
        run = factories.programme()
        with pytest.raises(PermissionDenied, match="Only an administrator"):
            services.appoint_coordinator(run, factories.person(), by=factories.coordinator(run))

    def test_nobody_is_appointed_twice(self):
        run = factories.programme()
        with pytest.raises(Refused, match="already"):
            services.appoint_coordinator(run, factories.coordinator(run), by=None)


def at_once(act, times):
    """Run an act in threads that start together; return what each returned or raised."""
    barrier, results = threading.Barrier(times), []

    def run():
        try:
            barrier.wait()
            results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["partner", "member", "coordinator"])
def test_of_two_who_do_the_same_at_once_the_second_is_told(what):
    run, user, of_programme = factories.programme(), factories.person(), role()
    body = factories.organisation()
    act = {
        "partner": lambda: services.add_partner(run, body, role=of_programme, by=None),
        "member": lambda: services.add_member(body, user, by=None),
        "coordinator": lambda: services.appoint_coordinator(run, user, by=None),
    }[what]
    results = at_once(act, 3)
    assert sorted(type(result).__name__ == "Refused" for result in results) == [False, True, True], results


@pytest.mark.django_db(transaction=True)
def test_of_two_who_end_a_membership_at_once_the_second_is_told():
    user = factories.member(factories.organisation())
    membership = user.memberships.get()
    results = at_once(lambda: services.end_membership(membership, by=None), 2)
    assert sorted(isinstance(result, Refused) for result in results) == [False, True]
    assert Membership.objects.get().ended
    assert Event.objects.filter(verb="membership.ended").count() == 1
