"""What the register, the areas, a project's page and the panels show."""

import pytest
from django.utils import timezone

from collaborative.audit.services import record
from collaborative.core.panels import panels_for
from collaborative.search import services as search
from projects import services
from projects.models import Decision, Project, Strand
from projects.states import RUN_MOVES, Stage
from tests import factories as make
from tests.projects.world import World, client_of

pytestmark = pytest.mark.django_db


def shown(world, query="", kind="visitor"):
    """Return the titles that the register shows, in its order."""
    page = client_of(world[kind]).get(f"/projects/{query}")
    assert page.status_code == 200
    return [project.title for project in page.context["page_obj"]]


def test_the_register_is_narrowed_by_each_of_its_facets():
    world = World()
    strand = Strand.objects.create(programme=world.programme, slug="tools", name="Tools")
    area = make.area(world.programme, slug="nights")
    world.project(title="One", strand=strand, area=area, kind_of=make.term("project_kind", "evaluation"))
    make.project(world.elsewhere, title="Two", stage=Stage.COMPLETED)
    for query in (
        f"?programme={world.programme.slug}",
        f"?theme={world.theme.slug}",
        "?strand=tools",
        "?area=nights",
        "?kind=evaluation",
        "?stage=active",
    ):
        assert shown(world, query) == ["One"], query
    assert shown(world, "?stage=active&stage=completed&sort=title") == ["One", "Two"]


def test_facets_count_only_what_the_reader_may_see():
    world = World()
    world.project(Stage.ACTIVE)
    world.project(Stage.PROPOSED)

    def stages(kind):
        facets = client_of(world[kind]).get("/projects/").context["filter"].facets
        return {o["value"]: o["count"] for f in facets if f["name"] == "stage" for o in f["options"]}

    assert stages("visitor") == {"active": 1}
    assert stages("member") == {"active": 1, "proposed": 1}


def test_the_register_has_pages_of_twenty_newest_first():
    world = World()
    for number in range(21):
        listed = timezone.now() - timezone.timedelta(days=number)
        make.project(world.programme, title=f"Project {number:02}", listed_at=listed)
    assert shown(world) == [f"Project {number:02}" for number in range(20)]
    assert shown(world, "?page=2") == ["Project 20"]


def test_proposals_stand_where_they_were_sent_among_the_newest():
    world = World()
    world.project(Stage.ACTIVE, title="Old", listed_at=timezone.now() - timezone.timedelta(days=9))
    world.project(Stage.PROPOSED, title="New")
    assert shown(world, kind="member") == ["New", "Old"]


def test_words_find_a_project_by_title_text_and_organisation():
    world = World()
    project = world.project(title="Night patrols", approach="Ask about circadian rhythm.")
    search.index(project)
    assert [shown(world, f"?q={word}") for word in ("patrols", "circadian", "unicorns")] == [
        ["Night patrols"],
        ["Night patrols"],
        [],
    ]


@pytest.mark.parametrize(
    "query",
    ["?stage=%00", "?theme='%20OR%201=1", "?sort=slug;drop", "?q=%22%22%22", "?area=" + "x" * 5000, "?kind[]=1"],
)
def test_whatever_stands_in_the_address_the_register_answers(query):
    world = World()
    world.project()
    assert client_of(world["visitor"]).get(f"/projects/{query}").status_code == 200


@pytest.mark.parametrize("query", ["?page=0", "?page=-1", "?page=9999", "?page=x"])
def test_a_page_that_does_not_exist_is_not_found(query):
    assert client_of(World()["visitor"]).get(f"/projects/{query}").status_code == 404


def test_areas_stand_by_programme_and_strand_with_what_the_reader_may_see():
    world = World()
    strand = Strand.objects.create(programme=world.programme, slug="tools", name="Tools")
    empty = Strand.objects.create(programme=world.programme, slug="training", name="Training", position=1)
    area, other = make.area(world.programme, strand=strand), make.area(world.elsewhere)
    world.project(area=area)
    world.project(Stage.DRAFT, area=area)
    programmes = client_of(world["visitor"]).get("/projects/areas/").context["programmes"]
    assert [
        (each["programme"], [(group["strand"], [(a, a.shown) for a in group["areas"]]) for group in each["strands"]])
        for each in programmes
    ] == [
        (world.programme, [(strand, [(area, 1)]), (empty, [])]),
        (world.elsewhere, [(None, [(other, 0)])]),
    ]


