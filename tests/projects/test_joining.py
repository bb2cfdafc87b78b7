"""Asking to join, on the pages and as a service."""

import pytest

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from projects import services
from projects.models import JoinRequest, ProjectPartner, ProjectPerson
from projects.states import JOINABLE, RequestState, Stage
from tests import factories as make
from tests.projects.world import KINDS, World, client_of

pytestmark = pytest.mark.django_db

MAY_ASK = {"member", "organisation lead", "left the project"}


def join_url(project):
    """Return the address of the form."""
    return f"{project.get_absolute_url()}join/"


def asked(world, project=None):
    """Return a request of someone who wants to join."""
    organisation = world.organisation_of(world.asker)
    return services.ask(project or world.project(), by=world.asker, organisation=organisation, message="Please")


def test_staff_of_partners_who_are_not_on_it_may_ask():
    world = World()
    url = join_url(world.project())
    answers = {kind: client_of(world[kind]).get(url).status_code for kind in KINDS}
    assert answers == {kind: 200 if kind in MAY_ASK else 403 for kind in KINDS} | {"visitor": 302}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("member elsewhere", "Only staff of partners of this project’s programme can ask to join it."),
        ("team", "You are on this project already."),
    ],
)
def test_who_may_not_ask_reads_why(kind, reason):
    world = World()
    assert reason in client_of(world[kind]).get(join_url(world.project())).content.decode()


def test_a_wish_to_join_is_kept_with_its_organisation_and_shown():
    world = World()
    project, role = world.project(), make.term("project_role", "analyst")
    standing = world.organisation_of(world.asker).partnerships.get()
    sent = {"message": "We have the rosters.", "role": role.pk, "standing": standing.pk}
    answer = client_of(world.asker).post(join_url(project), sent)
    request = JoinRequest.objects.get()
    assert answer.url == request.get_absolute_url()
    assert (request.user, request.organisation_id, request.role) == (world.asker, standing.organisation_id, role)
    assert Event.objects.about(request).get().organisation_id == standing.organisation_id
    assert "We have the rosters." in client_of(world["police lead"]).get(project.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"message": ["Write the leads a message."], "standing": ["Say for which of your organisations you ask."]}),
        ({"message": "x" * 1501, "standing": "own"},
         {"message": ["Use 1500 characters or fewer (it has 1501)."]}),
        ({"message": "A\x00b", "standing": "own"}, {"message": ["Null characters are not allowed."]}),
        ({"message": "Please", "standing": "foreign"}, {"standing": ["Choose one of the organisations shown."]}),
        ({"message": "Please", "standing": "1' OR 1=1"}, {"standing": ["Choose one of the organisations shown."]}),
        ({"message": "Please", "standing": "own", "role": "999999999999999999999"},
         {"role": ["Select a valid choice. That choice is not one of the available choices."]}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(sent, errors):
    world = World()
    standings = {
        "own": world.organisation_of(world.asker).partnerships.get().pk,
        "foreign": world.force.partnerships.get().pk,
    }
    values = sent | ({"standing": standings.get(sent["standing"], sent["standing"])} if "standing" in sent else {})
    page = client_of(world.asker).post(join_url(world.project()), values)
    assert (page.status_code, page.context["form"].errors) == (422, errors)
    assert page.context["form"]["message"].value() == sent.get("message")
    assert JoinRequest.objects.count() == 0


def test_a_long_message_is_counted_as_the_reader_counts_it():
    world = World()
    standing = world.organisation_of(world.asker).partnerships.get().pk
    message = "\r\n".join("x" * 4 for _line in range(300)) + "y"
    answer = client_of(world.asker).post(join_url(world.project()), {"message": message, "standing": standing})
    assert (len(message.replace("\r", "")), answer.status_code) == (1500, 302)


def test_asking_again_leads_to_the_request():
    world = World()
    request = asked(world)
    answer = client_of(world.asker).get(join_url(request.project))
    assert answer.url == request.get_absolute_url()


def test_asking_twice_is_told():
    world = World()
    project = asked(world).project
    with pytest.raises(Refused) as told:
        asked(world, project)
    assert str(told.value) == "You have asked already. The leads have your message and will answer it."


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in JOINABLE and stage != Stage.DRAFT])
def test_nobody_joins_what_is_over(stage):
    world = World()
    with pytest.raises(Refused) as told:
        asked(world, world.project(stage))
    assert str(told.value) == "Nobody can join this project any more."


