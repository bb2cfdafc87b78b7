"""The register of projects and the project areas."""

from itertools import groupby

from django.utils.translation import gettext_lazy as _

from collaborative.core.views import PAGE_SIZE, FilterPage, ListPage, ThingPage
from projects.filters import ProjectFilters
from projects.models import Project, ProjectArea
from projects.panels import areas_with_counts, strands_with_counts


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
    """The strands and project areas of each programme; one page holds them all."""

    policy = "public"
    model = ProjectArea
    paginate_by = None
    template_name = "projects/areas.html"

    def get_queryset(self):
        """Return the areas in order, each with the number of its projects."""
        return areas_with_counts(self.request.user).select_related("programme")

    def get_context_data(self, **kwargs):
        """Group the areas by programme, and inside it by strand; strands without areas stand there too."""
        context = super().get_context_data(**kwargs)
        strands = list(strands_with_counts(self.request.user).select_related("programme"))
        return context | {"programmes": _by_programme(strands, context["object_list"])}


def _by_programme(strands, areas):
    groups = [{"strand": strand, "programme": strand.programme, "areas": []} for strand in strands]
    of_strand = {group["strand"].pk: group for group in groups}
    for area in areas:
        if area.strand_id not in of_strand:
            of_strand[area.strand_id] = {"strand": None, "programme": area.programme, "areas": []}
            groups.append(of_strand[area.strand_id])
        of_strand[area.strand_id]["areas"].append(area)
    groups.sort(key=lambda group: (group["programme"].name, group["programme"].pk))
    return [
        {"programme": programme, "strands": list(some)}
        for programme, some in groupby(groups, key=lambda group: group["programme"])
    ]


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
        return super().get_context_data(projects=list(rows.for_lists()[:PAGE_SIZE]), total=rows.count(), **kwargs)