def test_an_area_shows_its_projects_strand_and_theme():
    world = World()
    strand = Strand.objects.create(programme=world.programme, slug="tools", name="Sharp tools")
    area = make.area(world.programme, strand=strand, theme=world.theme)
    world.project(area=area, title="In the area")
    world.project(title="Elsewhere")
    page = client_of(world["visitor"]).get(area.get_absolute_url())
    text = page.content.decode()
    assert [project.title for project in page.context["projects"]] == ["In the area"]
    assert all(words in text for words in ("Sharp tools", world.theme.name, world.programme.name))


def test_the_public_reads_what_it_is_and_not_who_or_why():
    world = World()
    project = world.project(problem="Nobody **knows**.")
    record("project.awarded", project, by=world["coordinator"], from_state="proposed", to_state="awarded")
    Decision.objects.create(project=project, outcome="awarded", reason="A secret reason.", by=world["coordinator"])
    text = client_of(world["visitor"]).get(project.get_absolute_url()).content.decode()
    assert "Nobody <strong>knows</strong>." in text
    assert world.force.name in text
    assert not any(world[kind].name in text for kind in ("police lead", "academic lead", "team", "coordinator"))
    assert "A secret reason." not in text


@pytest.mark.parametrize(
    ("kind", "reads_reason"),
    [("member", False), ("police lead", True), ("team", True), ("coordinator", True), ("administrator", True)],
)
def test_insiders_read_who_and_what_happened_and_those_concerned_why(kind, reads_reason):
    world = World()
    project = world.project(Stage.PROPOSED)
    services.decide(project, "awarded", by=world["coordinator"], reason="A good reason.", seen="proposed")
    page = client_of(world[kind]).get(project.get_absolute_url())
    assert world["academic lead"].name in page.content.decode()
    assert [line.words for line in page.context["history"]] == ["Awarded"]
    assert ("A good reason." in page.content.decode()) == reads_reason


@pytest.mark.parametrize(
    ("stage", "kind", "labels"),
    [
        ("draft", "police lead", ["Send to the programme", "Carry on writing", "Discard this draft"]),
        ("draft", "team", []),
        ("proposed", "police lead", ["Withdraw this proposal"]),
        ("proposed", "coordinator", ["Decide"]),
        ("proposed", "member", []),
        ("awarded", "police lead", ["Begin setting up"]),
        ("set_up", "coordinator", ["Start the work", "Stop early"]),
        ("active", "academic lead", ["Begin reporting", "Pause", "Stop early"]),
        ("paused", "academic lead", ["Take up again", "Stop early"]),
        ("reporting", "academic lead", ["Mark as completed"]),
        ("completed", "academic lead", []),
        ("active", "team", []),
    ],
)
def test_the_page_offers_what_the_reader_may_do_next(stage, kind, labels):
    world = World()
    page = client_of(world[kind]).get(world.project(stage).get_absolute_url())
    assert [str(act.label) for act in page.context["acts"]] == labels


def test_a_draft_with_gaps_is_written_on_before_it_is_sent():
    world = World()
    page = client_of(world["police lead"]).get(world.project(Stage.DRAFT, benefit="").get_absolute_url())
    assert [str(act.label) for act in page.context["acts"]] == ["Carry on writing", "Discard this draft"]
    assert list(page.context["missing"]) == ["benefit"]


@pytest.mark.parametrize("word", RUN_MOVES)
def test_a_button_of_the_page_carries_the_project_on(word):
    world = World()
    project = world.project(RUN_MOVES[word].sources[0])
    client = client_of(world["police lead"])
    assert client.get(f"{project.get_absolute_url()}run/").status_code == 405
    assert client.post(f"{project.get_absolute_url()}run/", {"move": word}).status_code == 302
    assert client.post(f"{project.get_absolute_url()}run/", {"move": word}).status_code == 409
    assert Project.objects.get().stage == RUN_MOVES[word].target


def test_stopping_early_asks_why():
    world = World()
    project = world.project()
    client, url = client_of(world["police lead"]), f"{project.get_absolute_url()}stop/"
    assert client.get(url).status_code == 200
    page = client.post(url, {"reason": ""})
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {"reason": ["Say why it stops: others learn from it."]},
    )
    assert client.post(url, {"reason": "The data never came."}).status_code == 302
    assert client.post(url, {"reason": "Again."}).status_code == 422
    assert client.get(url).status_code == 409


