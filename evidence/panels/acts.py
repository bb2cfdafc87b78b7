"""On a review's desk: what happens next, the checklist, and the history."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from collaborative.audit.models import Event
from collaborative.core import policies
from collaborative.core.panels import panel
from evidence.acts import Desk
from evidence.checks import checklist

SHOWN = 30
WORDS = {
    "version.commissioned": _("Commissioned"),
    "version.protocol_begun": _("Protocol begun"),
    "version.begun": _("Draft begun"),
    "version.changed": _("Text changed"),
    "version.sent_to_review": _("Sent to peer review"),
    "version.sent_back": _("Sent back to its authors"),
    "version.approved": _("Approved"),
    "version.scheduled": _("Time of publication set"),
    "version.unscheduled": _("Time of publication taken back"),
    "version.not_published": _("Not published at its time"),
    "version.published": _("Published"),
    "version.embargo_ended": _("Embargo ended"),
    "version.replaced": _("Replaced by a newer version"),
    "version.update_due": _("Update due"),
    "version.reaffirmed": _("Still holds"),
    "version.superseded": _("Superseded"),
    "version.archived": _("Archived"),
    "version.restored": _("Holds again"),
    "version.corrected": _("Corrected by a note"),
    "version.withdrawn": _("Withdrawn"),
}


@panel("desk", order=10)
def what_happens_next(review, request):
    """The acts that this person can do now, and what is to happen by itself."""
    desk = Desk(review, request.user)
    offered = desk.offered()
    waiting = desk.working if desk.working and desk.working.publish_at else None
    embargoed = review.current if review.current and review.current.embargoed() else None
    sent_back = desk.working if desk.working and desk.working.writing and desk.working.sent_back_because else None
    if not (offered or waiting or embargoed or sent_back):
        return None
    context = {"offered": offered, "waiting": waiting, "embargoed": embargoed, "sent_back": sent_back}
    return "evidence/desk_acts.html", context


@panel("desk", order=40)
def to_be_checked(review, request):
    """The checklist of the text in the making."""
    version = Desk(review, request.user).working
    lines = (version.checklist_read or checklist(version)) if version else []
    if not lines:
        return None
    may = policies.offers("evidence.run", request.user, version)
    context = {"version": version, "lines": [{"line": line, "tick": tick} for line, tick in lines], "may": may}
    return "evidence/desk_checklist.html", context


@dataclass(frozen=True)
class Line:
    """One happening: what, to which version, when and by whom."""

    words: str
    number: int
    at: object
    by: object


@panel("desk", order=90)
def history(review, request):
    """What happened to the review's versions, newest first."""
    numbers = {each.pk: each.number for each in review.versions.all()}
    events = Event.objects.filter(kind="version", object_id__in=numbers, verb__in=WORDS).select_related("actor")
    lines = [Line(WORDS[each.verb], numbers[each.object_id], each.at, each.actor) for each in events[:SHOWN]]
    return ("evidence/desk_history.html", {"lines": lines}) if lines else None
