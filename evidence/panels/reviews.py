"""What evidence adds to the pages of projects, themes, programmes and organisations, and of coordinators."""

from django.db.models import Case, IntegerField, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core.panels import panel, step
from evidence.models import Author, Review
from evidence.reading.in_hand import for_an_editor, in_hand
from evidence.states import LIVE_STATES, WAITING, VersionState
from projects.models import Project, ProjectPerson

SHOWN = 6


def _newest(rows, request, thing, more=""):
    """Return the newest that hold today, then those that are out of date, marked."""
    out_of_date = Case(When(current__state__in=LIVE_STATES, then=0), default=1, output_field=IntegerField())
    rows = rows.for_lists().order_by(out_of_date, "-published_at", "-pk")
    reviews = list(rows[: SHOWN + 1])
    if not reviews:
        return None
    context = {"reviews": reviews[:SHOWN], "more": more if len(reviews) > SHOWN else "", "thing": thing}
    return "evidence/panel.html", context


@panel("project", order=20)
def of_project(project, request):
    """The reviews that came from a project."""
    return _newest(Review.objects.visible_to(request.user).filter(project=project), request, project)


@panel("theme", order=20)
def of_theme(theme, request):
    """What is known on a theme."""
    rows = Review.objects.visible_to(request.user).filter(themes=theme)
    return _newest(rows, request, theme, f"theme={theme.slug}")


@panel("programme", order=30)
def of_programme(programme, request):
    """What a programme has published."""
    rows = Review.objects.visible_to(request.user).filter(programme=programme)
    return _newest(rows, request, programme, f"programme={programme.slug}")


@panel("organisation", order=30)
def of_organisation(organisation, request):
    """The reviews whose authors were at an organisation."""
    written = Author.objects.filter(organisation=organisation).values("version_id")
    return _newest(Review.objects.visible_to(request.user).filter(current__in=written), request, organisation)


@panel("person", order=30)
def from_projects_of_person(profile, request):
    """The reviews that came from projects a person leads or has led; their own page shows what everyone sees."""
    reader = None if request.user.pk == profile.user_id else request.user
    led = ProjectPerson.objects.leads().filter(user=profile.user_id).values("project_id")
    projects = Project.objects.visible_to(reader).filter(pk__in=led)
    return _newest(Review.objects.visible_to(reader).filter(project__in=projects), request, profile)


@step("project", "review")
def after_project(project, request):
    """The thread goes on from a project to the reviews that came from it."""
    return "#evidence" if Review.objects.visible_to(request.user).filter(project=project).exists() else None


@panel("me", order=12)
def waiting_for_me(user, request):
    """The texts that wait for whoever runs them; a coordinator finds them in the workshop, an editor at the desk."""
    tasks = _tasks(user) or _tasks_of_editor(user)
    return ("evidence/waiting.html", {"tasks": tasks}) if tasks else None


@panel("admin", order=20)
def waiting_in_admin(user, request):
    """The same, in the coordinators' workshop."""
    tasks = _tasks(user)
    return ("admin/waiting.html", {"tasks": tasks}) if tasks else None


def _tasks(user):
    """Return what waits, as ``components/task.html`` takes it; each leads to the list of just those."""
    found = in_hand(user)
    review, approved = found[VersionState.PEER_REVIEW], found[VersionState.APPROVED]
    words = {
        VersionState.PEER_REVIEW: ngettext("%(n)s text is in peer review", "%(n)s texts are in peer review", review),
        VersionState.APPROVED: ngettext("%(n)s text can be published", "%(n)s texts can be published", approved),
    }
    texts = {
        VersionState.PEER_REVIEW: _("Read what the reviewers say, then approve it or send it back."),
        VersionState.APPROVED: _("It is approved; nobody reads it until you publish it."),
    }
    listed = reverse("admin:evidence_version_changelist")
    return [
        {"title": words[state] % {"n": found[state]}, "text": texts[state], "url": f"{listed}?state__exact={state}"}
        for state in WAITING
        if found[state]
    ]


def _tasks_of_editor(user):
    """Return the texts that wait for an editor, each with the way to its desk."""
    texts = {
        VersionState.PEER_REVIEW: _("In peer review: read what the reviewers say, then approve it or send it back."),
        VersionState.APPROVED: _("Approved: nobody reads it until you publish it."),
        VersionState.UPDATE_DUE: _("Due to be updated: see whether it still holds."),
    }
    if not in_hand(user)["for_an_editor"]:
        return []
    rows = for_an_editor(user).select_related("review")
    return [
        {"title": version.title, "text": texts[version.state], "url": version.review.get_desk_url()}
        for version in rows.order_by("state", "pk")[:SHOWN]
    ]
