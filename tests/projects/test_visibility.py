"""Who may see a project, in the list and on its page, and what both cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collaborative.core.handling import Handling
from collaborative.search import services as search
from projects.models import NEVER_SENT, JoinRequest, Project
from projects.states import PUBLIC_STAGES, UNDER_CONSIDERATION, Stage
from tests import factories as make
from tests.projects.world import KINDS, World, client_of

pytestmark = pytest.mark.django_db

ON_IT = {"police lead", "academic lead", "team"}
INSIDE = {"member", "organisation lead", "left the project", "coordinator", "administrator"}
RUN_IT = {"coordinator", "administrator"}


def expected(stage, handling, never_sent=False):
    """Return the kinds of person who see a project, from the rules in words."""
    if stage in PUBLIC_STAGES and handling == Handling.PUBLIC:
        return set(KINDS)
    if stage == Stage.DRAFT or never_sent:
        return ON_IT
    if stage in PUBLIC_STAGES or stage in UNDER_CONSIDERATION:
        return ON_IT | INSIDE
    return ON_IT | RUN_IT


@pytest.mark.parametrize("handling", Handling.values)
def test_list_and_page_agree_on_who_may_see(handling):
    world = World()
    stages = Stage if handling == Handling.PUBLIC else PUBLIC_STAGES  # before that the marking changes nothing
    projects = {stage: world.project(stage, handling=handling) for stage in stages}
    projects["discarded"] = world.project(Stage.WITHDRAWN, handling=handling, submitted_at=None)
    wanted, listed, opened = {}, {}, {}
    for kind in KINDS:
        client = client_of(world[kind])
        shown = {project.pk for project in client.get("/projects/").context["filter"].qs}
        for stage, project in projects.items():
            never_sent = stage == "discarded"
            wanted[kind, stage] = kind in expected(project.stage, handling, never_sent)
            listed[kind, stage] = project.pk in shown
            opened[kind, stage] = client.get(project.get_absolute_url()).status_code == 200
    assert listed == wanted
    assert opened == wanted


def test_what_may_not_be_seen_is_not_found():
    world = World()
    draft = world.project(Stage.DRAFT)
    assert client_of(world["coordinator"]).get(draft.get_absolute_url()).status_code == 404
    assert client_of(world["coordinator"]).get(f"{draft.get_absolute_url()}edit/").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_search_finds_only_what_the_page_shows(kind):
    world = World()
    for stage in Stage:
        search.index(world.project(stage, title=f"Quetzal {stage}"))
    found = set(client_of(world[kind]).get("/projects/?q=quetzal").context["filter"].qs)
    seen = Project.objects.visible_to(world[kind])
    shared = Project.objects.exclude(NEVER_SENT) if kind in RUN_IT else in_progress()
    assert found == set(seen & shared)


def in_progress():
    """Return what more than its named readers see."""
    return Project.objects.filter(stage__in=(*PUBLIC_STAGES, *UNDER_CONSIDERATION))


def cost(user, url):
    """Return how many queries a page takes, the second time it is asked for."""
    client = client_of(user)
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


@pytest.mark.parametrize(
    "url",
    ["/projects/", "/projects/?q=project&stage=active&sort=title", "/projects/areas/", "/projects/areas/an-area/"],
)
@pytest.mark.parametrize(("kind", "most"), [("visitor", 12), ("member", 20), ("police lead", 20), ("coordinator", 20)])
def test_list_costs_the_same_however_long(url, kind, most):
    world = World()
    area = make.area(world.programme, slug="an-area")

    def more():
        search.index(world.project(area=area, kind_of=make.term("project_kind", "evaluation")))

    more()
    one = cost(world[kind], url)
    for _number in range(29):
        more()
    assert cost(world[kind], url) == one
    assert one <= most


@pytest.mark.parametrize(
    ("kind", "stage", "most"),
    [("visitor", Stage.ACTIVE, 12)]
    + [(kind, stage, 20) for kind in ("member", "police lead", "coordinator") for stage in ("proposed", "active")],
)
def test_page_costs_the_same_however_full(kind, stage, most):
    world = World()
    project = world.project(stage)

    def fill(times):
        for _number in range(times):
            body = make.partner(world.programme)
            someone = make.member(body)
            project.partners.create(organisation=body)
            project.people.create(user=someone, organisation=body, starts_on=make.yesterday())
            asker = make.member(make.partner(world.programme))
            JoinRequest.objects.create(
                project=project, user=asker, organisation=world.organisation_of(asker), message="Please"
            )
            project.decisions.create(outcome=Stage.SHORTLISTED, reason="Good.", by=world["coordinator"])

    fill(1)
    one = cost(world[kind], project.get_absolute_url())
    fill(15)
    assert cost(world[kind], project.get_absolute_url()) == one
    assert one <= most
