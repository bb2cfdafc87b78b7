"""What several acts share: whom to tell, the index, and what happens to requests when the door closes."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.models import User
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from partners.models import ProgrammeRole
from projects.models import Project
from projects.states import DECLINE_REQUEST, JOINABLE


def locked(project):
    """Return the project read again, with its row locked until the transaction ends.

    Everything that changes a project or what hangs on it begins here, so that acts queue up.
    """
    return Project.objects.select_for_update().get(pk=project.pk)


def coordinators(project):
    """Return the ids of the coordinators of a project's programme."""
    offices = ProgrammeRole.objects.current().filter(role=ProgrammeRole.Role.COORDINATOR)
    return offices.filter(programme=project.programme_id).values("user_id")


def people(project):
    """Return the ids of the people now on a project."""
    return project.people.current().values("user_id")


def everyone(project):
    """Return the ids of a project's people and its programme's coordinators."""
    return User.objects.filter(Q(pk__in=people(project)) | Q(pk__in=coordinators(project))).values("pk")


def lead_people(project):
    """Return the ids of a project's present leads, but for those who have left their organisation."""
    return project.people.staff().leads().values("user_id")


def text_of(text, longest, empty):
    """Return a text that was asked for, trimmed; ``Refused`` with ``empty``, or when it is too long."""
    text = text.strip()
    if not text:
        raise Refused(empty)
    if len(text) > longest:
        raise Refused(_("This text may have at most %(longest)d characters.") % {"longest": longest})
    return text


def close_door(project):
    """Answer the pending requests of a project that nobody can join any more, and tell those who asked."""
    if project.stage in JOINABLE:
        return
    words = _("Nobody can join this project any more.")
    for request in project.join_requests.pending():
        closed = transition(request, DECLINE_REQUEST, by=None, answer=words, answered_at=timezone.now())
        tell("join_request.declined", closed, to=[closed.user_id], event=f"join_request.declined:{closed.pk}")
