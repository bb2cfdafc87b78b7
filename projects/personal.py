"""What projects hold of a person: parts, requests and decisions; and where a name may stay as a credit."""

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.audit.services import record
from collaborative.core.handling import Handling
from collaborative.core.personal import ALL, credit, impersonal, locked_while_closing, retention, table
from collaborative.search.services import forget as forget_in_search
from partners.models import Handover
from projects.models import NEVER_SENT, Decision, JoinRequest, Project, ProjectPerson
from projects.states import PUBLIC_STAGES, RequestState

TWO_YEARS = 730
WORK = _("As long as the project it belongs to")


def parts_in_public(user):
    """Return the person's parts in projects that everyone can read about."""
    public = {"project__stage__in": PUBLIC_STAGES, "project__handling": Handling.PUBLIC}
    return ProjectPerson.objects.filter(user=user, **public)


def chosen(rows, ids):
    """Return those of the rows that were chosen."""
    return rows if ids == ALL else rows.filter(pk__in=ids)


def offered_parts(user):
    """Return each part with its words."""
    rows = parts_in_public(user).select_related("project", "organisation").order_by("-project__listed_at", "pk")
    words = gettext("%(part)s in “%(title)s” for %(organisation)s")
    return [
        (row.pk, words % {"part": row.get_part_display(), "title": row.project, "organisation": row.organisation})
        for row in rows
    ]


def offered_decisions(user):
    """Return each decision with its words."""
    rows = Decision.objects.filter(by=user).select_related("project").order_by("-at", "pk")
    words = gettext("“%(title)s”: %(outcome)s, %(day)s")
    return [
        (
            row.pk,
            words
            % {
                "title": row.project,
                "outcome": row.get_outcome_display(),
                "day": date_format(timezone.localtime(row.at), "j F Y"),
            },
        )
        for row in rows
    ]


credit(
    "project-parts",
    label=_("Your part in projects, on the projects’ pages"),
    offered=offered_parts,
    keep=lambda leaver, ids: chosen(parts_in_public(leaver.user), ids).update(credit_name=leaver.name),
    held=lambda user: ProjectPerson.objects.filter(user=user).exclude(credit_name=""),
)

credit(
    "decisions",
    label=_("Decisions that you signed, in the projects’ history"),
    offered=offered_decisions,
    keep=lambda leaver, ids: chosen(Decision.objects.filter(by=leaver.user), ids).update(credit_name=leaver.name),
    held=lambda user: Decision.objects.filter(by=user).exclude(credit_name=""),
)


def theirs(user):
    """Return the projects that the person is on or asked to join."""
    on = ProjectPerson.objects.filter(user=user).values("project_id")
    asked = JoinRequest.objects.filter(user=user).pending().values("project_id")
    return Project.objects.filter(Q(pk__in=on) | Q(pk__in=asked))


locked_while_closing(30, theirs)


def leave_projects(leaver):
    """End the person's parts, but for what is being handed on, and delete drafts that are theirs alone."""
    _delete_own_drafts(leaver.user)
    waiting = Handover.objects.unsettled().filter(holding="project_lead").values("object_id")
    today = timezone.localdate()
    lasting = ProjectPerson.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), user=leaver.user)
    for part in lasting.exclude(pk__in=waiting):
        part.ends_on = max(today, part.starts_on)
        part.save(update_fields=["ends_on"])
        record("project.left", part.project, by=None, organisation_id=part.organisation_id)


def _delete_own_drafts(user):
    mine = ProjectPerson.objects.filter(user=user).values("project_id")
    others = ProjectPerson.objects.exclude(user=user).values("project_id")
    for draft in Project.objects.filter(NEVER_SENT, pk__in=mine).exclude(pk__in=others):
        forget_in_search(draft.kind, draft.pk)
        draft.delete()