@pytest.mark.parametrize(
    ("stage", "steps"),
    [
        ("draft", "Draft:now Proposed:ahead Awarded:ahead Being set up:ahead Active:ahead Reporting:ahead "
         "Completed:ahead"),
        ("shortlisted", "Proposed:done Shortlisted:now Awarded:ahead Being set up:ahead Active:ahead Reporting:ahead "
         "Completed:ahead"),
        ("paused", "Proposed:done Awarded:done Being set up:done Active:now Reporting:ahead Completed:ahead"),
        ("archived", "Proposed:done Awarded:done Being set up:done Active:done Reporting:done Completed:done"),
        ("declined", "Proposed:done Declined:stopped"),
        ("stopped_early", "Proposed:done Awarded:done Stopped early:stopped"),
    ],
)  # fmt: skip
def test_the_page_shows_where_a_project_stands(stage, steps):
    world = World()
    page = client_of(world["police lead"]).get(world.project(stage).get_absolute_url())
    assert " ".join(f"{step['label']}:{step['state']}" for step in page.context["steps"]) == steps


class Request:
    """What a panel reads of a request."""

    def __init__(self, user):
        self.user = user


def panel(place, thing, user, name):
    """Return what the projects' panel of a place says, or None."""
    built = panels_for(place, thing, Request(user))
    return next((context for template, context in built if template == f"projects/panels/{name}.html"), None)


def test_lower_pages_show_the_projects_that_the_reader_may_see():
    world = World()
    project = world.project(title="Seen")
    world.project(Stage.PROPOSED, title="Proposal")
    taking_part = make.partner(world.programme)
    project.partners.create(organisation=taking_part)
    visitor = world["visitor"]
    for place, thing in (("theme", world.theme), ("programme", world.programme), ("organisation", world.force)):
        assert [each.title for each in panel(place, thing, visitor, "projects")["projects"]] == ["Seen"]
    assert len(panel("theme", world.theme, world["member"], "projects")["projects"]) == 2
    assert [each.title for each in panel("organisation", taking_part, visitor, "projects")["projects"]] == ["Seen"]
    assert panel("organisation", make.organisation(), visitor, "projects") is None


def test_ones_own_page_shows_what_needs_one():
    world = World()
    project, draft = world.project(title="Night patrols"), world.project(Stage.DRAFT)
    proposal = world.project(Stage.PROPOSED)
    request = services.ask(
        project, by=world.asker, organisation=world.organisation_of(world.asker), message="We have the rosters."
    )
    lead = panel("me", world["police lead"], world["police lead"], "waiting")
    assert lead == {"requests": [request], "proposals": [], "drafts": [draft]}
    coordinator = panel("me", world["coordinator"], world["coordinator"], "waiting")
    assert coordinator == {"requests": [], "proposals": [proposal], "drafts": []}
    assert panel("me", world["member"], world["member"], "waiting") is None


def test_ones_own_page_shows_where_ones_projects_and_requests_stand():
    world = World()
    project, proposal = world.project(), world.project(Stage.PROPOSED)
    world.project(Stage.DRAFT)
    request = services.ask(project, by=world.asker, organisation=world.organisation_of(world.asker), message="Please")
    assert set(panel("me", world["team"], world["team"], "mine")["projects"]) == {project, proposal}
    assert panel("me", world.asker, world.asker, "mine")["asked"] == [request]
    assert panel("me", world["account holder"], world["account holder"], "mine") is None
    assert client_of(world["team"]).get("/me/").status_code == 200


def test_an_organisation_tells_the_themes_of_its_projects_that_the_reader_may_see(client):
    run = make.programme()
    body, common, rare, hidden = make.partner(run), make.theme(), make.theme(), make.theme()
    make.project(run, lead_organisation=body, themes=[common, rare])
    make.project(run, lead_organisation=body, themes=[common])
    make.project(run, lead_organisation=body, themes=[hidden], stage=Stage.PROPOSED)
    page = client.get(body.get_absolute_url()).content.decode()
    told = page[page.index("Themes it works on") :]
    assert told.index(common.name) < told.index("2 projects") < told.index(rare.name) < told.index("1 project<")
    assert hidden.name not in page
