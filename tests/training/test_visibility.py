"""Who may see which event: the same answer from the list, the page, the file, search and panels."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.search import services as search
from evidence.states import VersionState
from tests import factories
from tests.house.world import world
from training import services
from training.models import Event
from training.states import EventState

pytestmark = pytest.mark.django_db

EVENTS = reverse("training:list")
RUNS = {"coordinator", "administrator"}


def enter(client, user):
    client.logout()
    if user:
        client.force_login(user)


def test_list_and_page_agree_on_who_may_see(client):
    scene = world()
    events = {state: factories.event(scene.programme, state=state) for state in EventState}
    for kind, user in scene.people.items():
        enter(client, user)
        answers = {state: client.get(event.get_absolute_url()).status_code for state, event in events.items()}
        files = {
            state: client.get(reverse("training:calendar", args=[event.slug])).status_code
            for state, event in events.items()
        }
        assert answers == files == {s: 404 if s == "planned" and kind not in RUNS else 200 for s in events}, kind
        listed = {event.pk for event in client.get(EVENTS).context["filter"].qs}
        assert listed - {scene.event.pk} == {events[s].pk for s, status in answers.items() if status == 200}, kind


def test_a_planned_event_is_in_no_output_for_others(client):
    scene, secret = world(), "Behind closed doors"
    event = factories.event(scene.programme, state="planned", title=secret, review=scene.review, organiser=scene.force)
    event.themes.add(scene.theme)
    search.index(Event.objects.get(pk=event.pk))
    addresses = [
        reverse("home"), EVENTS, EVENTS + "?q=closed", reverse("search") + "?q=closed", scene.review.get_absolute_url(),
        scene.theme.get_absolute_url(), scene.programme.get_absolute_url(), scene.force.get_absolute_url(),
    ]  # fmt: skip
    link = f'href="{event.get_absolute_url()}'
    for kind in ("visitor", "account", "member", "organisation_lead", "other_coordinator"):
        enter(client, scene.people[kind])
        for address in addresses:
            page = client.get(address).content.decode()
            assert secret not in page
            assert link not in page
    enter(client, scene.people["coordinator"])
    assert [each for each in addresses[1:] if link not in client.get(each).content.decode()] == []


def test_one_sees_ones_own_bookings_alone(client):
    event, mine, theirs = factories.event(title="Red teaming"), factories.person(), factories.person()
    services.book(event, by=mine)
    for user, seen in ((mine, True), (theirs, False)):
        client.force_login(user)
        assert ("Red teaming" in client.get(reverse("me")).content.decode()) is seen


def counted(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_list_and_pages_cost_the_same_however_long(client):
    scene = world()
    event = factories.event(scene.programme, review=scene.review)
    addresses = [EVENTS, event.get_absolute_url(), scene.review.get_absolute_url(), reverse("me")]
    for kind, budget in (("visitor", 12), ("member", 20), ("coordinator", 20)):
        enter(client, scene.people[kind])
        pages = addresses if scene.people[kind] else addresses[:3]
        if scene.people[kind]:
            services.book(event, by=scene.people[kind])
        few = {address: counted(client, address) for address in pages}
        for _number in range(30):
            each = factories.event(scene.programme, review=scene.review)
            each.themes.add(scene.theme)
            if scene.people[kind]:
                services.book(each, by=scene.people[kind])
        many = {address: counted(client, address) for address in pages}
        assert many == few, kind
        assert max(few[each] for each in addresses[:3]) <= budget, (kind, few)


def test_each_facets_counts_are_what_choosing_finds(client):
    programmes, themes = [factories.programme() for _each in range(2)], [factories.theme() for _each in range(2)]
    now = timezone.now()
    for number in range(10):
        past = number % 3 == 0
        starts_at = now + timezone.timedelta(days=-3 if past else 3)
        event = factories.event(
            programmes[number % 2], online=number % 4 == 0, starts_at=starts_at, state=list(EventState)[number % 7],
            ends_at=starts_at + timezone.timedelta(hours=1), kind_of=factories.term("training_kind", f"k{number % 3}"),
        )  # fmt: skip
        event.themes.add(themes[number % 2])
    for narrowed in ("?", "?when=past", "?how=online", f"?theme={themes[0].slug}&kind=k1"):
        page = client.get(EVENTS + narrowed)
        for facet in page.context["filter"].facets:
            for option in facet["options"]:
                if not option["checked"]:
                    others = [(n, v) for n, v in page.wsgi_request.GET.items() if n != facet["name"]]
                    query = "&".join(f"{n}={v}" for n, v in [*others, (facet["name"], option["value"])])
                    found = client.get(f"{EVENTS}?{query}").context["page_obj"].paginator.count
                    assert option["count"] == found, (narrowed, facet["name"], option)


@pytest.mark.parametrize(
    "query",
    [
        "q=%00", "q=%F0%9F%94%8D%22", "page=0", "page=99999999999999999999", "when=never", "when=%00", "how=%27",
        "kind=%00", "theme=%F0%9F%94%8D", "programme=%22", "sort=sideways", "when=next&when=past", "unknown=%00",
    ],
)  # fmt: skip
def test_no_address_is_an_error(client, query):
    factories.event()
    assert client.get(f"{EVENTS}?{query}").status_code in (200, 404)


@pytest.mark.parametrize("slug", ["nothing", "a" * 300, "%00", "%F0%9F%94%8D", "calendar"])
def test_a_wrong_address_is_a_404(client, slug):
    client.force_login(factories.person())
    assert client.get(f"/training/{slug}/").status_code == 404
    assert client.get(f"/training/{slug}/calendar.ics").status_code == 404
    assert client.post(f"/training/{slug}/book/").status_code == 404


@pytest.mark.parametrize("hidden", ["draft", "official"])
def test_a_project_s_page_does_not_show_training_that_only_a_hidden_review_joins_to_it(client, hidden):
    scene = world()
    state = VersionState.DRAFTING if hidden == "draft" else VersionState.PUBLISHED
    review = factories.review(scene.programme, state=state, project=scene.project)
    review.versions.update(handling="OFFICIAL")
    event = factories.event(scene.programme, review=review)
    inside = {"member", "organisation_lead", "project_lead", "asker", "coordinator", "administrator"}
    for kind, user in scene.people.items():
        enter(client, user)
        page = client.get(scene.project.get_absolute_url()).content.decode()
        seen = hidden == "official" and kind in inside
        assert (event.get_absolute_url() in page, 'href="#training"' in page) == (seen, seen), kind
