"""The register of projects and the project areas."""

from itertools import groupby

from django.utils.translation import gettext_lazy as _

from collaborative.core.views import PAGE_SIZE, FilterPage, ListPage, ThingPage
from projects.filters import ProjectFilters
from projects.models import Project, ProjectArea
from projects.panels import areas_with_counts


class Register(FilterPage):
    """Every project and proposal that the reader may see: search, facets, order, pages."""

    policy = "public"
    model = Project
    filterset_class = ProjectFilters
    template_name = "projects/list.html"
    extra_context = {"heading": _("Projects"), "search_label": _("Search projects")}

    def get_queryset(self):
        """Return the rows with what the list shows."""
        return super().get_queryset().for_lists()


class Areas(ListPage):
    """The project areas, by programme and strand; a page holds them all."""

    policy = "public"
    model = ProjectArea
    paginate_by = None
    template_name = "projects/areas.html"

    def get_queryset(self):
        """Return the areas in the order of the page, each with the number of its projects."""
        rows = areas_with_counts(self.request.user).select_related("programme", "strand")
        return rows.order_by(
            "programme__name", "programme_id", "strand__position", "strand_id", "position", "name", "pk"
        )

    def get_context_data(self, **kwargs):
        """Group the areas by programme, and inside it by strand."""
        context = super().get_context_data(**kwargs)
        programmes = [
            {"programme": programme, "strands": _by_strand(areas)}
            for programme, areas in groupby(context["object_list"], key=lambda area: area.programme)
        ]
        return context | {"programmes": programmes}


def _by_strand(areas):
    return [{"strand": strand, "areas": list(some)} for strand, some in groupby(areas, key=lambda area: area.strand)]


class AreaPage(ThingPage):
    """A project area with its newest projects."""

    model = ProjectArea
    template_name = "projects/area.html"
    context_object_name = "area"

    def get_queryset(self):
        """Fetch what stands around the area with it."""
        return super().get_queryset().select_related("programme", "strand", "theme")

    def get_context_data(self, **kwargs):
        """Add the newest of its projects that the reader may see, and how many there are."""
        rows = Project.objects.visible_to(self.request.user).filter(area=self.object)
        projects = list(rows.for_lists()[: PAGE_SIZE + 1])
        total = rows.count() if len(projects) > PAGE_SIZE else len(projects)
        return super().get_context_data(projects=projects[:PAGE_SIZE], total=total, **kwargs)
