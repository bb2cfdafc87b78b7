"""Rights come from dates, every time they are asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collaborative.core.reader import scope_of
from partners.models import Membership, Organisation, ProgrammePartner, ProgrammeRole
from partners.rights import NOBODY, rights_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def run():
    return factories.programme()


def test_a_member_of_a_current_partner_is_inside_its_programme(run):
    body = factories.partner(run)
    rights = rights_of(factories.member(body, role="lead"))
    assert (rights.organisations, rights.leads, rights.member_of) == ({body.pk}, {body.pk}, {run.pk})
    assert rights.member
    assert not rights.administrator


PERIODS = {
    "ended today": (-9, 0),
    "ended before": (-9, -1),
    "begins tomorrow": (1, None),
    "begins and ends later": (1, 9),
}


@pytest.mark.parametrize("days", PERIODS.values(), ids=PERIODS)
@pytest.mark.parametrize("what", ["membership", "partnership", "organisation"])
def test_what_does_not_hold_today_gives_nothing(run, today, what, days):
    first, last = (None if day is None else today + timedelta(days=day) for day in days)
    dates = {"starts_on": first, "ends_on": last}
    life = {"valid_from": first, "valid_to": last} if what == "organisation" else {}
    body = factories.partner(run, factories.organisation(**life), **(dates if what == "partnership" else {}))
    user = factories.member(body, **(dates if what == "membership" else {}))
    rights = rights_of(user)
    assert not rights.member
    assert rights.inside == frozenset()
    assert scope_of(user).programme_ids == frozenset()


@pytest.mark.parametrize("days", PERIODS.values(), ids=PERIODS)
def test_an_office_that_does_not_hold_today_gives_nothing(run, today, days):
    first, last = (None if day is None else today + timedelta(days=day) for day in days)
    user = factories.person()
    ProgrammeRole.objects.create(user=user, programme=run, starts_on=first, ends_on=last)
    assert rights_of(user) == NOBODY
    assert not rights_of(user).manages(run.pk)


def test_the_last_day_given_is_the_first_without_rights(run, today):
    body = factories.partner(run)
    user = factories.member(body, ends_on=today + timedelta(days=1))
    assert rights_of(user).member
    Membership.objects.filter(user=user).update(ends_on=today)
    assert not rights_of(user).member


def test_an_account_that_may_not_sign_in_has_no_rights(run):
    user = factories.coordinator(run, factories.member(factories.partner(run)))
    user.is_active = False
    assert rights_of(user) == NOBODY


def test_a_visitor_has_no_rights():
    from django.contrib.auth.models import AnonymousUser

    assert rights_of(AnonymousUser()) == rights_of(None) == NOBODY


def test_rights_are_kept_for_one_request_only(run, today, client):
    user = factories.coordinator(run)
    client.force_login(factories.with_second_factor(user))
    assert client.get("/admin/partners/programme/").status_code == 200
    ProgrammeRole.objects.filter(user=user).update(ends_on=today)
    assert client.get("/admin/partners/programme/").status_code != 200


def test_rights_cost_at_most_five_queries_however_many_memberships(run, django_assert_max_num_queries):
    user = factories.person()
    for _ in range(20):
        factories.member(factories.partner(run), user=user)
    with django_assert_max_num_queries(5):
        assert len(rights_of(user).organisations) == 20


def test_a_coordinator_manages_partners_present_and_to_come_but_no_longer_former_ones(run, today):
    now = factories.partner(run)
    soon = factories.partner(run, starts_on=today + timedelta(days=3))
    former = factories.partner(run, ends_on=today)
    factories.partner(factories.programme(), former)
    managed = Organisation.objects.manageable_by(factories.coordinator(run))
    assert set(managed) == {now, soon}


def test_who_belongs_where_is_seen_by_oneself_and_by_who_manages(run):
    body = factories.partner(run)
    member, colleague = factories.member(body), factories.member(body)
    seen = {
        who: Membership.objects.visible_to(user).count()
        for who, user in {
            "oneself": member,
            "coordinator": factories.coordinator(run),
            "coordinator of another": factories.coordinator(factories.programme()),
            "administrator": factories.administrator(),
            "stranger": factories.person(),
        }.items()
    }
    assert colleague.pk != member.pk
    assert seen == {"oneself": 1, "coordinator": 2, "coordinator of another": 0, "administrator": 2, "stranger": 0}


def test_parts_that_overlap_in_two_programmes_both_count(run):
    other = factories.programme()
    body = factories.partner(other, factories.partner(run))
    assert rights_of(factories.member(body)).member_of == {run.pk, other.pk}
    assert ProgrammePartner.objects.current().filter(organisation=body).count() == 2
