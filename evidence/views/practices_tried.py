"""“We tried this”: writing, changing, deleting and hiding notes."""

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from collaborative.accounts.second_factor import with_second_factor
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, act
from evidence.forms.practices import HideForm, TriedForm
from evidence.models import Sheet, Tried
from evidence.services import practices as services
from evidence.services.practices.trying import organisations_trying
from evidence.states import SheetState
from partners.rights import rights_of


class Try(FormPage):
    """A new note, for one's organisation."""

    policy = "practices.try"
    template_name = "evidence/practices/try.html"
    form_class = TriedForm

    def guarded_thing(self):
        """Fetch the sheet through ``visible_to``."""
        self.sheet = get_object_or_404(Sheet.objects.visible_to(self.request.user), slug=self.kwargs["slug"])
        return self.sheet

    def get(self, request, *args, **kwargs):
        """Show the form; ``Refused`` for a sheet that is not published."""
        if self.sheet.state != SheetState.PUBLISHED:
            raise Refused(_("Notes can be added only while the sheet is published and practised."))
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self):
        """Offer the organisations for which the person may write."""
        user = self.request.user
        offered = organisations_trying(user, self.sheet)
        return super().get_form_kwargs() | {"organisations": offered, "acting_for": rights_of(user).acting_for}

    def act(self, form):
        """Add it."""
        note = services.tell_of_try(self.sheet, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Thank you. Your note stands on the sheet, and everyone can read it."))
        return note.get_absolute_url()

    def get_context_data(self, **kwargs):
        """Add the sheet."""
        return super().get_context_data(sheet=self.sheet, note=None, **kwargs)


class OfNote(FormPage):
    """A page about one note."""

    def guarded_thing(self):
        """Fetch the note through ``visible_to``, below its sheet's address."""
        rows = Tried.objects.visible_to(self.request.user).select_related("sheet", "organisation")
        self.note = get_object_or_404(rows, pk=self.kwargs["pk"], sheet__slug=self.kwargs["slug"])
        return self.note

    def get_context_data(self, **kwargs):
        """Add the note and its sheet."""
        return super().get_context_data(note=self.note, sheet=self.note.sheet, **kwargs)


class ChangeNote(OfNote):
    """Change one's own note."""

    policy = "practices.tried"
    template_name = "evidence/practices/try.html"
    form_class = TriedForm

    def get_initial(self):
        """Begin with what stands there."""
        return {name: getattr(self.note, name) for name in ("place", "result", "text")}

    def act(self, form):
        """Change it."""
        changed = services.change_note(self.note, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Your note is changed."))
        return changed.get_absolute_url()


class DeleteNote(OfNote):
    """Ask before one's own note is deleted."""

    policy = "practices.tried"
    template_name = "evidence/practices/note_delete.html"
    form_class = Form

    def act(self, form):
        """Delete it."""
        services.delete_note(self.note, by=self.request.user)
        messages.success(self.request, _("Your note is deleted."))
        return f"{self.note.sheet.get_absolute_url()}#tried"


@with_second_factor
class HideNote(OfNote):
    """Hide a note, with a reason."""

    policy = "practices.hide"
    template_name = "evidence/practices/note_hide.html"
    form_class = HideForm

    def act(self, form):
        """Hide it."""
        services.hide_note(self.note, by=self.request.user, reason=form.cleaned_data["reason"])
        messages.success(self.request, _("The note is hidden. Its writer has been told why."))
        return self.note.get_absolute_url()


@act("practices.hide", model=Tried, lookup="pk")
@with_second_factor
def show_note(request, note):
    """Show a hidden note again."""
    services.show_note(note, by=request.user)
    return note.get_absolute_url(), _("The note is shown to everyone again.")
