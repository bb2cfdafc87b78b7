"""Writing a proposal: kept as typed, sent when it is whole."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core.errors import Refused
from collaborative.core.views import FormPage
from projects import services
from projects.forms import ProposalForm, kept_values
from projects.models import Project
from projects.states import Stage

SENT = gettext_lazy("Sent. The programme’s coordinators have been told, and you will hear what they decide.")


class Writing(FormPage):
    """The form of a proposal, with two buttons: keep it, or send it.

    What is sent but lacks something is kept all the same, and the page says what is missing.
    """

    template_name = "projects/write.html"
    form_class = ProposalForm
    kept = None
    """The draft as it was last kept."""

    @property
    def sending(self):
        """True when the person pressed the button that sends."""
        return "send" in self.request.POST

    def get_form_kwargs(self):
        """Hand the person to the form."""
        return super().get_form_kwargs() | {"user": self.request.user, "sending": self.sending}

    def keep(self, form):
        """Keep the draft and return it."""
        raise NotImplementedError

    def act(self, form):
        """Keep it, and send it when asked to; a second press of the same button changes nothing."""
        self.kept = self.keep(form)
        if self.kept.stage != Stage.DRAFT:
            messages.info(self.request, _("This proposal has been sent already and stays as it was sent."))
        elif self.sending:
            self._send()
        else:
            messages.success(self.request, _("Your draft is kept. Only its people see it until you send it."))
        return self.kept

    def _send(self):
        try:
            services.submit(self.kept, by=self.request.user)
        except Refused:
            self.kept.refresh_from_db(fields=["stage"])
            if self.kept.stage == Stage.DRAFT:
                raise
        messages.success(self.request, SENT)

    def form_invalid(self, form):
        """Keep what was typed as a draft where that is possible, then say what is missing."""
        if self.sending and self.kept is None:
            self._keep_as_draft()
        return super().form_invalid(form)

    def _keep_as_draft(self):
        draft = self.form_class(**self.get_form_kwargs() | {"sending": False})
        if draft.is_valid():
            try:
                self.kept = self.keep(draft)
            except Refused:
                self.kept = None

    def get_context_data(self, **kwargs):
        """Add the draft."""
        return super().get_context_data(kept=self.kept, **kwargs)


class Propose(Writing):
    """A new proposal."""

    policy = "projects.propose"

    def get_form(self, form_class=None):
        """Return the form; ``Refused`` when no running programme has one of the person's organisations."""
        form = super().get_form(form_class)
        if not form.standings:
            raise Refused(_("None of your organisations takes part in a programme that is running now."))
        return form

    def keep(self, form):
        """Keep a new draft, or the one that this form began."""
        key = form.cleaned_data["key"] or form.initial["key"]
        return services.propose(by=self.request.user, key=key, values=form.values)


class Edit(Writing):
    """Carry on with a draft."""

    policy = "projects.edit"

    def guarded_thing(self):
        """Fetch the project through ``visible_to``."""
        rows = Project.objects.visible_to(self.request.user).select_related("programme", "lead_organisation")
        self.project = get_object_or_404(rows, slug=self.kwargs["slug"])
        return self.project

    def get_form(self, form_class=None):
        """Return the form; with ``?missing=1`` it says at once what a proposal still needs.

        Raises ``Refused`` once the proposal has been sent.
        """
        if self.project.stage != Stage.DRAFT and self.request.method == "GET":
            raise Refused(_("This proposal has been sent and can no longer be changed here."))
        kwargs = self.get_form_kwargs()
        if "missing" in self.request.GET and "data" not in kwargs:
            kwargs |= {"data": kwargs["initial"], "sending": True}
        return self.form_class(**kwargs)

    def get_initial(self):
        """Begin with the draft."""
        return kept_values(self.project, self.request.user)

    def keep(self, form):
        """Change the draft."""
        return services.revise(self.project, by=self.request.user, values=form.values)

    def get_context_data(self, **kwargs):
        """Add the project for the way back."""
        return super().get_context_data(project=self.project, **kwargs)
