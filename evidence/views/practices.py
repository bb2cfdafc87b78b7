"""The bank of practices: its list, one sheet, and what a person has written for it."""

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from collaborative.core import policies
from collaborative.core.views import FilterPage, ListPage, ThingPage
from evidence.citing import Cited, work_of_sheet
from evidence.filters import SheetFilter
from evidence.models import Mode, Resource, Sheet
from evidence.reading.dead import with_dead
from evidence.reading.practices import SheetReading
from evidence.services.practices import lacking, snapshot
from evidence.states import PUBLIC_SHEETS, SheetState

SHOWN = ("programme", "organisation", "stage")


class Sheets(FilterPage):
    """The practice sheets that everyone reads: search, facets with counts, sort, pages."""

    policy = "public"
    model = Sheet
    filterset_class = SheetFilter
    template_name = "evidence/practices/list.html"
    context_object_name = "sheets"
    extra_context = {"heading": _("Practice sheets"), "search_label": _("Search the practice sheets")}

    def get_queryset(self):
        """Return what everyone reads, with what a row shows; drafts are found on the person's own list."""
        return super().get_queryset().published().for_lists()


class SheetPage(ThingPage):
    """A practice sheet; before it is published for those who have to do with it, once withdrawn its tombstone."""

    model = Sheet
    template_name = "evidence/practices/page.html"
    context_object_name = "sheet"

    def get_queryset(self):
        """Fetch what stands around the sheet, and what it consists of, with it."""
        rows = super().get_queryset().select_related(*SHOWN)
        modes = Prefetch("modes", Mode.objects.select_related("term"))
        resources = Prefetch("resources", with_dead(Resource.objects.all()))
        return rows.prefetch_related("themes", "tags", "recognised", "examples", modes, resources)

    def dispatch(self, request, *args, **kwargs):
        """Answer 410 for what everyone could once read and is withdrawn."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            rows = Sheet.objects.withdrawn().filter(slug=kwargs["slug"])
            gone = rows.select_related("programme", "organisation").first()
            if gone is None:
                raise
            return tombstone(request, gone)

    def get(self, request, *args, **kwargs):
        """Answer 410 to those, too, who still see that it was there."""
        if self.object.state == SheetState.WITHDRAWN:
            return tombstone(request, self.object)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Add the sheet's parts, and what its writer can do now."""
        sheet, user = self.object, self.request.user
        mine = user.is_authenticated and sheet.submitted_by_id == user.pk
        public = sheet.state in PUBLIC_SHEETS
        return super().get_context_data(
            reading=SheetReading(sheet, user),
            public=public,
            mine=mine,
            lacks=list(lacking(snapshot(sheet)).values()) if mine and sheet.state == SheetState.DRAFT else [],
            deciding=not public and not mine and bool(policies.ask("practices.publish", user, sheet)),
            hiding=user.is_authenticated and bool(policies.ask("practices.manage", user, sheet)),
            open=sheet.state == SheetState.PUBLISHED,
            cited=Cited(work_of_page(sheet)),
            **kwargs,
        )

    def render_to_response(self, context, **kwargs):
        """Say in the header, too, where what belongs to the sheet is found."""
        response = super().render_to_response(context, **kwargs)
        if context["cited"].links:
            response["Link"] = context["cited"].links
        return response


def work_of_page(sheet):
    """Return a sheet as it is cited; its themes and tags have been read with it."""
    words = [str(each) for each in (*sheet.themes.all(), *sheet.tags.all())]
    return work_of_sheet(sheet, keywords=words, public=sheet.state in PUBLIC_SHEETS)


class Mine(ListPage):
    """The sheets that a person has written, whatever became of them."""

    policy = "signed_in"
    model = Sheet
    template_name = "evidence/practices/mine.html"
    context_object_name = "sheets"

    def get_queryset(self):
        """Return the person's own, the one changed last first."""
        rows = super().get_queryset().filter(submitted_by=self.request.user)
        return rows.select_related("programme", "organisation").order_by("-changed_at", "-pk")


def tombstone(request, sheet):
    """Return the 410 page: what stood here, why it went."""
    context = {
        "title": str(sheet),
        "kind": _("practice sheet"),
        "reason": sheet.withdrawn_reason,
        "withdrawn_on": sheet.withdrawn_at,
        "citation": Cited(work_of_sheet(sheet)).line,
    }
    return render(request, "errors/410.html", context, status=410)
