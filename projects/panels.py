"""What projects add to the pages of programmes, themes, organisations and people's own page."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core.panels import panel
from collaborative.vocabulary.models import Theme
from partners.rights import rights_of
from projects.models import (
    NEVER_SENT,
    JoinRequest,
    Project,
    ProjectArea,
    ProjectPartner,
    ProjectPerson,
    Strand,
)
from projects.states import PUBLIC_STAGES, RequestState, Stage

SHOWN = 5


def _projects(rows, title, query=""):
    """Return the panel of the newest of some projects, with a link to the rest; None without any."""
    projects = list(rows.for_lists()[: SHOWN + 1])
    if not projects:
        return None
    context = {"title": title, "projects": projects[:SHOWN], "more": query if len(projects) > SHOWN else ""}
    return "projects/panels/projects.html", context


@panel("theme", order=30)
def of_theme(theme, request):
    """What is under way on a theme."""
    rows = Project.objects.visible_to(request.user).filter(themes=theme)
    return _projects(rows, _("Projects"), f"theme={theme.slug}")


@panel("programme", order=20)
def of_programme(programme, request):
    """The newest projects of a programme."""
    rows = Project.objects.visible_to(request.user).filter(programme=programme)
    return _projects(rows, _("Projects"), f"programme={programme.slug}")


@panel("programme", order=10)
def areas_of_programme(programme, request):
    """The subjects that a programme has chosen."""
    areas = list(areas_with_counts(request.user).filter(programme=programme))
    return ("projects/panels/areas.html", {"areas": areas}) if areas else None


@panel("organisation", order=20)
def of_organisation(organisation, request):
    """The projects that an organisation leads or takes part in."""
    return _projects(_with(organisation, request), _("Projects"))


@panel("organisation", order=10)
def themes_of_organisation(organisation, request):
    """The themes of those projects, the most frequent first."""
    rows = Theme.objects.visible_to(request.user).filter(projects__in=_with(organisation, request))
    counted = rows.annotate(number=Count("projects", distinct=True)).order_by("-number", "name", "pk")
    themes = [(theme, theme.number) for theme in counted]
    return ("projects/panels/themes.html", {"themes": themes}) if themes else None


def _with(organisation, request):
    """Return the projects that an organisation leads or takes part in, of those that the reader may see."""
    taking_part = ProjectPartner.objects.filter(organisation=organisation).values("project_id")
    rows = Project.objects.visible_to(request.user)
    return rows.filter(Q(lead_organisation=organisation) | Q(pk__in=taking_part))


def areas_with_counts(user):
    """Return the areas, each with ``shown``: how many of its projects the reader may see."""
    return _with_counts(ProjectArea.objects.visible_to(user), user)


def strands_with_counts(user):
    """Return the strands, each with ``shown``: how many of its projects the reader may see."""
    return _with_counts(Strand.objects.visible_to(user), user)


def _with_counts(rows, user):
    visible = Q(projects__in=Project.objects.visible_to(user).values("pk"))
    counted = rows.annotate(shown=Count("projects", filter=visible))
    return counted.order_by("programme__name", "programme_id", "position", "name", "pk")


@panel("me", order=10)
def waiting_for_me(user, request):
    """What only this person can do next: requests to answer, proposals to decide on, drafts to send."""
    led = ProjectPerson.objects.acting(user).leads().values("project_id")
    requests = JoinRequest.objects.visible_to(user).pending().exclude(user=user)
    drafts = Project.objects.visible_to(user).filter(stage=Stage.DRAFT, pk__in=led)
    context = {
        "requests": list(requests.select_related("project", "user", "organisation")[:SHOWN]),
        "proposals": list(Project.objects.manageable_by(user).waiting().for_lists()[:SHOWN]),
        "drafts": list(drafts.order_by("-changed_at", "-pk")[:SHOWN]),
    }
    return ("projects/panels/waiting.html", context) if any(context.values()) else None


@panel("me", order=20)
def mine(user, request):
    """The person's projects and what became of their requests; for staff of partners an invitation to propose."""
    parts = ProjectPerson.objects.acting(user).values("project_id")
    rows = Project.objects.visible_to(user).filter(pk__in=parts).exclude(NEVER_SENT).for_lists()
    asked = JoinRequest.objects.visible_to(user).filter(user=user).exclude(state=RequestState.ACCEPTED)
    context = {
        "projects": list(rows[: SHOWN * 2]),
        "asked": list(asked.select_related("project")[:SHOWN]),
        "may_propose": rights_of(user).member,
    }
    return ("projects/panels/mine.html", context) if any(context.values()) else None


@panel("admin", order=10)
def waiting_in_admin(user, request):
    """How many proposals wait for a decision, in the coordinators' workshop."""
    waiting = Project.objects.manageable_by(user).waiting().count()
    if not waiting:
        return None
    words = ngettext("%(n)s proposal waits for a decision", "%(n)s proposals wait for a decision", waiting)
    task = {
        "title": words % {"n": waiting},
        "text": _("Its people are told your decision and the reason for it."),
        "url": reverse("admin:projects_project_changelist") + "?waiting=yes",
    }
    return "admin/waiting.html", {"tasks": [task]}


@panel("person", order=20)
def led_by_person(profile, request):
    """The public projects that a person leads or has led; their own page shows what everyone sees."""
    reader = None if request.user.pk == profile.user_id else request.user
    led = ProjectPerson.objects.leads().filter(user=profile.user_id).values("project_id")
    rows = Project.objects.visible_to(reader).filter(pk__in=led, stage__in=PUBLIC_STAGES)
    return _projects(rows, _("Leads or has led"))
