"""Decisions with their reasons, and the steps from award to completion."""

from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.core.errors import Refused
from collaborative.core.handling import Handling
from collaborative.notifications.services import announce, tell, topics_of
from collaborative.search import services as search
from collaborative.workflow.services import transition
from projects.models import Decision
from projects.services.keeping import close_door, everyone, locked, people, text_of
from projects.standing import acting_for
from projects.states import DECISIONS, RUN_MOVES, START, STOP, Stage
from projects.wanted import LONGEST_REASON


@transaction.atomic
def decide(project, outcome, *, by, reason, seen):
    """Decide on a proposal (shortlist, award or decline) and return the ``Decision``.

    ``seen`` is the stage that the coordinator had in front of them: when another was quicker, this
    raises ``Refused`` and says who decided what. Its people are told, and an award enters the register.
    """
    before = locked(project)
    if before.stage != seen:
        raise Refused(_decided_meanwhile(before))
    reason = text_of(reason, LONGEST_REASON, _("Say why: the proposers are told the reason."))
    changes = {"listed_at": timezone.now()} if outcome == Stage.AWARDED else {}
    acting = acting_for(by, before)
    after = transition(before, DECISIONS[outcome], by=by, organisation_id=acting, **changes)
    decision = Decision.objects.create(project=after, outcome=outcome, reason=reason, by=by, organisation_id=acting)
    search.index(after)
    close_door(after)
    key = DECISIONS[outcome].verb
    data = {"decision": decision.pk}
    tell(key, after, to=people(after), event=f"{key}:{decision.pk}", by=by, organisation_id=acting, data=data)
    if outcome == Stage.AWARDED:
        _announce(after, by)
    return decision


def _decided_meanwhile(project):
    last = project.decisions.select_related("by").first()
    if last is None or last.outcome != project.stage:
        return _("This proposal has changed meanwhile: it is now “%(stage)s”.") % {"stage": project.get_stage_display()}
    return _("%(name)s has decided meanwhile: this proposal is now “%(stage)s”. Your decision was not saved.") % {
        "name": last.by,
        "stage": project.get_stage_display(),
    }


def _announce(project, by):
    if project.handling != Handling.PUBLIC:
        return
    announce(project, event=f"project.awarded:{project.pk}", topics=topics_of(project), by=by)


@transaction.atomic
def run(project, word, *, by):
    """Carry a project one step on (``word`` of ``RUN_MOVES``), tell its people and return it.

    Raises ``Refused`` for a word that is no step or from a wrong stage, ``PermissionDenied`` by policy.
    """
    move = RUN_MOVES.get(word)
    if move is None:
        raise Refused(_("This is not a step that a project can take."))
    before = locked(project)
    begins = move is START and before.starts_on is None
    changes = {"starts_on": timezone.localdate()} if begins else {}
    return _moved(before, move, by, **changes)


@transaction.atomic
def stop(project, *, by, reason):
    """Stop a project early, with the reason kept as a decision; return it. Raises as ``run`` does."""
    before = locked(project)
    reason = text_of(reason, LONGEST_REASON, _("Say why it stops: others learn from it."))
    stopped = _moved(before, STOP, by)
    acting = acting_for(by, stopped)
    Decision.objects.create(project=stopped, outcome=stopped.stage, reason=reason, by=by, organisation_id=acting)
    return stopped


def _moved(project, move, by, **changes):
    acting = acting_for(by, project)
    moved = transition(project, move, by=by, organisation_id=acting, **changes)
    search.index(moved)
    close_door(moved)
    event = f"{move.verb}:{uuid4().hex}"
    tell("project.moved", moved, to=everyone(moved), event=event, by=by, organisation_id=acting)
    return moved
