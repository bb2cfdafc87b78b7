"""What the list of events can be narrowed by."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.facets import ConditionFacet, Facet, FacetFilterSet, Sort
from collaborative.search.queries import best_order, matching
from training.states import EventState


def times():
    """Return when an event may be: still to come, or past."""
    now = timezone.now()
    return {"next": (_("Still to come"), Q(ends_at__gt=now)), "past": (_("Past"), Q(ends_at__lte=now))}


def ways():
    """Return how one takes part."""
    return {
        "open": (_("Open for booking"), Q(state=EventState.OPEN, starts_at__gt=timezone.now())),
        "online": (_("Online"), Q(online=True)),
    }


class EventFilter(FacetFilterSet):
    """Search, time, kind, theme and programme, with counts."""

    when = ConditionFacet(times, label=_("When"), single=True, default="next")
    kind = Facet("kind_of__code", label=_("Kind"), names="kind_of__label")
    how = ConditionFacet(ways, label=_("Taking part"))
    theme = Facet("themes__slug", label=_("Theme"), names="themes__name")
    programme = Facet("programme__slug", label=_("Programme"), names="programme__name")
    sort = Sort(
        {
            "soonest": (_("Soonest first"), ["starts_at"]),
            "latest": (_("Latest first"), ["-starts_at"]),
            "title": (_("Title, A to Z"), ["title"]),
        }
    )

    def search(self, rows, text):
        """Keep the events that the portal's search finds."""
        return rows.filter(pk__in=matching(text, "event", self.user).values("object_id"))

    def best_order(self, text):
        """Put what answers the words best first."""
        return best_order(text, "event", self.user)
