"""What the library can be narrowed by."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.facets import Facet, FacetFilterSet, Sort, year
from collaborative.search.queries import best_order, matching


class ReviewFilter(FacetFilterSet):
    """Search, kind, theme, programme and year, with counts."""

    kind = Facet("kind_of__code", label=_("Kind of evidence"), names="kind_of__label")
    theme = Facet("themes__slug", label=_("Theme"), names="themes__name")
    programme = Facet("programme__slug", label=_("Programme"), names="programme__name")
    year = Facet("year", label=_("Year"), read=year, newest_first=True)
    sort = Sort(
        {
            "newest": (_("Newest first"), ["-published_at"]),
            "oldest": (_("Oldest first"), ["published_at"]),
            "title": (_("Title, A to Z"), ["title"]),
        }
    )

    def search(self, rows, text):
        """Keep the reviews that the portal's search finds."""
        return rows.filter(pk__in=matching(text, "review", self.user).values("object_id"))

    def best_order(self, text):
        """Put what answers the words best first."""
        return best_order(text, "review", self.user)
