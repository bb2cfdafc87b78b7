"""Practice sheets for tests: what a form sends, and a world of those who have to do with one."""

from types import SimpleNamespace
from uuid import uuid4

from evidence.services import practices as services
from tests import factories as make


def world():
    """Make a programme with two partners, their staff, coordinators and what a sheet chooses from."""
    run = make.programme()
    force, university = make.partner(run), make.partner(run, make.organisation("university"))
    return SimpleNamespace(
        programme=run,
        force=force,
        university=university,
        writer=make.member(force),
        colleague=make.member(force),
        scholar=make.member(university),
        coordinator=make.with_second_factor(make.coordinator(run)),
        other_coordinator=make.with_second_factor(make.coordinator(make.programme())),
        administrator=make.with_second_factor(make.administrator()),
        account=make.person(),
        theme=make.theme(),
        stage=make.term("practice_stage", "untested"),
        mode=make.term("implementation_mode", "dedicated_service"),
        award=make.term("recognition", "tilley_award"),
    )


def row(name, number, **cells):
    """Return what one row of a form sends."""
    return {f"{name}-{number}-{cell}": value for cell, value in cells.items()}


def rows(**filled):
    """Return what the rows of a form send: ``examples=[{…}]`` and so on."""
    sent = {}
    for name in ("examples", "modes", "resources"):
        cells = filled.get(name, [])
        sent |= {f"{name}-TOTAL_FORMS": len(cells) + 2, f"{name}-INITIAL_FORMS": 0}
        for number, each in enumerate(cells):
            sent |= row(name, number, **each)
    return sent


def typed(here, **changes):
    """Return what the form of a whole sheet sends."""
    return {
        "key": str(uuid4()),
        "title": "Walking the night bus home",
        "summary": "Officers ride the last bus twice a week.",
        "themes": [here.theme.pk],
        "tags": "night time, buses",
        "why": "Fewer calls from **drivers**.",
        "conditions": "The bus company agrees.",
        "not_worked": "Riding every night.",
        "cost": "not known",
        "stage": here.stage.pk,
        "recognised": [here.award.pk],
        "contact": "Roads team, roads@force.example",
        **rows(
            examples=[{"text": "Two lines were ridden.", "place": "Lowick", "country": "GB", "source": "Own figures"}],
            modes=[{"term_id": here.mode.pk, "text": "One team for it."}],
            resources=[{"citation": "Low (2021), *Buses*.", "url": "https://example.org/buses"}],
        ),
        **changes,
    }


def values(here, **changes):
    """Return the values of a whole sheet, as the services take them."""
    return {
        "title": "Walking the night bus home",
        "summary": "Officers ride the last bus twice a week.",
        "why": "Fewer calls.",
        "conditions": "The bus company agrees.",
        "not_worked": "Riding every night.",
        "cost": "not known",
        "contact": "Roads team",
        "provenance": "",
        "programme_id": here.programme.pk,
        "organisation_id": here.force.pk,
        "stage_id": here.stage.pk,
        "themes": [here.theme.pk],
        "recognised": [],
        "tags": ["buses"],
        "examples": [
            {
                "place": "Lowick",
                "country": "GB",
                "partners": "",
                "text": "Two lines.",
                "source": "Own figures",
                "url": "",
            }
        ],
        "modes": [{"term_id": here.mode.pk, "text": "One team."}],
        "resources": [],
        **changes,
    }


def draft(here, **changes):
    """Make the writer's whole draft."""
    return services.begin(by=here.writer, key=uuid4(), values=values(here, **changes), seen={})


def waiting(here, **changes):
    """Make the writer's sheet that was sent in."""
    return services.submit(draft(here, **changes), by=here.writer)


def published(here, **changes):
    """Make the writer's sheet that was published."""
    return services.publish(waiting(here, **changes), by=here.coordinator)
