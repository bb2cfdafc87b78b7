"""Writing a practice sheet: kept as typed, sent in once it can be repeated."""

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, act
from evidence.forms.practices import SheetForm, filled
from evidence.models import Sheet
from evidence.services import practices as services
from evidence.services.practices import Changed, checklist, lacking, snapshot
from evidence.states import SheetState

EMPTY = {"themes": [], "tags": [], "stage_id": None, "examples": [], "modes": [], "resources": []}
PARTS = ("examples", "modes", "resources")


class Writing(FormPage):
    """The form of a sheet: keep it, keep it and add a row, or send it in.

    What is sent in but lacks something is kept all the same, and the page says what is missing and where.
    """

    template_name = "evidence/practices/write.html"
    form_class = SheetForm
    kept = None
    """The draft as it was last kept."""
    written = EMPTY
    """What it consisted of when this request began."""

    def get_form_kwargs(self):
        """Hand the person to the form."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def keep(self, form):
        """Keep the draft and return it."""
        raise NotImplementedError

    def form_valid(self, form):
        """Keep it; then send it in, say what is missing, or go on writing."""
        try:
            self.kept = self.keep(form)
        except Changed as changed:
            return self._changed(form, changed)
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        if "send" in self.request.POST:
            return self._send(form)
        messages.success(self.request, _("Your draft is kept. Only you see it until you send it in."))
        return redirect(self._where_next())

    def _where_next(self):
        more = self.request.POST.get("more")
        address = reverse("practices:edit", args=[self.kept.slug])
        return f"{address}#{more}" if more in PARTS else address

    def _send(self, form):
        if self.kept.state == SheetState.DRAFT:
            values = snapshot(self.kept)
            lacks = lacking(values)
            if lacks:
                form.now_seen(values)
                form.tell(lacks)
                return self.form_invalid(form)
            self.kept = services.submit(self.kept, by=self.request.user)
        messages.success(
            self.request, _("Sent in. The programme’s coordinators have been told, and you will hear what they decide.")
        )
        return redirect(self.kept)

    def _changed(self, form, changed):
        form.now_seen(snapshot(self.draft_of(form)))
        form.tell({name: in_words(value) for name, value in changed.now.items()})
        form.add_error(None, str(changed))
        return self.form_invalid(form)

    def draft_of(self, form):
        """Return the draft that the form belongs to, as it is kept."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        """Add the checklist of what is kept."""
        values = snapshot(self.kept) if self.kept else self.written
        lines = checklist({name: values.get(name, "") for name in (*values, *SheetForm.base_fields)})
        return super().get_context_data(kept=self.kept, lines=lines, **kwargs)


class New(Writing):
    """A new sheet."""

    policy = "practices.submit"

    def get_form(self, form_class=None):
        """Return the form; ``Refused`` when no running programme has one of the person's organisations."""
        form = super().get_form(form_class)
        if not form.offered:
            raise Refused(_("None of your organisations takes part in a programme that is running now."))
        return form

    def keep(self, form):
        """Keep a new draft, or the one that this form began."""
        key = form.cleaned_data["key"] or form.initial["key"]
        return services.begin(by=self.request.user, key=key, values=form.values, seen=form.marks_seen)

    def draft_of(self, form):
        """Return the one that this form began."""
        return Sheet.objects.get(form_key=form.cleaned_data["key"], submitted_by=self.request.user)


class OfDraft(FormPage):
    """A page about a draft of one's own."""

    policy = "practices.write"

    def guarded_thing(self):
        """Fetch the sheet through ``visible_to``."""
        rows = Sheet.objects.visible_to(self.request.user).select_related("programme", "organisation")
        self.sheet = get_object_or_404(rows, slug=self.kwargs["slug"])
        return self.sheet

    def get(self, request, *args, **kwargs):
        """Show the form; ``Refused`` once the sheet was sent in."""
        if self.sheet.state != SheetState.DRAFT:
            raise Refused(_("This sheet has been sent in and stands still. Take it back to change it."))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Add the sheet."""
        return super().get_context_data(sheet=self.sheet, **kwargs)


class Edit(OfDraft, Writing):
    """Carry on with a draft."""

    @cached_property
    def written(self):
        """What it consisted of when this request began."""
        return snapshot(self.sheet)

    def get_form_kwargs(self):
        """Begin with the draft."""
        initial, rows = filled(self.written)
        return super().get_form_kwargs() | {"initial": initial, "rows": rows}

    def keep(self, form):
        """Change the draft."""
        return services.revise(self.sheet, by=self.request.user, values=form.values, seen=form.marks_seen)

    def draft_of(self, form):
        """Return it."""
        return self.sheet


class Discard(OfDraft):
    """Ask before a draft is deleted for good."""

    template_name = "evidence/practices/discard.html"
    form_class = Form

    def act(self, form):
        """Delete it."""
        services.discard(self.sheet, by=self.request.user)
        messages.success(self.request, _("Your draft is deleted."))
        return "practices:mine"


@act("practices.take_back", model=Sheet)
def take_back(request, sheet):
    """Take a sheet back that waits."""
    taken = services.take_back(sheet, by=request.user)
    return taken, _("Taken back. It is your draft again, and only you see it.")


def in_words(value):
    """Return what a part of the sheet now says, for a writer whose own words stand below."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        value = "; ".join(" · ".join(str(cell) for cell in row.values() if cell) for row in value)
    elif isinstance(value, list):
        value = ", ".join(str(each) for each in value)
    now = str(value) if value not in (None, "") else _("nothing")
    return _("This was changed meanwhile. It now says: %(now)s") % {"now": now[:600]}