table(
    "project-parts",
    covers=("projects.ProjectPerson.user", "projects.ProjectPerson.credit_name"),
    label=_("Your parts in projects"),
    purpose=_("To run the research, and to show who did it"),
    kept=WORK,
    leaving=_("End; the dates are kept, with your name only where you choose so. Drafts of yours alone are deleted"),
    rows=lambda user: ProjectPerson.objects.filter(user=user),
    columns={
        "project__title": _("Project"),
        "part": _("Part"),
        "role__label": _("Role"),
        "organisation__name": _("For"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
    },
    erase=leave_projects,
)


def own_drafts(user):
    """Return the drafts that the person works on."""
    mine = ProjectPerson.objects.filter(user=user).values("project_id")
    return Project.objects.filter(NEVER_SENT, pk__in=mine)


table(
    "drafts",
    covers=(),
    label=_("Drafts that you work on"),
    purpose=_("So that you can carry on writing"),
    kept=_("Until they are sent"),
    leaving=_("Deleted where nobody else works on them"),
    rows=own_drafts,
    columns={
        "title": _("Title"),
        "summary": _("Summary"),
        "problem": _("The problem"),
        "approach": _("The approach"),
        "benefit": _("The benefit to policing"),
        "changed_at": _("Changed"),
    },
)


def take_requests_back(leaver):
    """Take back what waits, and take the words out of every request."""
    rows = JoinRequest.objects.filter(user=leaver.user)
    for row in rows.pending():
        row.state, row.answered_at = RequestState.WITHDRAWN, leaver.at
        row.save(update_fields=["state", "answered_at"])
        record("join_request.withdrawn", row, by=None, organisation_id=row.organisation_id)
    rows.update(message="", answer="")


table(
    "join-requests",
    covers=("projects.JoinRequest.user", "projects.JoinRequest.message", "projects.JoinRequest.answer"),
    label=_("Your requests to join projects, and the answers"),
    purpose=_("So that a project’s leads can answer you"),
    kept=_("The words two years after the answer, the rest as long as the project"),
    leaving=_("Taken back where they wait; all words are deleted"),
    rows=lambda user: JoinRequest.objects.filter(user=user),
    columns={
        "project__title": _("Project"),
        "organisation__name": _("For"),
        "created_at": _("Asked"),
        "message": _("Your message"),
        "state": _("What became of it"),
        "answered_at": _("Answered"),
        "answer": _("The answer"),
    },
    erase=take_requests_back,
)

table(
    "join-requests-you-answered",
    covers=("projects.JoinRequest.answered_by",),
    label=_("Requests to join your projects that you answered"),
    purpose=_("So that the person who asked has your answer"),
    kept=_("Your words two years, the rest as long as the project"),
    leaving=_("Your words are deleted"),
    rows=lambda user: JoinRequest.objects.filter(answered_by=user),
    columns={
        "project__title": _("Project"),
        "answered_at": _("Answered"),
        "state": _("What became of it"),
        "answer": _("Your answer"),
    },
    erase=lambda leaver: JoinRequest.objects.filter(answered_by=leaver.user).update(answer=""),
)

table(
    "decisions",
    covers=("projects.Decision.by", "projects.Decision.credit_name"),
    label=_("Decisions that you signed"),
    purpose=_("To show who decided about public work, and why"),
    kept=WORK,
    leaving=_("The decision and its reason stay, with your name only where you choose so"),
    rows=lambda user: Decision.objects.filter(by=user),
    columns={
        "project__title": _("Project"),
        "outcome": _("Decision"),
        "reason": _("Reason"),
        "organisation__name": _("For"),
        "at": _("When"),
    },
)

retention(
    "join-requests",
    label=_("Words of requests to join a project, and of their answers"),
    days=TWO_YEARS,
    rows=lambda before: JoinRequest.objects.filter(answered_at__lt=before).exclude(message="", answer=""),
    forget=lambda rows: rows.update(message="", answer=""),
)

impersonal("projects.ProjectArea.name", "a subject")
impersonal("projects.Strand.name", "a strand of work")
