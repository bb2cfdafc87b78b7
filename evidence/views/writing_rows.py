"""Sections, references and included studies: a list of them, and a page for each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core.views import ThingPage
from evidence.forms.writing import ROW_FORMS, RemoveForm
from evidence.models import Review
from evidence.services import writing
from evidence.views.previews import preview
from evidence.views.writing import PARTS, Below, WritePage

SHOWN = 50
NEW = {
    "sections": gettext_lazy("A new section"),
    "references": gettext_lazy("A new reference"),
    "studies": gettext_lazy("A new study"),
}


class Rows(Below, ThingPage):
    """The rows of one part, in order, with the way to each."""

    model = Review
    template_name = "evidence/write_rows.html"
    context_object_name = "review"

    def guarded_thing(self):
        """Return the review."""
        return Below.guarded_thing(self)

    def get_context_data(self, **kwargs):
        """Add a page of rows."""
        part = self.kwargs["part"]
        rows = getattr(self.version, part).all()
        return super().get_context_data(
            version=self.version,
            answer=self.answer(),
            part=part,
            heading=PARTS[part],
            add=NEW[part],
            ordered=part in writing.ORDERED,
            page=Paginator(rows, SHOWN).get_page(self.request.GET.get("page")),
            crumbs=self.trail("part"),
            **kwargs,
        )


class OneRow(WritePage):
    """A page about one row."""

    @property
    def part(self):
        """Return the name of its part."""
        return self.kwargs["part"]

    @property
    def pk(self):
        """Return its number; None where a new one is written."""
        return int(self.kwargs["pk"]) if "pk" in self.kwargs else None

    def get(self, request, *args, **kwargs):
        """Answer 404 for a row that this text does not have."""
        if self.pk and self.kept is None:
            raise Http404
        return super().get(request, *args, **kwargs)

    def content(self):
        """Return what the row consists of."""
        return writing.row_of(self.version, self.part, self.pk) if self.pk else None

    def rows_url(self):
        """Return the page of all rows."""
        return reverse("evidence:write_rows", args=[self.review.slug, self.part])

    def trail(self):
        """Return the way back to all rows."""
        return Below.trail(self, "part", {"label": PARTS[self.part], "url": self.rows_url()})


class WriteRow(OneRow):
    """One section, reference or study, there or new."""

    @property
    def faulty(self):
        """Return the name by which faults know it."""
        return f"section-{self.pk}" if self.pk and self.part == "sections" else ""

    def heading(self):
        """Return what it is called."""
        content = self.kept or {}
        return content.get("heading") or content.get("short") or NEW[self.part]

    def get_initial(self):
        """Begin with what is saved."""
        return self.kept or {}

    def get_form_class(self):
        """Return the form of its part."""
        return ROW_FORMS[self.part]

    def get_form_kwargs(self):
        """Hand over the references that a study may be."""
        given = super().get_form_kwargs()
        if self.part == "studies":
            given["references"] = list(self.version.references.values_list("pk", "short"))
        return given

    def act(self, form):
        """Save it."""
        fields = writing.ROWS[self.part][2]
        values = {name: form.cleaned_data[name] for name in fields}
        self.saved = writing.save_row(
            self.version, self.part, by=self.request.user, values=values, seen=self.seen(), pk=self.pk
        )

    def after(self, form):
        """Go on to another one, stay with a section, or go back to the list."""
        args = [self.review.slug, self.part]
        if "more" in self.request.POST:
            return reverse("evidence:write_new", args=args)
        return (
            reverse("evidence:write_row", args=[*args, self.saved.pk]) if self.part == "sections" else self.rows_url()
        )

    def preview(self, form):
        """Show a section's text."""
        if self.part != "sections":
            return []
        return preview(self.version, [(form.cleaned_data["heading"], form.cleaned_data["body"])])

    def get_context_data(self, **kwargs):
        """Say what else can be done."""
        args = [self.review.slug, self.part, self.pk]
        remove = reverse("evidence:write_remove", args=args) if self.pk else ""
        return super().get_context_data(
            long=self.part == "sections",
            more=NEW[self.part] if self.part != "sections" else "",
            remove=remove,
            **kwargs,
        )


class RemoveRow(OneRow):
    """Take one out, once that was confirmed."""

    form_class = RemoveForm
    template_name = "evidence/write_remove.html"

    def heading(self):
        """Ask."""
        content = self.kept or {}
        return _("Remove “%(name)s”?") % {"name": content.get("heading") or content.get("short") or ""}

    def act(self, form):
        """Take it out."""
        writing.remove_row(self.version, self.part, self.pk, by=self.request.user, seen=self.seen())

    def after(self, form):
        """Go back to the list."""
        return self.rows_url()


class MoveRow(OneRow):
    """Move one row up or down: a POST that makes one call."""

    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        """Move it; raises ``Refused`` when the text stands still or the row has gone."""
        up = request.POST.get("to") == "up"
        writing.move_row(self.version, self.part, self.pk, by=request.user, up=up)
        messages.success(request, _("Moved."))
        return redirect(self.rows_url())
