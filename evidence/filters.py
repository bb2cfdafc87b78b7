"""What the library can be narrowed by."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.countries import country_name
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


class SheetFilter(FacetFilterSet):
    """Search, theme, tag, stage, recognition, country, mode and programme, with counts."""

    theme = Facet("themes__slug", label=_("Theme"), names="themes__name")
    tag = Facet("tags__name", label=_("Tag"))
    stage = Facet("stage__code", label=_("Stage of practice"), names="stage__label")
    recognition = Facet("recognised__code", label=_("Recognised by"), names="recognised__label")
    country = Facet("examples__country", label=_("Country"), say=country_name)
    mode = Facet("modes__term__code", label=_("Mode of implementation"), names="modes__term__label")
    programme = Facet("programme__slug", label=_("Programme"), names="programme__name")
    sort = Sort(
        {
            "newest": (_("Newest first"), ["-published_at"]),
            "changed": (_("Changed last"), ["-changed_at"]),
            "title": (_("Title, A to Z"), ["title"]),
        }
    )

    def search(self, rows, text):
        """Keep the sheets that the portal's search finds."""
        return rows.filter(pk__in=matching(text, "sheet", self.user).values("object_id"))

    def best_order(self, text):
        """Put what answers the words best first."""
        return best_order(text, "sheet", self.user)
