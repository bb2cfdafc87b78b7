"""Writing a proposal: kept as typed, sent when it is whole, and never twice."""

from uuid import uuid4

import pytest

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from projects import services
from projects.models import NEVER_SENT, Project
from projects.states import Stage
from projects.wanted import WANTED
from tests import factories as make
from tests.projects.world import World, client_of

pytestmark = pytest.mark.django_db


def whole(world, kind="member", **changes):
    """Return what the form sends for a whole proposal."""
    return {
        "key": str(uuid4()),
        "title": "Night patrols and sleep",
        "standing": world.organisation_of(world[kind]).partnerships.get().pk,
        "part": "police_lead",
        "area": "",
        "kind_of": make.term("project_kind", "evaluation").pk,
        "themes": [world.theme.pk],
        "summary": "Whether officers on nights sleep enough.",
        "problem": "They do not.",
        "approach": "Measure it.",
        "benefit": "Fewer mistakes.",
    } | changes


def post(world, sent, *, url="/projects/propose/", button="save", kind="member"):
    """Press a button of the form."""
    return client_of(world[kind]).post(url, sent | {button: "1"})


def test_a_draft_needs_only_a_title():
    world = World()
    answer = post(world, {"title": "Night patrols"})
    draft = Project.objects.get()
    person = draft.people.get()
    assert (answer.status_code, answer.url) == (302, "/projects/night-patrols/")
    assert (draft.stage, draft.programme, draft.summary, draft.kind_of) == (Stage.DRAFT, world.programme, "", None)
    assert (person.user, person.organisation) == (world["member"], draft.lead_organisation)


@pytest.mark.parametrize(("kind", "part"), [("police lead", "police_lead"), ("academic lead", "academic_lead")])
def test_the_likeliest_part_is_that_of_ones_kind_of_organisation(kind, part):
    world = World()
    post(world, {"title": "Night patrols"}, kind=kind)
    assert Project.objects.get().people.get().part == part


def test_a_whole_proposal_is_sent_at_once():
    world = World()
    area = make.area(world.programme)
    answer = post(world, whole(world, area=area.pk, problem="Line\r\nby line"), button="send")
    sent = Project.objects.get()
    assert answer.status_code == 302
    assert (sent.stage, sent.area, sent.problem) == (Stage.PROPOSED, area, "Line\nby line")
    assert sent.submitted_at is not None
    assert list(sent.themes.all()) == [world.theme]
    verbs = [(event.verb, event.organisation_id) for event in Event.objects.about(sent)]
    assert verbs == [
        ("project.drafted", sent.lead_organisation_id),
        ("project.submitted", sent.lead_organisation_id),
    ]


def test_sending_says_what_is_missing_and_keeps_the_draft():
    world = World()
    page = post(world, {"key": str(uuid4()), "title": "Night patrols"}, button="send")
    form, draft = page.context["form"], Project.objects.get()
    missing = {name: [sentence] for name, sentence in WANTED.items() if name != "title"} | {
        "standing": ["Say for which of your organisations you propose this."],
        "part": ["Say which of the two leads you are."],
    }
    text = page.content.decode()
    assert (page.status_code, form.errors, draft.stage) == (422, missing, Stage.DRAFT)
    assert all(f'<a href="#id_{name}' in text for name in missing)
    assert "What you typed is kept as a draft." in text


def test_the_same_form_sent_again_changes_the_same_draft():
    world = World()
    sent = whole(world, summary="")
    client = client_of(world["member"])
    client.post("/projects/propose/", sent | {"send": "1"})
    client.post("/projects/propose/", sent | {"summary": "Now it is whole.", "send": "1"})
    again = client.post("/projects/propose/", sent | {"summary": "Now it is whole.", "send": "1"})
    project = Project.objects.get()
    assert (project.stage, project.summary, again.status_code) == (Stage.PROPOSED, "Now it is whole.", 302)


