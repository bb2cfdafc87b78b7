"""Filters of lists that no page filters."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.facets import FacetFilterSet, Sort
from collaborative.search.queries import best_order, matching


class NamedFilters(FacetFilterSet):
    """Search by words, and order by name, for things of a kind that is called ``kind_searched``."""

    kind_searched = None
    sort = Sort({"name": (_("Name, A to Z"), ["name"])})

    def search(self, rows, text):
        """Keep what the portal's search finds."""
        return rows.filter(pk__in=matching(text, self.kind_searched, self.user).values("object_id"))

    def best_order(self, text):
        """Put what answers the words best first."""
        return best_order(text, self.kind_searched, self.user)
