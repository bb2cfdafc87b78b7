"""The pages on which the figures and attachments of a text in the making are added, described and taken away."""

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, Page
from evidence.forms.files import AttachmentForm, FigureForm, FigureWordsForm, WordsForm
from evidence.models import File, Version
from evidence.services import files as services
from evidence.services.writing import Conflict, digest
from evidence.states import WORKING_STATES
from evidence.views.conflicts import differences

FORMS = {File.Use.FIGURE: FigureForm, File.Use.ATTACHMENT: AttachmentForm}


class AtDesk:
    """A page about the files of the version in the making; fetched as that version is."""

    def guarded_thing(self):
        """Fetch the version in the making of the review at this address."""
        rows = Version.objects.visible_to(self.request.user).filter(state__in=WORKING_STATES)
        rows = rows.select_related("review__programme", "review__current")
        self.version = get_object_or_404(rows, review__slug=self.kwargs["slug"])
        return self.version

    @property
    def listed_at(self):
        """Where the files of this version are listed."""
        return reverse("evidence:files", args=[self.version.review.slug])

    def get_context_data(self, **context):
        """Add the version and the way back."""
        shown = {"version": self.version, "review": self.version.review, "listed_at": self.listed_at}
        return super().get_context_data(**shown, **context)


class Files(AtDesk, Page):
    """The figures and attachments of the text in the making."""

    policy = "evidence.desk"
    template_name = "evidence/files.html"

    def get_context_data(self, **context):
        """Add the files, and whether they may change now."""
        rows = list(self.version.files.all())
        return super().get_context_data(
            figures=[row for row in rows if row.use == File.Use.FIGURE],
            attachments=[row for row in rows if row.use == File.Use.ATTACHMENT],
            writing=policies.ask("evidence.edit", self.request.user, self.version),
            **context,
        )


class AddFile(AtDesk, FormPage):
    """Add a figure or an attachment."""

    policy = "evidence.edit"
    template_name = "evidence/files_add.html"

    @property
    def use(self):
        """What is added."""
        return File.Use(self.kwargs["use"])

    def get_form_class(self):
        """Return the form for it."""
        return FORMS[self.use]

    def get_form_kwargs(self):
        """Hand the version to the form."""
        return super().get_form_kwargs() | {"version": self.version}

    def act(self, form):
        """Keep it, and list it with the others."""
        said = dict(form.cleaned_data)
        keep = services.add_figure if self.use == File.Use.FIGURE else services.add_attachment
        row = keep(self.version, said.pop("file"), by=self.request.user, **said)
        messages.success(self.request, _("“%(title)s” is kept.") % {"title": row.title})
        return self.listed_at

    def form_invalid(self, form):
        """Keep what was typed; a file cannot be kept in a form, so it is asked for again."""
        if "file" not in form.errors:
            form.ask_again()
        return super().form_invalid(form)

    def get_context_data(self, **context):
        """Say what is added."""
        return super().get_context_data(figure=self.use == File.Use.FIGURE, **context)


class OneFile(AtDesk):
    """A page about one file."""

    @cached_property
    def row(self):
        """The file, of this version."""
        return get_object_or_404(self.version.files, key=self.kwargs["key"])

    def get_context_data(self, **context):
        """Add the file."""
        return super().get_context_data(row=self.row, figure=self.row.use == File.Use.FIGURE, **context)


class ChangeFile(OneFile, FormPage):
    """Change what is said of a file; the form carries ``seen``, the digest of what it was filled with."""

    policy = "evidence.edit"
    template_name = "evidence/files_change.html"
    conflict = None

    def get_form_class(self):
        """Return the form for its use."""
        return FigureWordsForm if self.row.use == File.Use.FIGURE else WordsForm

    def get_initial(self):
        """Show what is kept."""
        return services.said_of(self.row)

    def seen(self):
        """Return the digest of what was last shown to the writer."""
        if self.conflict:
            return self.conflict.seen
        posted = self.request.method == "POST"
        return self.request.POST.get("seen", "")[:64] if posted else digest(services.said_of(self.row))

    def form_valid(self, form):
        """Keep the words; where somebody else changed them meanwhile, show both, with 409."""
        try:
            return redirect(self.act(form))
        except Conflict as conflict:
            self.conflict = conflict
            return self.render_to_response(self.get_context_data(form=form), status=409)
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)

    def act(self, form):
        """Keep the words."""
        services.change_file(self.row, by=self.request.user, seen=self.seen(), **form.cleaned_data)
        messages.success(self.request, _("Your changes are saved."))
        return self.listed_at

    def get_context_data(self, **context):
        """Add the digest, and both sides of a conflict."""
        form, conflict = context.get("form"), self.conflict
        both = differences(conflict, conflict.current | form.cleaned_data) if conflict else []
        shown = {"seen": self.seen(), "conflict": conflict, "differences": both, "here": self.request.path}
        return super().get_context_data(refused="", faults=[], previewed=[], **shown, **context)


class RemoveFile(OneFile, FormPage):
    """Ask before a file is taken away, then take it away."""

    policy = "evidence.edit"
    template_name = "evidence/files_remove.html"
    form_class = Form

    def act(self, form):
        """Take it away, and list the others."""
        services.remove_file(self.row, by=self.request.user)
        messages.success(self.request, _("“%(title)s” is taken away.") % {"title": self.row.title})
        return self.listed_at

    def get_context_data(self, **context):
        """Say where the text places it."""
        return super().get_context_data(places=services.placed_in(self.row), **context)
