"""What every page may cost in queries: little, and the same whether there is one of each thing or thirty."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.notifications.services import announce, follow, tell
from collaborative.search.services import reindex
from evidence.models import Author, Finding, Reference, ResearchPriority, Section
from partners.models import Handover, Invitation, MembershipRequest, OrganisationAlias, ProgrammeTheme, ThemeLead
from projects.models import Decision, JoinRequest, ProjectPartner, ProjectPerson, Strand
from projects.states import Stage
from tests import factories as make
from tests.house.test_routes import EVERYONE, TABLE, reached
from tests.house.world import world
from training.models import Booking

WALKERS = {"visitor": 12, "project_lead": 20, "coordinator": 20, "administrator": 20}
"""The most queries of a page for each kind of person, session and user included."""
MORE_WORDS = {
    "search": "?q=project",
    "projects:list": "?q=project&stage=active",
    "evidence:list": "?q=review",
    "people:list": "?q=word&method=survey",
}
MANY = 30


def pages(here):
    """Return ``[(name, address, who sees it), …]`` of every page."""
    found = []
    for row in TABLE:
        name, method, _arguments, _sent, expected = row
        if method == "get":
            readers = [kind for kind in WALKERS if expected[kind] == 200]
            found.append((name, reached(row, here), readers))
            if expected is EVERYONE and name in MORE_WORDS:
                found.append((f"{name} searched", reached(row, here) + MORE_WORDS[name], readers))
    return found


def grow(here, n):
    """Add one of everything to the world, tied to what the walkers see."""
    lead = here.people["project_lead"]
    body = make.partner(here.programme, make.organisation(successor=here.force))
    theme, other = make.theme(), make.programme()
    make.partner(other, here.force)
    make.member(body, user=lead)
    OrganisationAlias.objects.create(organisation=here.force, name=f"Alias {n}")
    for each in (theme, here.theme):
        ProgrammeTheme.objects.get_or_create(programme=here.programme, theme=each)
        ProgrammeTheme.objects.create(programme=other, theme=each)
    for programme, about in ((here.programme, theme), (other, here.theme)):
        ThemeLead.objects.create(
            programme=programme, theme=about, side="academic", organisation=here.force, title="Lead"
        )
    strand = Strand.objects.create(programme=here.programme, slug=f"strand-of-{n}", name=f"Strand {n}")
    make.area(here.programme, strand=strand, theme=here.theme)
    MembershipRequest.objects.create(user=make.person(), organisation=here.force, message="May I?")
    Invitation.objects.create(
        organisation=here.force,
        email=f"invited{n}@people.example",
        invited_by=make.person(),
        expires_at=timezone.now() + timedelta(days=21),
    )
    grow_projects(here, body, lead)
    grow_evidence(here, body, n)
    grow_training(here, lead)
    grow_news(here, theme, n)
    grow_people(here, body, theme)


def grow_people(here, body, theme):
    """List more people who lead what there is, and let those who are listed say more."""
    made = make.profile(make.member(here.force), words=[f"Word {make.number()}"], themes=[theme], methods=["survey"])
    for profile in (made, here.profile, here.staff_profile):
        profile.expertise.create(name=f"Word {make.number()}")
        profile.themes.add(make.theme())
        make.member(make.partner(here.programme, make.organisation()), user=profile.user)


def grow_projects(here, body, lead):
    """Add projects, proposals and drafts, and people, partners, requests and decisions to those there are."""
    led = [(lead, here.force, ProjectPerson.Part.POLICE_LEAD)]
    more = {"lead_organisation": body, "themes": [here.theme], "leads": led, "area": here.area}
    for stage in (Stage.ACTIVE, Stage.PROPOSED, Stage.DRAFT):
        made = make.project(here.programme, stage=stage, **more)
        JoinRequest.objects.create(project=made, user=make.person(), organisation=body, message="May I?")
        part = {"holding": "project_lead", "object_id": made.people.get().pk, "organisation": here.force}
        asked = {"asked": lead, "state": "asked"} if stage == Stage.ACTIVE else {}
        Handover.objects.create(programme=here.programme, held_by=lead, **part, **asked)
    for project in (here.project, here.proposal, here.draft):
        ProjectPartner.objects.create(project=project, organisation=body)
        ProjectPerson.objects.create(
            project=project, user=make.member(body), organisation=body, starts_on=make.yesterday()
        )
        Decision.objects.create(
            project=project, outcome=Stage.SHORTLISTED, reason="Good.", by=here.people["coordinator"]
        )
    JoinRequest.objects.create(project=here.project, user=make.member(body), organisation=body, message="May I?")
    here.project.themes.add(make.theme())


def grow_evidence(here, body, n):
    """Add a review, and parts of every kind to the texts there are."""
    review = make.review(here.programme, themes=[here.theme], project=here.project)
    for version in (review.current, here.review.current, here.draft_review.versions.get()):
        Author.objects.create(version=version, position=n, name=f"Author {n}", organisation=here.force)
        section = Section.objects.create(version=version, position=n, anchor=f"s{n}", heading="Heading", body="[@k1]")
        Finding.objects.create(version=version, number=n, text="Found [@k1].", section=section)
        ResearchPriority.objects.create(version=version, number=n, text="Ask.", section=section)
        Reference.objects.create(version=version, key=f"k{n}", short=f"Author {n}")
    here.review.themes.add(make.theme())
    make.review(here.programme, state="peer_review")


def grow_training(here, lead):
    """Add events, and bookings by others and by those who walk."""
    event = make.event(here.programme, organiser=here.force, review=here.review)
    event.themes.add(here.theme)
    here.event.themes.add(make.theme())
    make.event(here.programme, state="planned")
    for kind in WALKERS:
        if here.people[kind]:
            Booking.objects.create(event=event, user=here.people[kind], state="confirmed")
    Booking.objects.create(event=here.event, user=make.person(), state="confirmed")


def grow_news(here, theme, n):
    """Tell those who walk something, and let them follow something that has news."""
    readers = [here.people[kind] for kind in WALKERS if here.people[kind]]
    tell("project.moved", here.project, to=[each.pk for each in readers], event=f"moved {n}")
    tell("join_request.made", here.request, to=[each.pk for each in readers], event=f"asked {n}")
    for reader in readers:
        follow(reader, "theme", theme.pk)
    announce(here.review, event=f"new {n}", topics=[("theme", theme.pk)])


def costs(here):
    """Return ``{(page, kind of person): queries}``."""
    counted = {}
    for kind in WALKERS:
        client = Client(raise_request_exception=False)
        if here.people[kind]:
            client.force_login(here.people[kind], backend=settings.AUTHENTICATION_BACKENDS[0])
        for name, url, readers in pages(here):
            if kind in readers:
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(url).status_code == 200, (name, kind)
                counted[f"{name} {url} as {kind}"] = len(queries)
    return counted


@pytest.mark.django_db
def test_every_page_keeps_to_its_budget_and_costs_the_same_however_much_there_is():
    here = world()
    grow(here, 1)
    reindex()
    costs(here)  # what a process reads once
    few = costs(here)
    for n in range(2, MANY + 1):
        grow(here, n)
    reindex()
    many = costs(here)
    assert {page: (few[page], many[page]) for page in few if many[page] != few[page]} == {}
    assert {page: cost for page, cost in many.items() if cost > WALKERS[page.rsplit(" ", 1)[1]]} == {}
