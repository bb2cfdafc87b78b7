"""Bringing in organisations from a file: the template, sending it, looking at it and carrying it out."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core import policies
from collaborative.core.admin import ReadOnlyAdmin
from collaborative.core.errors import Refused
from collaborative.vocabulary.models import Scheme, Term
from partners.importing import files
from partners.importing.checking import check
from partners.importing.columns import COLUMNS, Lists
from partners.importing.reading import MOST_BYTES, MOST_ROWS, Table, Unreadable
from partners.importing.workbooks import template_xlsx
from partners.models import OrganisationImport, Programme
from partners.services.importing import begin_import, carry_out

SHOWN = 100
"""Rows and faults that a page names; of the rest the number is given."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """A file, and the programme whose partners it lists."""

    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    programme = forms.ModelChoiceField(
        label=gettext_lazy("Make them partners of"),
        queryset=Programme.objects.none(),
        error_messages={"required": gettext_lazy("Choose one of your programmes.")},
    )
    role = forms.ModelChoiceField(
        label=gettext_lazy("Their role in it"),
        queryset=Term.objects.none(),
        help_text=gettext_lazy("Where the column “role” says nothing."),
        error_messages={"required": gettext_lazy("Choose what they are in the programme.")},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "CSV or XLSX, at most %(rows)s rows and %(size)s MB. "
            "Nothing is saved before you have seen what it would do."
        ) % {"rows": MOST_ROWS, "size": MOST_BYTES // 1_000_000}
        programme, role = self.fields["programme"], self.fields["role"]
        programme.queryset = Programme.objects.manageable_by(user)
        role.queryset = Term.objects.current().filter(scheme=Scheme.PROGRAMME_ROLE)
        programme.required = role.required = not policies.ask("portal.administer", user)
        if not programme.required:
            programme.empty_label = _("No programme: only the directory")
        if len(mine := programme.queryset[:2]) == 1 and programme.required:
            programme.initial = mine[0]

    def clean_file(self):
        """Read the file; raises ``ValidationError`` with the sentence for one that cannot be taken."""
        sent = self.cleaned_data["file"]
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(files.too_large())
        try:
            self.table = files.table_of(sent.read())
        except Unreadable as reason:
            raise forms.ValidationError(str(reason)) from reason
        return sent

    def clean(self):
        """Ask for the role where there is a programme."""
        values = super().clean()
        if values.get("programme") and not values.get("role") and "role" not in self.errors:
            self.add_error("role", _("Choose what they are in the programme."))
        if self.errors and "file" not in self.errors:
            self.add_error("file", _("Choose the file again: a browser does not keep it."))
        return values


class ConfirmForm(forms.Form):
    """What happens to rows at fault, and to organisations that are known already."""

    use_required_attribute = False

    faulty = forms.ChoiceField(
        label=gettext_lazy("Rows at fault"),
        choices=OrganisationImport.Faulty,
        widget=forms.RadioSelect,
        initial=OrganisationImport.Faulty.ALL_OR_NOTHING,
        error_messages={"required": gettext_lazy("Choose what happens to rows at fault.")},
    )
    known = forms.ChoiceField(
        label=gettext_lazy("Organisations known already"),
        choices=OrganisationImport.Known,
        widget=forms.RadioSelect,
        initial=OrganisationImport.Known.FILL,
        help_text=gettext_lazy("With a programme they become its partners whatever you choose here."),
        error_messages={"required": gettext_lazy("Choose what happens to organisations known already.")},
    )


class ImportingAdmin:
    """A mixin for the organisations' pages: adds those of bringing in a file."""

    change_list_template = "admin/organisations.html"

    def get_urls(self):
        """Put the pages before those of one organisation."""
        pages = (
            ("import/", self.upload_page, ""),
            ("import/template.csv", self.template_as_csv, "_csv"),
            ("import/template.xlsx", self.template_as_xlsx, "_xlsx"),
            ("import/<int:pk>/", self.check_page, "_check"),
            ("import/<int:pk>/faults.csv", self.faults_as_csv, "_faults"),
        )
        name = "partners_organisation_import"
        guard = self.admin_site.admin_view
        return [*(path(where, guard(view), name=name + end) for where, view, end in pages), *super().get_urls()]

    def upload_page(self, request):
        """Take a file and go on to what it would do."""
        form = UploadForm(*([request.POST, request.FILES] if request.method == "POST" else []), user=request.user)
        if form.is_bound and form.is_valid():
            chosen = {name: form.cleaned_data[name] for name in ("programme", "role")}
            work = begin_import(form.table, by=request.user, file_name=form.cleaned_data["file"].name, **chosen)
            return redirect(work)
        context = {"form": form, "columns": COLUMNS.values(), "title": _("Bring in organisations from a file")}
        return self._page(request, "admin/import.html", context, form)

    def template_as_csv(self, request):
        """Return the template as CSV; the mark at its beginning lets spreadsheets read the accents."""
        return _download(files.template_csv(Lists.now()).encode("utf-8-sig"), "text/csv; charset=utf-8", "csv")

    def template_as_xlsx(self, request):
        """Return the template as a workbook."""
        return _download(template_xlsx(Lists.now()), XLSX, "xlsx")

    def check_page(self, request, pk):
        """Show what a file would do, and carry it out as its coordinator says; afterwards show what became of it."""
        work = self._work(request, pk)
        form = ConfirmForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid() and self._carried_out(request, work, form):
            return redirect(work)
        context = {
            "work": work,
            "form": form,
            "title": _("What the file would do") if work.open else _("What the file did"),
        }
        if work.open:
            plan = check(Table.from_json(work.table), by=request.user, programme=work.programme)
            context |= {"plan": plan, "shown": SHOWN, "known": [_changes(row) for row in plan.known[:SHOWN]]}
            context |= {"faults": plan.faults[:SHOWN], "new": plan.new[:SHOWN]}
        return self._page(request, "admin/import_check.html", context, form)

    def faults_as_csv(self, request, pk):
        """Return all that is wrong with a file."""
        work = self._work(request, pk)
        if not work.open:
            raise Http404
        plan = check(Table.from_json(work.table), by=request.user, programme=work.programme)
        return _download(files.faults_csv(plan.faults).encode("utf-8-sig"), "text/csv; charset=utf-8", "csv", "faults")

    def _work(self, request, pk):
        work = OrganisationImport.objects.visible_to(request.user).select_related("by", "programme", "role")
        work = work.filter(pk=pk).first()
        if work is None:
            raise Http404
        if not policies.ask("organisation_imports.see", request.user, work):
            raise PermissionDenied
        return work

    def _carried_out(self, request, work, form):
        """Make the service call; a refusal is the form's own error."""
        try:
            carry_out(work, faulty=form.cleaned_data["faulty"], known=form.cleaned_data["known"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
            work.refresh_from_db()
            return False
        messages.success(request, _("The file has been carried out."))
        return True

    def _page(self, request, template, context, form):
        crumbs = [
            {"label": self.admin_site.index_title, "url": reverse("admin:index")},
            {"label": _("Organisations"), "url": reverse("admin:partners_organisation_changelist")},
        ]
        if template != "admin/import.html":
            label = _("Bring in organisations from a file")
            crumbs.append({"label": label, "url": reverse("admin:partners_organisation_import")})
        context = self.admin_site.each_context(request) | {"crumbs": crumbs} | context
        return TemplateResponse(request, template, context, status=422 if form.errors else 200)


def _changes(row):
    """Return a row about a known organisation as the page shows it."""
    labels = {"kind": _("kind")} | {name: str(row.found._meta.get_field(name).verbose_name) for name in _plain(row)}
    differing = [
        (labels[name], row.found.kind_of if name == "kind" else now, new) for name, (now, new) in row.differing.items()
    ]
    empty = [(labels[name], new) for name, new in row.empty.items()]
    return {"row": row, "differing": differing, "empty": empty, "names": "; ".join(row.new_names)}


def _plain(row):
    return [name for name in (*row.differing, *row.empty) if name != "kind"]


def _download(data, content_type, ending, name="organisations"):
    """Return a file to be saved, never shown by the browser."""
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


@admin.register(OrganisationImport)
class OrganisationImportAdmin(ReadOnlyAdmin):
    """The files that were brought in: who, when, and what became of them."""

    manage_policy = "organisation_imports.see"
    list_display = ("file_name", "by", "programme", "created_at", "done_at", "added", "changed", "joined", "left_out")
    fields = (*list_display, "faulty_rows", "known_rows", "note")
    list_select_related = ("by", "programme")
    ordering = ("-created_at", "-pk")
