"""What every page may cost in queries: little, and the same whether there is one of each thing or thirty."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.notifications.services import announce, follow, tell
from collaborative.search.services import reindex
from evidence.acts import ACTS
from evidence.models import (
    Author,
    Check,
    Correction,
    Example,
    File,
    Finding,
    Funder,
    Mode,
    Recommendation,
    Reference,
    ResearchPriority,
    Resource,
    ReviewPlace,
    Round,
    Section,
    Study,
    Tag,
)
from evidence.services.writing import LISTS, ROWS
from partners.models import Handover, Invitation, MembershipRequest, OrganisationAlias, ProgrammeTheme, ThemeLead
from projects.models import Decision, JoinRequest, ProjectPartner, ProjectPerson, Strand
from projects.states import Stage
from tests import factories as make
from tests.house.test_routes import EVERYONE, TABLE, reached
from tests.house.world import world
from training.models import Booking

WALKERS = {"visitor": 12, "project_lead": 20, "coordinator": 20, "administrator": 20}
"""The most queries of a page for each kind of person, session and user included."""
OTHERS = {"reviewer": 20, "member": 20, "asker": 20}
"""Those who walk the pages that are for them alone: what they review, what they sent in, what they tried."""
BUDGETS = WALKERS | OTHERS
MORE_WORDS = {
    "search": "?q=project",
    "projects:list": "?q=project&stage=active",
    "evidence:list": "?q=review",
    "people:list": "?q=word&method=survey",
}
POSSIBLE = {
    "review": ("new-version", "correct", "call-update", "supersede", "archive", "withdraw"),
    "reviewed": ("approve", "send-back"),
    "approved": ("publish", "send-back"),
}
"""The acts that can be done with the reviews of the world."""
MANY = 30


def pages(here):
    """Return ``[(name, address, who sees it), …]`` of every page."""
    found = []
    for row in TABLE:
        name, method, _arguments, _sent, expected = row
        if method == "get":
            readers = [kind for kind in WALKERS if expected[kind] == 200]
            readers = readers or [kind for kind in OTHERS if expected[kind] == 200]
            found.append((name, reached(row, here), readers))
            if expected is EVERYONE and name in MORE_WORDS:
                found.append((f"{name} searched", reached(row, here) + MORE_WORDS[name], readers))
    return [*found, *(page for page in desk_pages(here) if page not in found)]


def desk_pages(here):
    """Return each part of the text in the making, and each act where a review stands so that it can be done."""
    runs = ["coordinator"]
    found = [("evidence:desk", "", each) for each in (here.review, here.reviewed, here.approved)]
    found += [("evidence:write_list", part, here.draft_review) for part in LISTS]
    found += [(f"evidence:write_{page}", part, here.draft_review) for page in ("rows", "new") for part in ROWS]
    for state, each in (("review", here.review), ("reviewed", here.reviewed), ("approved", here.approved)):
        found += [("evidence:act", name, each) for name in POSSIBLE[state] if name in ACTS]
    return [(name, reverse(name, args=[each.slug, *([more] if more else [])]), runs) for name, more, each in found]


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
    """Add reviews in every place of the library, parts of every kind to the texts there are, and what is asked."""
    review = make.review(here.programme, themes=[here.theme], project=here.project)
    texts = (here.draft_review, here.reviewed, here.approved)
    for version in (review.current, here.review.current, *(each.versions.get() for each in texts)):
        grow_text(version, body, n)
        version.review.terms.add(make.term("method", f"method-{n}"), make.term("population", f"population-{n}"))
        ReviewPlace.objects.create(review=version.review, country="GB", place=f"Town {n}")
        make.author(version.review)
        make.editor(version.review)
    here.review.themes.add(make.theme())
    make.version_of(here.review, "replaced", number=n + 1)
    Correction.objects.create(version=here.review.current, text="A number was wrong.", by=here.people["member"])
    Reference.objects.create(version=review.current, key="ours", short="Ours", review=here.review)
    make.review(here.programme, language=f"l{n}", translation_of=here.review)
    Check.objects.create(words=f"Line {n}")
    for state in ("peer_review", "approved", "drafting"):
        make.editor(make.review(here.programme, state=state), here.people["coordinator"])
    for asked_by in (here.people["project_lead"], make.person()):
        make.format_request(here.review, user=asked_by)
    grow_peer_review(here, n)
    grow_practices(here, body, n)


def grow_text(version, body, n):
    """Add a part of every kind to a text, each of which cites."""
    place = n + 1
    named = {"version": version, "position": place, "organisation": body}
    Author.objects.create(name=f"Author {n}", **named)
    Funder.objects.create(name=f"Funder {n}", **named)
    section = Section.objects.create(
        version=version, position=place, anchor=f"s{n}", heading="Heading", body=f"[@k1] [#finding-1] [@unknown{n}]"
    )
    for model in (Finding, ResearchPriority, Recommendation):
        model.objects.create(version=version, number=n, text="Found [@k1].", section=section)
    reference = Reference.objects.create(version=version, key=f"k{n}", short=f"Author {n}")
    Study.objects.create(version=version, number=n, short=f"Author {n}", reference=reference)
    for use in ("figure", "attachment"):
        kept = {"stored": f"evidence/{use}", "media_type": "image/webp", "size": 1, "sha256": "0" * 64}
        words = {"name": f"{use}-{n}", "title": "What was found", "alt": "A plain of one colour."}
        File.objects.create(version=version, use=use, key=f"{use}-{n}", **kept, **words)


def grow_peer_review(here, n):
    """Add a reviewer, a closed round, remarks of others and one's own, and a text that the same reviewer is asked."""
    version = here.reviewed.versions.get()
    before = Round.objects.create(version=version, number=n + 1, due_on=make.yesterday(), closed_at=timezone.now())
    sent = before.peer_reviews.create(
        number=1, user=make.person(), part="methods", state="submitted", due_on=before.due_on, has_conflict=False,
        opinion="minor", submitted_at=timezone.now(), overall="Good.",
    )  # fmt: skip
    other = make.peer_review(version, make.reviewer(here.programme), state="submitted")
    for row in (sent, other, here.peer_review):
        row.comments.create(version=version, by=row.user, text="Which sample?", part=f"s{n}")
    version.comments.create(by=here.people["coordinator"], text="See to it.")
    asked = make.review(here.programme, state="peer_review")
    make.peer_review(asked.versions.get(), here.people["reviewer"])


