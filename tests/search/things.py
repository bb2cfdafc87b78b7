"""Things of every kind that can be found, in every state, for tests of who may find them."""

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from collaborative.core.handling import Handling
from collaborative.search import services
from collaborative.search.registry import searchable_of
from evidence.states import PUBLIC_SHEETS, SheetState, VersionState
from partners.models import Profile
from projects.states import Stage
from tests import factories as make
from training.states import EventState

WORD = "Quetzal"


def projects(programme):
    """Make a project of each stage and handling; withdrawn both before and after it was sent."""
    return [
        make.project(programme, stage=stage, handling=handling, submitted_at=sent, title=f"{WORD} {stage} {handling}")
        for stage in Stage
        for handling in Handling
        for sent in ([None, timezone.now()] if stage == Stage.WITHDRAWN else [None])
    ]


def reviews(programme):
    """Make a review with a version of each state and handling."""
    made = []
    for state in VersionState:
        for handling in Handling:
            review = make.review(programme, state=state, title=f"{WORD} {state} {handling}")
            review.versions.update(handling=handling)
            made.append(type(review).objects.get(pk=review.pk))
    return made


def sheets(programme):
    """Make a practice sheet of each state that is found, and a draft; the others coordinators find elsewhere."""
    return [make.sheet(programme, state=state, title=f"{WORD} {state}") for state in (*PUBLIC_SHEETS, SheetState.DRAFT)]


def events(programme):
    """Make an event of each state."""
    return [make.event(programme, state=state, title=f"{WORD} {state}") for state in EventState]


def profiles(programme):
    """Make a profile for each audience, and those of somebody who cannot sign in and of somebody who has left."""
    named = [make.person(name=f"{WORD} {audience}") for audience in Profile.Audience.values]
    made = [
        make.profile(each, audience=audience) for each, audience in zip(named, Profile.Audience.values, strict=True)
    ]
    stopped = make.person(name=f"{WORD} stopped", is_active=False)
    left = make.person(name=f"{WORD} left", anonymised_at=timezone.now())
    return [*made, make.profile(stopped), make.profile(left, audience="staff")]


def renamed(programme):
    """Give a programme the word by which it is looked for."""
    programme.name = WORD
    programme.save()
    return programme


MAKERS = {
    "area": lambda programme: [make.area(programme, name=f"{WORD} area")],
    "event": events,
    "organisation": lambda programme: [make.organisation(name=f"{WORD} Constabulary")],
    "profile": profiles,
    "programme": lambda programme: [renamed(programme)],
    "project": projects,
    "review": reviews,
    "sheet": sheets,
    "theme": lambda programme: [make.theme(name=f"{WORD} theme")],
}
"""How things of a kind are made in a programme, in every state they can be in."""


def people(programme, elsewhere):
    """Return every kind of person, as they stand to a programme."""
    former = make.partner(programme)
    left = make.member(former)
    left.memberships.update(ends_on=make.yesterday())
    gone = make.administrator()
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    return {
        "visitor": AnonymousUser(),
        "nobody": None,
        "account holder": make.person(),
        "member": make.member(make.partner(programme)),
        "organisation lead": make.member(make.partner(programme), role="lead"),
        "former member": left,
        "member elsewhere": make.member(make.partner(elsewhere)),
        "coordinator": make.coordinator(programme),
        "coordinator elsewhere": make.coordinator(elsewhere),
        "administrator": make.administrator(),
        "deactivated administrator": gone,
    }


def indexed(kind, programme):
    """Make the things of a kind, and make them findable."""
    things = MAKERS[kind](programme)
    for thing in things:
        services.index(thing)
    return things


def named_only(things):
    """Return the ids of those that have named readers only."""
    return {thing.pk for thing in things if searchable_of(thing.kind).entry(thing) is None}
