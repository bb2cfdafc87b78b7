"""The links that no longer work, in the workshop: with where they stand, for those who answer for the texts."""

from django.contrib import admin
from django.db.models import Prefetch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.core import kinds
from collaborative.core.admin import ReadOnlyAdmin
from collaborative.links.models import Link, Place

TROUBLE = (Link.State.DEAD, Link.State.DOUBTFUL)
SHOWN = 5
"""Places of one link that its row names."""


class ByState(admin.SimpleListFilter):
    """The states of links; without a choice those that need somebody."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        """Return every state, and all of them."""
        return [*Link.State.choices, ("all", _("All"))]

    def choices(self, changelist):
        """Name what is shown without a choice."""
        first, *others = super().choices(changelist)
        yield first | {"display": _("Dead or in doubt")}
        yield from others

    def queryset(self, request, queryset):
        """Return the rows of the chosen state."""
        if self.value() is None:
            return queryset.filter(state__in=TROUBLE)
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


@admin.register(Link)
class LinkAdmin(ReadOnlyAdmin):
    """Addresses elsewhere and what was found there: the texts are mended, not these rows."""

    manage_policy = "portal.admin"
    list_display = ("url", "state", "status", "what", "checked_at", "places_named")
    list_filter = (ByState,)
    search_fields = ("url",)
    ordering = ("host", "url", "pk")
    fields = ("url", "state", "status", "what", "failures", "checked_at", "due_at", "places_named")
    readonly_fields = ("what", "places_named")

    def get_queryset(self, request):
        """Return the links that some text has and this person may know of, with the places that they manage."""
        rows = super().get_queryset(request).filter(wanted=True)
        return rows.prefetch_related(Prefetch("places", Place.objects.manageable_by(request.user), to_attr="seen"))

    def get_changelist_instance(self, request):
        """Read the things of a page's places at once."""
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        name_things(found.result_list)
        return found

    def get_object(self, request, object_id, from_field=None):
        """Return a link with the things that it stands in."""
        link = super().get_object(request, object_id, from_field)
        name_things([link] if link else [])
        return link

    @admin.display(description=_("what was found"))
    def what(self, link):
        """Say what went wrong, or where it leads on to."""
        return link.moved_to or (gettext(link.fault) if link.fault else "–")

    @admin.display(description=_("where it stands"))
    def places_named(self, link):
        """Name the texts that lead there, each linked."""
        rows = [(each.get_absolute_url(), each, f": {beside}" if beside else "") for each, beside in link.things]
        more = format_html("<br>+ {}", len(link.seen) - SHOWN) if len(link.seen) > SHOWN else ""
        return format_html("{}{}", format_html_join(BREAK, '<a href="{}">{}</a>{}', rows), more) or "–"


BREAK = mark_safe("<br>")


def name_things(links):
    """Give links the ``things`` of their first places, each with what it stands beside: a query for each kind."""
    places = [each for link in links for each in link.seen[:SHOWN]]
    ids = {}
    for each in places:
        ids.setdefault(each.kind_of, set()).add(each.object_id)
    read = {kind: kinds.model_of(kind)._base_manager.in_bulk(found) for kind, found in ids.items()}
    for link in links:
        rows = ((read[each.kind_of].get(each.object_id), each.beside) for each in link.seen[:SHOWN])
        link.things = [row for row in rows if row[0] is not None]
