"""The links of a review that no longer work, at its desk."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core.panels import panel
from collaborative.links.models import Link, Place

IN_ORDER = (Link.State.DEAD, Link.State.DOUBTFUL, Link.State.MOVED)
SHOWN = 50


@panel("desk", order=60)
def links_at_desk(review, request):
    """The addresses in its texts that are dead, in doubt or elsewhere by now, for those who can mend them."""
    places = Place.objects.filter(kind_of=review.kind, object_id=review.pk, link__state__in=IN_ORDER)
    rows = sorted(places.select_related("link"), key=lambda each: (IN_ORDER.index(each.link.state), each.link.url))
    if not rows:
        return None
    dead = sum(each.link.state == Link.State.DEAD for each in rows)
    title = ngettext("%(n)s link no longer works", "%(n)s links no longer work", dead) % {"n": dead}
    context = {"title": title if dead else _("Links to look at"), "places": rows[:SHOWN]}
    return "evidence/links_panel.html", context | {"more": len(rows) - SHOWN if len(rows) > SHOWN else 0}
