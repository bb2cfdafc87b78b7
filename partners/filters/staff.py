"""How the list of an organisation's people is narrowed."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.facets import ConditionFacet, Facet, FacetFilterSet, Sort
from partners.models import Membership


def times():
    """Return the memberships that last, those that ended, and both."""
    ended = Q(ends_on__lte=timezone.localdate())
    lasting = Q(ends_on=None) | Q(ends_on__gt=timezone.localdate())
    return {
        "now": (_("Present and to come"), lasting),
        "past": (_("Ended"), ended),
        "all": (_("Both"), lasting | ended),
    }


class StaffFilters(FacetFilterSet):
    """The list starts with those who are in; former ones are one choice away."""

    role = Facet("role", label=_("Role"), choices=Membership.Role.choices)
    when = ConditionFacet(times, label=_("Memberships"), single=True, default="now")
    sort = Sort(
        {
            "name": (_("Name, A to Z"), ["user__name"]),
            "newest": (_("Newest first"), ["-starts_on"]),
            "oldest": (_("Oldest first"), ["starts_on"]),
        }
    )

    def search(self, memberships, text):
        """Find by the person's name or address, or by their job title."""
        found = Q(user__name__icontains=text) | Q(user__email__icontains=text) | Q(title__icontains=text)
        return memberships.filter(found)
