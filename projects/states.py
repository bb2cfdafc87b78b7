"""The stages of a project and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from collaborative.workflow.moves import move


class Stage(TextChoices):
    """From first draft to archive; one address all the way."""

    DRAFT = "draft", _("Draft")
    SEEKING_PAIR = "seeking_pair", _("Looking for its other lead")
    PROPOSED = "proposed", _("Proposed")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    INVITED = "invited", _("Invited to apply")
    IN_REVIEW = "in_review", _("In review")
    AWARDED = "awarded", _("Awarded")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SET_UP = "set_up", _("Being set up")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    REPORTING = "reporting", _("Reporting")
    COMPLETED = "completed", _("Completed")
    STOPPED_EARLY = "stopped_early", _("Stopped early")
    FOLLOW_UP = "follow_up", _("Follow-up")
    ARCHIVED = "archived", _("Archived")


UNDER_CONSIDERATION = (Stage.PROPOSED, Stage.SHORTLISTED, Stage.INVITED, Stage.IN_REVIEW)
"""Proposals that wait for a decision."""

PUBLIC_STAGES = (
    Stage.AWARDED, Stage.SET_UP, Stage.ACTIVE, Stage.PAUSED, Stage.REPORTING,
    Stage.COMPLETED, Stage.STOPPED_EARLY, Stage.FOLLOW_UP, Stage.ARCHIVED,
)  # fmt: skip
"""Stages in which a project stands in the public register."""

JOINABLE = (*UNDER_CONSIDERATION, Stage.AWARDED, Stage.SET_UP, Stage.ACTIVE, Stage.PAUSED)
"""Stages in which people may still ask to join."""

OVER = (Stage.DECLINED, Stage.WITHDRAWN, Stage.COMPLETED, Stage.STOPPED_EARLY, Stage.ARCHIVED)
"""Stages in which nobody has to lead any more."""

SUBMIT = move("project.submitted", Stage.DRAFT, Stage.PROPOSED, "projects.submit")
WITHDRAW = move("project.withdrawn", (Stage.DRAFT, *UNDER_CONSIDERATION), Stage.WITHDRAWN, "projects.withdraw")
SHORTLIST = move("project.shortlisted", Stage.PROPOSED, Stage.SHORTLISTED, "projects.decide")
AWARD = move("project.awarded", UNDER_CONSIDERATION, Stage.AWARDED, "projects.decide")
DECLINE = move("project.declined", UNDER_CONSIDERATION, Stage.DECLINED, "projects.decide")
SET_UP = move("project.set_up", Stage.AWARDED, Stage.SET_UP, "projects.run")
START = move("project.started", Stage.SET_UP, Stage.ACTIVE, "projects.run")
PAUSE = move("project.paused", Stage.ACTIVE, Stage.PAUSED, "projects.run")
RESUME = move("project.resumed", Stage.PAUSED, Stage.ACTIVE, "projects.run")
REPORT = move("project.reporting", Stage.ACTIVE, Stage.REPORTING, "projects.run")
COMPLETE = move("project.completed", Stage.REPORTING, Stage.COMPLETED, "projects.run")
STOP = move("project.stopped", (Stage.SET_UP, Stage.ACTIVE, Stage.PAUSED), Stage.STOPPED_EARLY, "projects.run")

RUN_MOVES = {"set-up": SET_UP, "start": START, "pause": PAUSE, "resume": RESUME, "report": REPORT, "complete": COMPLETE}
"""The moves that need no reason, by the word that a form sends."""

DECISIONS = {Stage.SHORTLISTED: SHORTLIST, Stage.AWARDED: AWARD, Stage.DECLINED: DECLINE}
"""What a coordinator may decide about a proposal."""


class RequestState(TextChoices):
    """What became of a request to join."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


ACCEPT_REQUEST = move("join_request.accepted", RequestState.PENDING, RequestState.ACCEPTED, "projects.answer")
DECLINE_REQUEST = move("join_request.declined", RequestState.PENDING, RequestState.DECLINED, "projects.answer")
WITHDRAW_REQUEST = move("join_request.withdrawn", RequestState.PENDING, RequestState.WITHDRAWN, "projects.take_back")
