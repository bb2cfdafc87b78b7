"""How the directory is narrowed."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.countries import country_name
from collaborative.core.dated import holds_on
from collaborative.core.facets import ConditionFacet, Facet, FacetFilterSet, Sort
from collaborative.search.queries import best_order, matching
from partners.filters import beginnings


def times():
    """Return the organisations of today, those of the past, and both."""
    gone = Q(valid_to__lte=timezone.localdate())
    today = Q(valid_to=None) | Q(valid_to__gt=timezone.localdate())
    return {"now": (_("Those of today"), today), "past": (_("Past ones"), gone), "all": (_("Both"), today | gone)}


def takes_part():
    """Hold for a partnership that lasts today."""
    return holds_on(starts="partnerships__starts_on", ends="partnerships__ends_on")


class DirectoryFilters(FacetFilterSet):
    """The directory starts with the organisations of today; past ones are one choice away."""

    kind = Facet("kind_of__code", label=_("Kind"), names="kind_of__label")
    programme = Facet(
        "partnerships__programme__slug", label=_("Programme"), names="partnerships__programme__name", where=takes_part
    )
    region = Facet("region", label=_("Region"))
    country = Facet("country", label=_("Country"), say=country_name)
    when = ConditionFacet(times, label=_("Organisations"), single=True, default="now")
    sort = Sort({"name": (_("Name, A to Z"), ["name"]), "last": (_("Name, Z to A"), ["-name"])})

    def search(self, organisations, text):
        """Find by name in either language, and by what else people call it."""
        found = matching(beginnings(text), "organisation", self.user)
        return organisations.filter(pk__in=found.values("object_id"))

    def best_order(self, text):
        """Put what is called by the words first."""
        return best_order(beginnings(text), "organisation", self.user)
