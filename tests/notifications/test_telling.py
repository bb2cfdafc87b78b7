"""Telling: who gets a letter, on which channel, and what it costs."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.accounts.models import User
from collaborative.notifications import services
from collaborative.notifications.models import Follow, Letter, News, NewsTopic, Preference
from tests import factories

pytestmark = pytest.mark.django_db


def ledger():
    """Return (recipient, channel, state) of every letter."""
    return sorted(Letter.objects.values_list("recipient_id", "channel", "state"))


def test_each_recipient_gets_one_letter_by_mail_and_one_in_the_portal(told):
    project, people = factories.project(), [factories.person(), factories.person()]
    services.tell("test.told", project, to=[p.pk for p in people], event="told:1")
    assert ledger() == sorted(row for p in people for row in ((p.pk, "mail", "queued"), (p.pk, "portal", "sent")))


def test_a_letter_keeps_the_thing_the_actor_the_organisation_and_the_ids_it_needs(told):
    project, person, actor = factories.project(), factories.person(), factories.person()
    services.tell(
        "test.told", project, to=[person.pk], event="told:1", by=actor, organisation_id=7, data={"decision": 3}
    )
    letter = Letter.objects.get(channel="mail")
    kept = (letter.kind_of, letter.object_id, letter.actor, letter.organisation_id, letter.data)
    assert kept == ("project", project.pk, actor, 7, {"decision": 3})


def test_nobody_is_told_the_same_event_twice(told):
    project, person = factories.project(), factories.person()
    for _time in range(2):
        services.tell("test.told", project, to=[person.pk, person.pk], event="told:1")
    services.tell("test.told", project, to=[person.pk], event="told:2")
    assert Letter.objects.filter(recipient=person).count() == 4


def test_the_database_itself_refuses_a_second_letter_of_an_event(told):
    project, person = factories.project(), factories.person()
    services.tell("test.told", project, to=[person.pk], event="told:1")
    again = Letter.objects.get(channel="portal")
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


@pytest.mark.parametrize(
    "broken", [{"state": "posted"}, {"channel": "pigeon"}, {"state": "sending"}, {"state": "failed"}]
)
def test_the_database_refuses_a_letter_in_an_impossible_state(told, broken):
    services.tell("test.told", factories.project(), to=[factories.person().pk], event="told:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(channel="mail").update(**broken)


def test_the_actor_is_not_told_what_they_did(told):
    actor, other = factories.person(), factories.person()
    services.tell("test.told", factories.project(), to=[actor.pk, other.pk], event="told:1", by=actor)
    assert set(Letter.objects.values_list("recipient_id", flat=True)) == {other.pk}


def test_people_who_left_and_empty_places_get_nothing(told):
    gone = factories.person(is_active=False)
    anonymous = factories.person(anonymised_at=timezone.now())
    services.tell("test.told", factories.project(), to=[gone.pk, anonymous.pk, None], event="told:1")
    assert ledger() == []


def test_recipients_may_be_a_queryset_of_ids(told):
    person = factories.person()
    services.tell("test.told", factories.project(), to=User.objects.values("pk"), event="told:1")
    assert Letter.objects.filter(recipient=person).count() == 2


def test_telling_forty_people_costs_as_many_statements_as_telling_one(told, django_assert_num_queries):
    project, actor = factories.project(), factories.person()
    people = [factories.person().pk for _number in range(40)]
    for event, to in (("told:1", people[:1]), ("told:2", people)):
        with django_assert_num_queries(4):  # a savepoint's two and one for each channel
            services.tell("test.told", project, to=to, event=event, by=actor)


def test_an_unknown_letter_and_a_thing_of_another_kind_are_mistakes(told):
    with pytest.raises(LookupError):
        services.tell("test.unheard", factories.project(), to=[], event="told:1")
    with pytest.raises(ValueError, match="about a project"):
        services.tell("test.told", factories.theme(), to=[], event="told:1")


@pytest.mark.parametrize(
    ("frequency", "required", "expected"),
    [
        ("at_once", False, [("mail", False), ("portal", False)]),
        ("daily", False, [("portal", True)]),
        ("portal", False, [("portal", False)]),
        ("daily", True, [("mail", False), ("portal", False)]),
        ("portal", True, [("mail", False), ("portal", False)]),
    ],
)
def test_a_preference_decides_about_mail_unless_the_letter_is_required(registered, frequency, required, expected):
    registered("test.asked", group="requests", required=required)
    person = factories.person()
    Preference.objects.create(user=person, group="requests", frequency=frequency)
    Preference.objects.create(user=person, group="decisions", frequency="portal")
    services.tell("test.asked", factories.project(), to=[person.pk], event="asked:1")
    assert sorted(Letter.objects.values_list("channel", "in_digest")) == expected


def test_letters_of_a_refused_act_are_not_left_behind(told):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.tell("test.told", factories.project(), to=[factories.person().pk], event="told:1")
        raise ZeroDivisionError
    assert ledger() == []


def test_unread_count_costs_one_query_and_counts_the_portal_only(told, django_assert_num_queries):
    person, other = factories.person(), factories.person()
    for number in range(3):
        services.tell("test.told", factories.project(), to=[person.pk, other.pk], event=f"told:{number}")
    services.mark_read(person, Letter.objects.visible_to(person).first())
    with django_assert_num_queries(1):
        assert services.unread_count(person) == 2
    assert services.unread_count(other) == 3


def test_marking_all_as_read_leaves_what_came_later_and_what_is_anothers(told):
    person, other = factories.person(), factories.person()
    for number in range(3):
        services.tell("test.told", factories.project(), to=[person.pk, other.pk], event=f"told:{number}")
    first, second, third = Letter.objects.visible_to(person).order_by("pk")
    services.mark_all_read(person, up_to=second.pk)
    assert list(Letter.objects.visible_to(person).unread()) == [third]
    services.mark_all_read(person)
    assert (services.unread_count(person), services.unread_count(other)) == (0, 3)


def test_anothers_notification_cannot_be_marked_as_read(told):
    person, other = factories.person(), factories.person()
    services.tell("test.told", factories.project(), to=[person.pk], event="told:1")
    services.mark_read(other, Letter.objects.get(channel="portal"))
    assert services.unread_count(person) == 1


def test_news_announced_twice_are_told_once():
    review = factories.review()
    for _time in range(2):
        services.announce(review, event="review.published:1", topics=[("theme", 3), ("theme", 3), ("programme", None)])
    assert list(News.objects.values_list("kind_of", "object_id")) == [("review", review.pk)]
    assert list(NewsTopic.objects.values_list("kind_of", "object_id")) == [("theme", 3)]


def test_following_twice_is_following_once_and_ends_with_one_press():
    person = factories.person()
    services.follow(person, "theme", 3)
    services.follow(person, "theme", 3)
    assert Follow.objects.count() == 1
    services.unfollow(person, "theme", 3)
    services.unfollow(person, "theme", 3)
    assert Follow.objects.count() == 0


def test_a_follow_that_came_with_taking_part_becomes_ones_own_by_pressing():
    person = factories.person()
    services.follow(person, "project", 3, automatic=True)
    Follow.objects.update(created_at=timezone.now() - timedelta(days=9))
    services.follow(person, "project", 3)
    made = Follow.objects.get()
    assert made.automatic is False
    assert made.created_at > timezone.now() - timedelta(minutes=1)
    services.follow(person, "project", 3, automatic=True)
    assert Follow.objects.get().automatic is False


def test_announcing_costs_the_same_however_many_follow():
    theme = factories.theme()
    costs = []
    for number in (1, 30):
        for _person in range(number):
            services.follow(factories.person(), "theme", theme.pk)
        review = factories.review()
        with CaptureQueriesContext(transaction.get_connection()) as queries:
            services.announce(review, event=f"review.published:{review.pk}", topics=[("theme", theme.pk)])
        costs.append(len(queries))
    assert costs[0] == costs[1]
