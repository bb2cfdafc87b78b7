"""What the register can be narrowed by."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.facets import Facet, FacetFilterSet, Sort
from collaborative.search.queries import best_order, matching
from projects.models import NEWEST_FIRST
from projects.states import Stage


class ProjectFilters(FacetFilterSet):
    """Search, programme, theme, strand, area, kind and stage, with counts."""

    programme = Facet("programme__slug", label=_("Programme"), names="programme__name")
    theme = Facet("themes__slug", label=_("Theme"), names="themes__name")
    stage = Facet("stage", label=_("Stage"), choices=Stage.choices)
    kind = Facet("kind_of__code", label=_("Kind of work"), names="kind_of__label")
    strand = Facet("strand__slug", label=_("Strand"), names="strand__name")
    area = Facet("area__slug", label=_("Project area"), names="area__name")
    sort = Sort({"newest": (_("Newest first"), [NEWEST_FIRST]), "title": (_("Title, A to Z"), ["title"])})

    def search(self, projects, text):
        """Keep the projects that the portal's search finds."""
        return projects.filter(pk__in=matching(text, "project", self.user).values("object_id"))

    def best_order(self, text):
        """Put what answers the words best first."""
        return best_order(text, "project", self.user)