def test_an_organisation_one_is_not_of_is_refused():
    world = World()
    with pytest.raises(Refused) as told:
        services.ask(world.project(), by=world.asker, organisation=world.force, message="Please")
    assert str(told.value) == "You can no longer act for this organisation in this programme. Choose another."


def test_accepted_one_is_on_the_team_and_ones_organisation_takes_part():
    world = World()
    request = asked(world)
    sent = {"accept": "yes", "words": "Welcome."}
    answer = client_of(world["academic lead"]).post(request.get_absolute_url(), sent)
    request.refresh_from_db()
    part = ProjectPerson.objects.get(user=world.asker)
    assert answer.url == request.project.get_absolute_url()
    assert (request.state, request.answer, request.answered_by) == ("accepted", "Welcome.", world["academic lead"])
    assert (part.part, part.organisation) == ("team", request.organisation)
    assert ProjectPartner.objects.filter(project=request.project, organisation=request.organisation).count() == 1
    assert Event.objects.about(request.project).get().verb == "project.joined"


def test_declined_nothing_changes_but_the_request():
    world = World()
    request = asked(world)
    services.answer(request, by=world["police lead"], accept=False, words="Full.")
    request.refresh_from_db()
    assert request.state == RequestState.DECLINED
    assert not ProjectPerson.objects.filter(user=world.asker).exists()
    assert not ProjectPartner.objects.exists()


def test_whoever_left_their_organisation_is_not_taken_on():
    world = World()
    request = asked(world)
    world.asker.memberships.update(ends_on=request.created_at.date())
    page = client_of(world["police lead"]).post(request.get_absolute_url(), {"accept": "yes", "words": "Welcome."})
    request.refresh_from_db()
    assert page.context["form"].errors == {
        "__all__": ["This person is no longer staff of the organisation they asked for. Decline, and say so."]
    }
    assert (page.status_code, request.state) == (422, RequestState.PENDING)


def test_a_part_for_an_organisation_one_has_left_gives_way_to_the_new_one():
    world = World()
    project, former = world.project(), world["former lead"]
    body = make.partner(world.programme)
    make.member(body, user=former)
    request = services.ask(project, by=former, organisation=body, message="I have moved.")
    services.answer(request, by=world["police lead"], accept=True, words="Welcome back.")
    now = project.people.current().get(user=former)
    assert now.organisation == body


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"accept": ["Accept or decline."], "words": ["Write a message: it goes to the person who asked."]}),
        ({"accept": "maybe", "words": "Hm"}, {"accept": ["Accept or decline."]}),
    ],
)
def test_an_answer_needs_a_choice_and_a_message(sent, errors):
    world = World()
    page = client_of(world["police lead"]).post(asked(world).get_absolute_url(), sent)
    assert (page.status_code, page.context["form"].errors) == (422, errors)


def test_a_request_is_seen_by_its_asker_and_the_leads():
    world = World()
    url = asked(world).get_absolute_url()
    answers = {kind: client_of(world[kind]).get(url).status_code for kind in KINDS}
    assert answers == {kind: 200 if kind in ("police lead", "academic lead") else 404 for kind in KINDS}
    assert client_of(world.asker).get(url).status_code == 200


def test_whoever_asked_does_not_answer_and_a_lead_does_not_take_back():
    world = World()
    url = asked(world).get_absolute_url()
    assert client_of(world.asker).post(url, {"accept": "yes", "words": "Yes!"}).status_code == 403
    assert client_of(world["police lead"]).post(f"{url}take-back/").status_code == 403


def test_a_request_is_taken_back_once():
    world = World()
    request = asked(world)
    client = client_of(world.asker)
    url = f"{request.get_absolute_url()}take-back/"
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 409
    request.refresh_from_db()
    assert request.state == RequestState.WITHDRAWN


def test_a_request_stays_readable_when_its_project_no_longer_is():
    world = World()
    project = world.project(Stage.PROPOSED, title="Night patrols")
    request = asked(world, project)
    services.withdraw(project, by=world["police lead"])
    client = client_of(world.asker)
    page = client.get(request.get_absolute_url()).content.decode()
    assert client.get(project.get_absolute_url()).status_code == 404
    assert "Nobody can join this project any more." in page
    assert f'href="{project.get_absolute_url()}"' not in page


@pytest.mark.parametrize("pk", ["0", str(10**30)])
def test_a_request_that_does_not_exist_is_not_found(pk):
    world = World()
    url = f"{world.project().get_absolute_url()}requests/{pk}/"
    assert client_of(world["police lead"]).get(url).status_code == 404
    assert client_of(world["police lead"]).post(f"{url}take-back/").status_code == 404