def test_a_key_of_somebody_elses_form_begins_a_draft_of_ones_own():
    world, key = World(), str(uuid4())
    post(world, whole(world, key=key))
    page = post(world, whole(world, "police lead", key=key), kind="police lead")
    assert page.status_code == 422
    assert Project.objects.get().people.get().user == world["member"]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"title": ""}, {"title": ["Give the project a title."]}),
        ({"title": " \t "}, {"title": ["Give the project a title."]}),
        ({"title": "x" * 161}, {"title": ["Use 160 characters or fewer (it has 161)."]}),
        ({"title": "A\x00b"}, {"title": ["Null characters are not allowed."]}),
        ({"summary": "x" * 601}, {"summary": ["Use 600 characters or fewer (it has 601)."]}),
        ({"problem": "x" * 4001}, {"problem": ["Use 4000 characters or fewer (it has 4001)."]}),
        ({"kind_of": "nothing"}, {"kind_of": ["Choose one of the kinds in the list."]}),
        ({"kind_of": str(10**30)}, {"kind_of": ["Choose one of the kinds in the list."]}),
        ({"themes": ["999999"]}, {"themes": ["Choose themes from the list."]}),
        ({"themes": ["x"]}, {"themes": ["Choose themes from the list."]}),
        ({"area": "999999"}, {"area": ["Choose one of the areas in the list."]}),
        ({"part": "team"}, {"part": ["Select a valid choice. team is not one of the available choices."]}),
        ({"standing": "0"},
         {"standing": ["You cannot act for this organisation in this programme. Choose one of those shown."]}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(changes, errors):
    world = World()
    page = post(world, whole(world, benefit="Typed and kept.", **changes))
    assert (page.status_code, page.context["form"].errors) == (422, errors)
    assert "Typed and kept." in page.content.decode()
    assert Project.objects.count() == 0


def test_a_broken_key_is_a_new_form():
    world = World()
    page = post(world, whole(world, key="' OR 1=1"))
    assert page.status_code == 422


def test_an_area_of_another_programme_is_refused():
    world = World()
    member = world["member"]
    make.partner(world.elsewhere, world.organisation_of(member))
    foreign = make.area(world.elsewhere)
    standing = world.organisation_of(member).partnerships.get(programme=world.programme).pk
    page = post(world, whole(world, "police lead", standing=standing, area=foreign.pk))
    assert page.context["form"].errors == {
        "area": [f"This area belongs to another programme. Choose one of {world.programme}."]
    }


def test_one_acts_only_for_ones_own_organisations_in_running_programmes():
    world = World()
    member = world["member"]
    body = world.organisation_of(member)
    over = make.programme(ends_on=make.yesterday())
    make.partner(over, body)
    make.partner(make.programme(), body, ends_on=make.yesterday(), starts_on=make.yesterday())
    form = client_of(member).get("/projects/propose/").context["form"]
    assert [standing.programme for standing in form.standings] == [world.programme]


def test_without_a_running_programme_one_is_told():
    world = World()
    world.programme.ends_on = make.yesterday()
    world.programme.save()
    page = client_of(world["member"]).get("/projects/propose/")
    assert page.status_code == 409
    assert "None of your organisations takes part in a programme that is running now." in page.content.decode()


@pytest.mark.parametrize("kind", ["account holder", "former member", "coordinator"])
def test_only_staff_of_partners_propose(kind):
    world = World()
    assert client_of(world[kind]).get("/projects/propose/").status_code == 403
    assert post(world, {"title": "Night patrols"}, kind=kind).status_code == 403
    assert Project.objects.count() == 0


def test_reserved_words_are_no_addresses():
    world = World()
    post(world, {"title": "Areas"})
    post(world, {"title": "???"})
    assert set(Project.objects.values_list("slug", flat=True)) == {"areas-2", "untitled"}


def test_a_draft_is_carried_on_with():
    world = World()
    post(world, {"title": "Night patrols"})
    client = client_of(world["member"])
    page = client.get("/projects/night-patrols/edit/")
    answer = post(world, whole(world, title="Patrols at night"), url="/projects/night-patrols/edit/", button="send")
    project = Project.objects.get()
    assert page.context["form"]["title"].value() == "Night patrols"
    assert answer.url == "/projects/night-patrols/"
    assert (project.title, project.stage) == ("Patrols at night", Stage.PROPOSED)
    recorded = Event.objects.about(project).values_list("verb", "actor", "organisation_id")
    assert list(recorded) == [
        (verb, world["member"].pk, project.lead_organisation_id)
        for verb in ("project.drafted", "project.revised", "project.submitted")
    ]


def test_sending_from_the_page_leads_to_what_is_missing():
    world = World()
    post(world, {"title": "Night patrols"})
    client = client_of(world["member"])
    answer = client.post("/projects/night-patrols/submit/")
    page = client.get(answer.url)
    assert answer.url == "/projects/night-patrols/edit/?missing=1"
    assert set(page.context["form"].errors) == set(WANTED) - {"title"}


def test_what_is_sent_stays_as_it_is():
    world = World()
    project = world.project(Stage.PROPOSED)
    client = client_of(world["police lead"])
    url = f"{project.get_absolute_url()}edit/"
    assert client.get(url).status_code == 409
    page = client.post(url, whole(world, "police lead", title="Another") | {"save": "1"})
    project.refresh_from_db()
    assert (page.status_code, project.title == "Another") == (422, False)


def test_the_service_itself_asks_for_a_whole_proposal():
    world = World()
    draft = services.propose(
        by=world["member"], key=uuid4(), values=world.values(world["member"], benefit="", themes=[])
    )
    with pytest.raises(Refused) as told:
        services.submit(draft, by=world["member"])
    assert str(told.value) == "Choose at least one theme. Say what policing gains from it."


def test_a_discarded_draft_is_read_by_its_people_alone():
    world = World()
    draft = world.project(Stage.DRAFT)
    client = client_of(world["police lead"])
    question = client.get(f"{draft.get_absolute_url()}withdraw/")
    client.post(f"{draft.get_absolute_url()}withdraw/")
    assert "Discard this draft?" in question.content.decode()
    assert Project.objects.filter(NEVER_SENT, stage=Stage.WITHDRAWN).get() == draft
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert client_of(world["administrator"]).get(draft.get_absolute_url()).status_code == 404


def test_a_proposal_is_withdrawn_once():
    world = World()
    project = world.project(Stage.PROPOSED)
    client, url = client_of(world["police lead"]), f"{project.get_absolute_url()}withdraw/"
    assert client.get(url).status_code == 200
    assert Project.objects.get().stage == Stage.PROPOSED
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 422
    assert client.get(url).status_code == 409
    assert Event.objects.about(project).count() == 1


@pytest.mark.parametrize("number", ["9" * 40, "-1", "abc", "\x00"])
@pytest.mark.parametrize("button", ["save", "send"])
def test_a_theme_that_no_database_can_hold_is_no_choice(number, button):
    world = World()
    answer = post(world, whole(world, themes=[number]), button=button)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["themes"])
