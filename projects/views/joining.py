"""Asking to join a project, and the page on which the request is answered."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, act, guard
from projects import services
from projects.forms import AnswerForm, JoinForm
from projects.models import JoinRequest, Project
from projects.states import JOINABLE, RequestState


class Join(FormPage):
    """Ask to join a project."""

    policy = "projects.join"
    template_name = "projects/join.html"
    form_class = JoinForm

    def guarded_thing(self):
        """Fetch the project through ``visible_to``."""
        rows = Project.objects.visible_to(self.request.user).select_related("programme")
        self.project = get_object_or_404(rows, slug=self.kwargs["slug"])
        return self.project

    def get(self, request, *args, **kwargs):
        """Show the form; lead to the request of someone who has asked already."""
        if self.project.stage not in JOINABLE:
            raise Refused(_("Nobody can join this project any more."))
        asked = self.project.join_requests.pending().filter(user=request.user).first()
        return redirect(asked) if asked else super().get(request, *args, **kwargs)

    def get_form_kwargs(self):
        """Hand the person and the programme to the form."""
        return super().get_form_kwargs() | {"user": self.request.user, "programme": self.project.programme}

    def act(self, form):
        """Ask."""
        values = form.cleaned_data
        request = services.ask(
            self.project,
            by=self.request.user,
            organisation=values["standing"].organisation,
            message=values["message"],
            role=values["role"],
        )
        messages.success(self.request, _("The leads have your message. You will hear what they answer."))
        return request

    def get_context_data(self, **kwargs):
        """Add the project."""
        return super().get_context_data(project=self.project, **kwargs)


class RequestPage(FormPage):
    """A request to join: its asker sees what became of it, a lead answers it. Others get a 404."""

    policy = "signed_in"
    template_name = "projects/request.html"
    form_class = AnswerForm

    def guarded_thing(self):
        """Fetch the request through ``visible_to``."""
        shown = ("project", "user", "organisation", "role", "answered_by")
        rows = JoinRequest.objects.visible_to(self.request.user).select_related(*shown)
        self.wish = get_object_or_404(rows, pk=self.kwargs["pk"], project__slug=self.kwargs["slug"])
        return self.wish

    def post(self, request, *args, **kwargs):
        """Answer, if the policy lets this person."""
        return guard(request, "projects.answer", self.wish) or super().post(request, *args, **kwargs)

    def act(self, form):
        """Answer."""
        values = form.cleaned_data
        answered = services.answer(self.wish, by=self.request.user, accept=values["accept"], words=values["words"])
        messages.success(self.request, _("Your answer is on its way to the person who asked."))
        return answered.project

    def get_context_data(self, **kwargs):
        """Add the request and what the reader may do with it."""
        user, wish = self.request.user, self.wish
        pending = wish.state == RequestState.PENDING
        return super().get_context_data(
            wish=wish,
            pending=pending,
            may_answer=pending and policies.ask("projects.answer", user, wish),
            may_take_back=pending and policies.ask("projects.take_back", user, wish),
            may_see_project=Project.objects.visible_to(user).filter(pk=wish.project_id).exists(),
            **kwargs,
        )


@act("projects.take_back", model=JoinRequest, lookup="pk")
def take_back(request, wish):
    """Take one's own request back."""
    return services.take_back(wish, by=request.user), _("You have taken your request back.")
