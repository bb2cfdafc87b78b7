"""A project's one page, in public and in member depth, and the acts that stand on it."""

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, ThingPage, act
from partners.holdings import handed_on
from partners.models import Organisation
from projects import services
from projects.forms import ReasonForm
from projects.holdings import ProjectLeads
from projects.models import JoinRequest, Project
from projects.reading import acts, events_of, history, steps
from projects.states import JOINABLE, PUBLIC_STAGES, STOP, WITHDRAW, Stage
from projects.views.proposing import SENT
from projects.wanted import missing

SHOWN = ("programme", "area", "strand", "kind_of", "level", "lead_organisation")


class ProjectPage(ThingPage):
    """What a project is and where it stands; its people and partners see who, why and what next."""

    model = Project
    template_name = "projects/page.html"
    context_object_name = "project"

    def get_queryset(self):
        """Fetch what stands around the project with it."""
        return super().get_queryset().select_related(*SHOWN)

    def get_context_data(self, **kwargs):
        """Add what everyone sees, then what insiders see."""
        project, user = self.object, self.request.user
        events = events_of(project)
        context = super().get_context_data(
            steps=steps(project, events),
            themes=list(project.themes.order_by("name", "pk")),
            partners=list(Organisation.objects.filter(project_parts__project=project)),
            joinable=project.stage in JOINABLE,
            public=project.stage in PUBLIC_STAGES,
            inside=False,
            requests=[],
            **kwargs,
        )
        if user.is_authenticated and policies.ask("projects.inside", user, project):
            context |= self.inside(project, user, events)
        return context

    def inside(self, project, user, events):
        """Return what only insiders see."""
        may_read = policies.ask("projects.reasons", user, project)
        requests = JoinRequest.objects.visible_to(user).pending().filter(project=project)
        lacks = missing(project) if project.stage == Stage.DRAFT else {}
        people = list(project.people.shown().select_related("user", "organisation", "role"))
        return {
            "inside": True,
            "acts": acts(user, project, lacks),
            "missing": lacks,
            "history": history(events, list(project.decisions.all()) if may_read else []),
            "people": sorted(people, key=lambda person: (person.part == person.Part.TEAM, person.pk)),
            "handed_on": set(handed_on(ProjectLeads.name, [each.pk for each in people])),
            "requests": list(requests.select_related("project", "user", "organisation")),
        }


@act("projects.submit", model=Project)
def submit(request, project):
    """Send a draft; when something is missing, lead to the form that says what."""
    if project.stage == Stage.DRAFT and missing(project):
        return f"{project.get_absolute_url()}edit/?missing=1", ""
    sent = services.submit(project, by=request.user)
    return sent, SENT


@act("projects.run", model=Project)
def run(request, project):
    """Carry a project one step on."""
    moved = services.run(project, request.POST.get("move", ""), by=request.user)
    return moved, _("The project is now at the stage “%(stage)s”.") % {"stage": moved.get_stage_display()}


class Asking(FormPage):
    """A page that asks before a project takes a step that has no way back."""

    move = None

    def guarded_thing(self):
        """Fetch the project through ``visible_to``."""
        rows = Project.objects.visible_to(self.request.user)
        self.project = get_object_or_404(rows, slug=self.kwargs["slug"])
        return self.project

    def get_context_data(self, **kwargs):
        """Add the project; ``Refused`` when the step cannot be taken from where it stands."""
        if self.request.method == "GET" and self.project.stage not in self.move.sources:
            state = self.project.get_stage_display()
            raise Refused(_("This cannot be done now: it is already “%(state)s”.") % {"state": state})
        return super().get_context_data(project=self.project, **kwargs)


class Withdraw(Asking):
    """Withdraw a proposal or discard a draft."""

    policy = "projects.withdraw"
    template_name = "projects/withdraw.html"
    move = WITHDRAW
    form_class = Form

    def act(self, form):
        """Withdraw it."""
        withdrawn = services.withdraw(self.project, by=self.request.user)
        words = _("Your draft is discarded. You can still read it.") if withdrawn.never_sent else _("Withdrawn.")
        messages.success(self.request, words)
        return withdrawn


class Stop(Asking):
    """Stop a project early, saying why."""

    policy = "projects.run"
    template_name = "projects/stop.html"
    move = STOP
    form_class = ReasonForm

    def act(self, form):
        """Stop it."""
        stopped = services.stop(self.project, by=self.request.user, reason=form.cleaned_data["reason"])
        messages.success(self.request, _("The project has stopped early. Its people have been told."))
        return stopped
