"""How a project's page tells where it stands, what happened, and what the reader may do next."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.audit.models import Event
from collaborative.core import policies
from partners.models import Organisation
from projects import states
from projects.states import Stage

ROAD = (Stage.PROPOSED, Stage.AWARDED, Stage.SET_UP, Stage.ACTIVE, Stage.REPORTING, Stage.COMPLETED)
"""The steps that every project hopes to take."""

AFTER = {Stage.FOLLOW_UP: Stage.COMPLETED, Stage.ARCHIVED: Stage.COMPLETED, Stage.PAUSED: Stage.ACTIVE}
BEFORE_SENDING = (Stage.DRAFT, Stage.SEEKING_PAIR)
ENDED = (Stage.DECLINED, Stage.WITHDRAWN, Stage.STOPPED_EARLY)

WORDS = {
    "project.drafted": gettext_lazy("Begun as a draft"),
    "project.submitted": gettext_lazy("Sent to the programme"),
    "project.withdrawn": gettext_lazy("Withdrawn"),
    "project.shortlisted": gettext_lazy("Shortlisted"),
    "project.awarded": gettext_lazy("Awarded"),
    "project.declined": gettext_lazy("Declined"),
    "project.set_up": gettext_lazy("Setting up began"),
    "project.started": gettext_lazy("Work began"),
    "project.paused": gettext_lazy("Paused"),
    "project.resumed": gettext_lazy("Taken up again"),
    "project.reporting": gettext_lazy("Reporting began"),
    "project.completed": gettext_lazy("Completed"),
    "project.stopped": gettext_lazy("Stopped early"),
    "project.joined": gettext_lazy("Someone joined the team"),
    "project.changed": gettext_lazy("Details changed by a coordinator"),
}
"""What each verb of the record says on the page; verbs that are not here are not shown."""


def events_of(project):
    """Return what happened to a project, oldest first, each with its ``actor`` and ``organisation_name``."""
    name = Organisation.objects.filter(pk=OuterRef("organisation_id")).values("name")
    about = Event.objects.about(project).filter(verb__in=WORDS)
    return list(about.select_related("actor").annotate(organisation_name=Subquery(name)))


def steps(project, events):
    """Return the road of a project as ``components/stages.html`` takes it, with the dates on record."""
    on = {event.to_state: event.at for event in events if event.to_state}
    on.setdefault(Stage.PROPOSED, project.submitted_at)
    on.setdefault(Stage.AWARDED, project.listed_at)
    if project.stage in ENDED:
        return _ended(project, on)
    now = AFTER.get(project.stage, project.stage)
    road = list(ROAD)
    if now in BEFORE_SENDING:
        road.insert(0, now)
    elif now not in road:
        road.insert(1, now)
    here = road.index(now)
    told = [_step(stage, _state(place, here, now), on.get(stage)) for place, stage in enumerate(road)]
    if project.stage == Stage.PAUSED:
        told[here]["note"] = _("Paused for now")
    return told


def _state(place, here, now):
    if place < here or (place == here and now == Stage.COMPLETED):
        return "done"
    return "now" if place == here else "ahead"


def _step(stage, state, on):
    return {"label": Stage(stage).label, "state": state, "on": on if state in ("done", "now", "stopped") else None}


def _ended(project, on):
    """Return the steps on record, then the one at which it ended."""
    least = [Stage.PROPOSED]
    if project.stage == Stage.STOPPED_EARLY:
        least = [Stage.PROPOSED, Stage.AWARDED]
    taken = [stage for stage in ROAD if stage in least or on.get(stage)]
    if project.never_sent:
        taken = [Stage.DRAFT]
    return [_step(stage, "done", on.get(stage)) for stage in taken] + [
        _step(project.stage, "stopped", on.get(project.stage))
    ]


@dataclass(frozen=True)
class Line:
    """One line of a project's history."""

    words: str
    at: object
    by: object = None
    organisation: str = ""
    reason: str = ""


def history(events, decisions):
    """Return the lines of a project's history, newest first; ``decisions`` are those whose reasons may be read."""
    reasons = {decision.outcome: decision.reason for decision in reversed(decisions)}
    signed = {(decision.outcome, decision.by_id): decision.credit_name for decision in decisions}
    lines = [
        Line(
            WORDS[event.verb],
            event.at,
            signed.get((event.to_state, event.actor_id)) or event.actor,
            event.organisation_name or "",
            reasons.get(event.to_state, ""),
        )
        for event in events
    ]
    return lines[::-1]


@dataclass(frozen=True)
class Act:
    """Something the reader may do next: a link, or a POST with the word of a move."""

    label: str
    url: str
    post: bool = False
    word: str = ""
    style: str = ""

    @property
    def field(self):
        """The name under which the word is sent."""
        return "move" if self.word else ""


RUN_LABELS = {
    "set-up": gettext_lazy("Begin setting up"),
    "start": gettext_lazy("Start the work"),
    "pause": gettext_lazy("Pause"),
    "resume": gettext_lazy("Take up again"),
    "report": gettext_lazy("Begin reporting"),
    "complete": gettext_lazy("Mark as completed"),
}
QUIET = ("pause",)


def acts(user, project, lacks=()):
    """Return what this person may do with the project next, the foremost first; ``lacks`` is what a draft misses."""
    to = lambda name: reverse(f"projects:{name}", args=[project.slug])  # noqa: E731
    may = lambda name: bool(policies.ask(name, user, project))  # noqa: E731
    found = []
    if project.stage == Stage.DRAFT:
        return _writing(to, lacks) if may("projects.edit") else []
    if project.stage in states.UNDER_CONSIDERATION and may("projects.decide"):
        found.append(Act(_("Decide"), reverse("admin:projects_project_decide", args=[project.pk])))
    if may("projects.run"):
        found += _running(project, to)
    if project.stage in states.WITHDRAW.sources and may("projects.withdraw"):
        found.append(Act(_("Withdraw this proposal"), to("withdraw"), style="stop"))
    return found


def _writing(to, lacks):
    write = Act(_("Carry on writing"), to("edit"), style="" if lacks else "ghost")
    send = [] if lacks else [Act(_("Send to the programme"), to("submit"), post=True)]
    return [*send, write, Act(_("Discard this draft"), to("withdraw"), style="stop")]


def _running(project, to):
    words = [word for word, move in states.RUN_MOVES.items() if project.stage in move.sources]
    found = [
        Act(RUN_LABELS[word], to("run"), post=True, word=word, style="ghost" if word in QUIET else "") for word in words
    ]
    found.sort(key=lambda act: act.word in QUIET)
    if project.stage in states.STOP.sources:
        found.append(Act(_("Stop early"), to("stop"), style="stop"))
    return found
