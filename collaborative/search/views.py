"""The search page."""

from urllib.parse import urlencode

from django.core.paginator import Paginator

from collaborative.core import kinds
from collaborative.core.views import PAGE_SIZE, Page
from collaborative.search.queries import SHOWN_AT_MOST, search
from collaborative.search.registry import kinds_in_order


class SearchPage(Page):
    """Everything the reader may see, by kind; a kind that does not exist is as if none were chosen."""

    policy = "public"
    template_name = "search/search.html"

    def get_context_data(self, **kwargs):
        """Add what was found, its counts by kind, and one page of it."""
        chosen = self.request.GET.get("kind", "")
        chosen = chosen if chosen in kinds_in_order() else ""
        found = search(self.request.GET.get("q", ""), self.request.user, [chosen] if chosen else None)
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            found=found,
            text=found.query.text,
            page=page,
            hits=[{"hit": hit, "label": kinds.model_of(hit.kind)._meta.verbose_name} for hit in page.object_list],
            choices=choices(found, chosen),
            page_query=parameters(found.query.text, chosen),
            everything_url="?" + parameters(found.query.text),
            shown_at_most=SHOWN_AT_MOST if found.total > SHOWN_AT_MOST else None,
            **kwargs,
        )


def parameters(text, kind=""):
    """Return the parameters of a search, encoded."""
    return urlencode({"q": text} | ({"kind": kind} if kind else {}))


def choices(found, chosen):
    """Return everything, then the kinds in which something was found and the chosen one, with counts."""
    text = found.query.text
    rows = [{"label": None, "count": found.everything, "url": "?" + parameters(text), "chosen": not chosen}]
    return rows + [
        {
            "label": kinds.model_of(kind)._meta.verbose_name_plural,
            "count": found.counts.get(kind, 0),
            "url": "?" + parameters(text, kind),
            "chosen": kind == chosen,
        }
        for kind in kinds_in_order()
        if kind in found.counts or kind == chosen
    ]
