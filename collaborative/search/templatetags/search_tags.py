"""What lists of things that can be found show of the search."""

from urllib.parse import urlencode

from django import template

from collaborative.search.queries import search
from collaborative.search.registry import kinds_in_order

register = template.Library()


@register.inclusion_tag("search/meant.html", takes_context=True)
def did_you_mean(context, text, paginator):
    """Offer another spelling where a list found nothing: its link searches the whole list."""
    kind = getattr(getattr(paginator.object_list, "model", None), "kind", None)
    if not text or paginator.count or kind not in kinds_in_order():
        return {"meant": "", "url": ""}
    meant = search(text, context["request"].user, [kind]).meant
    return {"meant": meant, "url": f"?{urlencode({'q': meant})}"}
