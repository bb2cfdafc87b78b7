"""The letters about projects, and when one no longer holds."""

from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice
from projects.models import Decision
from projects.states import UNDER_CONSIDERATION, RequestState


def decided(letter, project):
    """Give the letter the decision that it tells of, with its reason."""
    return {"decision": Decision.objects.select_related("by").filter(pk=letter.data.get("decision")).first()}


def waits(letter, project):
    """A proposal that was decided or withdrawn meanwhile no longer waits."""
    return project.stage in UNDER_CONSIDERATION


def pending(letter, request):
    """A request that was answered or taken back meanwhile needs nobody."""
    return request.state == RequestState.PENDING


def _of_project(name, label, **more):
    template = f"projects/letters/{name}.txt"
    notice(f"project.{name}", kind="project", label=label, group="decisions", template=template, **more)


def _of_request(name, label, **more):
    notice(
        f"join_request.{name}",
        kind="join_request",
        label=label,
        group="requests",
        template=f"projects/letters/request_{name}.txt",
        related=("project",),
        **more,
    )


_of_project("submitted", _("A proposal waits for your decision"), still_true=waits)
_of_project("shortlisted", _("Your proposal was shortlisted"), required=True, context=decided)
_of_project("awarded", _("Your proposal was awarded"), required=True, context=decided)
_of_project("declined", _("Your proposal was declined"), required=True, context=decided)
_of_project("withdrawn", _("A proposal was withdrawn"))
_of_project("moved", _("A project took its next step"))
_of_request("made", _("Someone asks to join your project"), still_true=pending)
_of_request("accepted", _("You were taken on to a project"), required=True)
_of_request("declined", _("Your request to join was declined"), required=True)
_of_request("withdrawn", _("A request to join was taken back"))