def grow_practices(here, body, n):
    """Add sheets in every state, parts of every kind to those there are, and notes on them."""
    for state in ("draft", "submitted", "published", "retired"):
        made = make.sheet(here.programme, state=state, submitted_by=here.people["member"], organisation=body)
        made.themes.add(here.theme)
    for sheet in (here.sheet, here.draft_sheet, here.waiting_sheet):
        sheet.themes.add(make.theme())
        sheet.tags.add(Tag.objects.create(name=f"Tag {make.number()}"))
        sheet.recognised.add(make.term("recognition", f"prize-{n}"))
        for model in (Example, Mode):
            model.objects.create(sheet=sheet, position=n, text="Done so.")
        Resource.objects.create(sheet=sheet, position=n, citation="A book.")
        for user in (make.member(body), here.people["asker"]):
            make.tried(sheet, user, body)


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


SPELLS = "search searched "
"""The page that looks for another spelling where it finds little, and so asks less where it finds much."""


def budget(page):
    """Return the most queries of one of the ``costs``."""
    return BUDGETS[page.rsplit(" ", 1)[1]]


def costs(here, kinds=tuple(BUDGETS)):
    """Return ``{(page, kind of person): queries}``."""
    counted = {}
    for kind in kinds:
        client = Client(raise_request_exception=False)
        if here.people[kind]:
            client.force_login(here.people[kind], backend=settings.AUTHENTICATION_BACKENDS[0])
        client.get(reverse("cookies"))  # the first page of a session notes its device
        for name, url, readers in pages(here):
            if kind in readers:
                connection.queries_log.clear()  # it keeps no more than 9000
                with CaptureQueriesContext(connection) as queries:
                    answer = client.get(url)
                assert answer.status_code == 200, (name, kind)
                list(answer)  # a file is closed once it is sent
                counted[f"{name} {url} as {kind}"] = len(queries)
    return counted


@pytest.mark.django_db
def test_every_page_keeps_to_its_budget_and_costs_the_same_however_much_there_is():
    here = world()
    here.approved = make.review(here.programme, state="approved")
    grow(here, 1)
    reindex()
    costs(here, ["coordinator"])  # what a process reads once
    few = costs(here)
    for n in range(2, MANY + 1):
        grow(here, n)
    reindex()
    many = costs(here)
    grown = {page: (few[page], many[page]) for page in few if many[page] != few[page]}
    fewer = {page for page, (before, after) in grown.items() if page.startswith(SPELLS) and after < before}
    assert {page: counts for page, counts in grown.items() if page not in fewer} == {}
    assert {page: cost for page, cost in many.items() if cost > budget(page)} == {}
