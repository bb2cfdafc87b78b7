"""The search page, and what is suggested while somebody types."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views import View

from collaborative.core import kinds
from collaborative.core.views import PAGE_SIZE, Guarded, Page
from collaborative.search.parsing import LONGEST
from collaborative.search.queries import SHOWN_AT_MOST, search, suggested
from collaborative.search.registry import kinds_in_order


class SearchPage(Page):
    """Everything the reader may see, by kind; a kind that does not exist is as if none were chosen."""

    policy = "public"
    template_name = "search/search.html"

    def get_context_data(self, **kwargs):
        """Add what was found, its counts by kind, and one page of it."""
        chosen = self.request.GET.get("kind", "")
        chosen = chosen if chosen in kinds_in_order() else ""
        found = search(self.request.GET.get("q", ""), self.request.user, [chosen] if chosen else None, loosely=True)
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            found=found,
            text=found.query.text,
            page=page,
            hits=[{"hit": hit, "label": kinds.model_of(hit.kind)._meta.verbose_name} for hit in page.object_list],
            choices=choices(found, chosen),
            page_query=parameters(found.query.text, chosen),
            meant_url="?" + parameters(found.meant, chosen) if found.meant else "",
            everything_url="?" + parameters(found.query.text),
            shown_at_most=SHOWN_AT_MOST if found.total > SHOWN_AT_MOST else None,
            **kwargs,
        )


class Suggestions(Guarded, View):
    """Names of what the reader may see that begin as what is being typed, as OpenSearch suggestions (JSON)."""

    policy = "public"

    def get(self, request):
        """Answer ``[what was typed, names, no descriptions, addresses]``; browsers keep it for this reader alone."""
        text = request.GET.get("q", "")[:LONGEST]
        names = suggested(text, request.user)
        base = request.build_absolute_uri(reverse("search"))
        body = [text, names, [""] * len(names), [f"{base}?{parameters(name)}" for name in names]]
        answer = JsonResponse(body, safe=False, content_type="application/x-suggestions+json")
        patch_cache_control(answer, private=True, max_age=60)
        patch_vary_headers(answer, ["Cookie"])
        return answer


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
