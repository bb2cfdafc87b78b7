"""A person's own pages: notifications, preferences, follows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.accounts.models import User
from collaborative.notifications import services
from collaborative.notifications.models import Follow, Letter, Preference
from projects.models import Project
from projects.states import Stage
from tests import factories

pytestmark = pytest.mark.django_db
LIST, PREFERENCES = "/me/notifications/", "/me/preferences/"
CHOICES = {
    "language": "cy",
    "time_zone": "Europe/Paris",
    "decisions": "at_once",
    "requests": "daily",
    "bookings": "portal",
    "news": "portal",
}


def signed_in(client, person):
    """Sign a person in; return them."""
    client.force_login(person)
    return person


def tell(person, number=1, project=None):
    """Tell someone about a project; return it."""
    project = project or factories.project()
    services.tell("test.told", project, to=[person.pk], event=f"told:{number}")
    return project


@pytest.mark.parametrize("address", [LIST, PREFERENCES])
def test_pages_of_ones_own_ask_to_sign_in(client, address):
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


def test_notifications_are_listed_by_day_newest_first_and_lead_straight_to_the_thing(client, told):
    person = signed_in(client, factories.person())
    old, new = tell(person, 1), tell(person, 2)
    Letter.objects.filter(event="told:1").update(created_at=timezone.now() - timedelta(days=2))
    page = client.get(LIST)
    assert [len(told_on) for _day, told_on in page.context["days"]] == [1, 1]
    assert [told_on[0].title for _day, told_on in page.context["days"]] == [new.title, old.title]
    assert f'<a href="{new.get_absolute_url()}">Something happened</a>' in page.content.decode()


def test_looking_marks_nothing_as_read(client, told):
    person = signed_in(client, factories.person())
    tell(person)
    client.get(LIST)
    client.get(LIST)
    assert services.unread_count(person) == 1


def test_a_button_marks_one_as_read_and_another_marks_all(client, told):
    person = signed_in(client, factories.person())
    for number in range(3):
        tell(person, number)
    letter = Letter.objects.visible_to(person).first()
    address = reverse("notifications:read", args=[letter.pk])
    assert client.get(address).status_code == 405
    assert client.post(address)["Location"] == LIST
    assert services.unread_count(person) == 2
    newest = client.get(LIST).context["newest"]
    tell(person, 9)
    client.post(reverse("notifications:read_all"), {"up_to": newest})
    assert services.unread_count(person) == 1
    client.post(reverse("notifications:read_all"), {"up_to": "9" * 40})
    assert services.unread_count(person) == 0


def test_anothers_notification_does_not_exist(client, told):
    tell(factories.person())
    letter = Letter.objects.get(channel="portal")
    other = signed_in(client, factories.person())
    assert client.post(reverse("notifications:read", args=[letter.pk])).status_code == 404
    assert client.get(LIST).context["days"] == []
    mail = Letter.objects.get(channel="mail")
    assert client.post(reverse("notifications:read", args=[mail.pk])).status_code == 404
    assert services.unread_count(other) == 0


def test_the_title_of_what_one_may_no_longer_see_is_not_shown(client, told):
    person = signed_in(client, factories.person())
    project = tell(person)
    Project.objects.filter(pk=project.pk).update(stage=Stage.DRAFT, title="A hidden draft")
    words = client.get(LIST).content.decode()
    assert "A hidden draft" not in words
    assert project.slug not in words
    assert "no longer open to you" in words


def test_a_letter_that_a_later_release_no_longer_knows_is_still_listed(client, registered):
    registered("test.old")
    person = signed_in(client, factories.person())
    services.tell("test.old", factories.project(), to=[person.pk], event="old:1")
    Letter.objects.update(key="test.forgotten")
    page = client.get(LIST)
    assert page.status_code == 200
    assert "A notification" in page.content.decode()


def test_the_list_costs_the_same_at_one_and_at_thirty(client, told):
    costs = []
    for number in (1, 30):
        person = factories.member(factories.partner(factories.programme()))
        for each in range(number):
            tell(person, f"{number}-{each}")
        signed_in(client, person)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 20


def test_choices_are_kept_and_the_language_holds_at_once(client):
    person = signed_in(client, factories.person())
    answer = client.post(PREFERENCES, CHOICES)
    assert (answer.status_code, answer["Location"]) == (302, PREFERENCES)
    assert answer.cookies["django_language"].value == "cy"
    person.refresh_from_db()
    assert (person.language, person.time_zone) == ("cy", "Europe/Paris")
    kept = dict(Preference.objects.filter(user=person).values_list("group", "frequency"))
    assert kept == {"requests": "daily", "bookings": "portal", "news": "portal"}
    page = client.get(PREFERENCES)
    assert '<html lang="cy">' in page.content.decode()
    assert page.context["form"].initial == CHOICES


def test_going_back_to_what_the_browser_asks_takes_the_cookie_away(client):
    person = signed_in(client, factories.person(language="cy"))
    client.post(PREFERENCES, CHOICES)
    answer = client.post(PREFERENCES, CHOICES | {"language": "", "requests": "at_once"})
    assert answer.cookies["django_language"].value == ""
    person.refresh_from_db()
    assert person.language == ""
    assert Preference.objects.get(user=person, group="requests").frequency == "at_once"


@pytest.mark.parametrize(
    "wrong", [{"language": "tlh"}, {"time_zone": "Mars/Olympus"}, {"requests": "hourly"}, {"news": "at_once"}]
)
def test_a_wrong_choice_is_told_beside_its_field_and_changes_nothing(client, wrong):
    person = signed_in(client, factories.person())
    page = client.post(PREFERENCES, CHOICES | wrong)
    assert (page.status_code, list(page.context["form"].errors)) == (422, list(wrong))
    assert User.objects.get(pk=person.pk).time_zone == "Europe/London"
    assert Preference.objects.count() == 0


def test_follows_are_listed_by_kind_and_name_with_a_button_that_ends_each(client):
    person = signed_in(client, factories.person())
    programme, beta, alpha = factories.programme(), factories.theme(name="Beta"), factories.theme(name="Alpha")
    for thing in (programme, beta, alpha):
        services.follow(person, thing.kind, thing.pk)
    page = client.get(PREFERENCES)
    assert [each.title for each in page.context["follows"]] == ["Alpha", "Beta", programme.name]
    answer = client.post("/me/unfollow/", {"kind": "theme", "id": beta.pk, "next": PREFERENCES})
    assert answer["Location"] == PREFERENCES
    assert [each.title for each in client.get(PREFERENCES).context["follows"]] == ["Alpha", programme.name]


def test_preferences_cost_the_same_with_one_follow_and_with_thirty(client):
    costs = []
    for number in (1, 30):
        person = signed_in(client, factories.person())
        for _theme in range(number):
            services.follow(person, "theme", factories.theme().pk)
        client.get(PREFERENCES)
        with CaptureQueriesContext(connection) as queries:
            client.get(PREFERENCES)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 20


def test_following_is_one_press_and_leads_back(client):
    person, theme = signed_in(client, factories.person()), factories.theme()
    assert client.get("/me/follow/").status_code == 405
    answer = client.post("/me/follow/", {"kind": "theme", "id": theme.pk, "next": "/themes/?page=2"})
    assert answer["Location"] == "/themes/?page=2"
    assert list(Follow.objects.values_list("user", "kind_of", "object_id")) == [(person.pk, "theme", theme.pk)]


@pytest.mark.parametrize("where", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_following_never_leads_out_of_the_portal(client, where):
    signed_in(client, factories.person())
    theme = factories.theme()
    answer = client.post("/me/follow/", {"kind": "theme", "id": theme.pk, "next": where})
    assert answer["Location"] == theme.get_absolute_url()


def test_someone_signed_out_is_asked_to_sign_in_and_comes_back_to_the_page(client):
    theme = factories.theme()
    answer = client.post("/me/follow/", {"kind": "theme", "id": theme.pk, "next": "/themes/"})
    assert answer["Location"] == "/accounts/login/?next=/themes/"
    assert Follow.objects.count() == 0


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "theme"},
        {"kind": "theme", "id": "x"},
        {"kind": "theme", "id": "9" * 40},
        {"kind": "dragon", "id": 1},
    ],
)
def test_what_does_not_exist_cannot_be_followed(client, form):
    signed_in(client, factories.person())
    assert client.post("/me/follow/", form).status_code == 404


def test_what_one_may_not_see_cannot_be_followed_and_does_not_exist(client):
    signed_in(client, factories.person())
    draft = factories.project(stage=Stage.DRAFT)
    assert client.post("/me/follow/", {"kind": "project", "id": draft.pk}).status_code == 404


def test_what_has_no_news_cannot_be_followed(client):
    person = signed_in(client, factories.person())
    assert client.post("/me/follow/", {"kind": "user", "id": person.pk}).status_code == 403


def test_ones_own_page_shows_what_is_new_in_what_one_follows(client, rf):
    from collaborative.notifications.queries import news_for

    theme, person = factories.theme(), factories.person()
    services.follow(person, "theme", theme.pk, automatic=True)
    for number in range(3):
        review = factories.review(title=f"Review number {number}")
        services.announce(review, event=f"published:{number}", topics=[("theme", theme.pk)])
    own = factories.review(title="My own")
    services.announce(own, event="published:own", topics=[("theme", theme.pk)], by=person)
    assert [item.title for item in news_for(person)] == ["Review number 2", "Review number 1", "Review number 0"]
    assert news_for(factories.person()) == []
