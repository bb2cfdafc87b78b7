"""Tags that every template may use."""

from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from collaborative.core import panels as registry
from collaborative.core import policies, text

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context, place, thing):
    """Render what higher apps add to this page, in order."""
    request = context["request"]
    built = registry.panels_for(place, thing, request)
    return mark_safe("".join(render_to_string(name, values, request=request) for name, values in built))  # noqa: S308


@register.simple_tag(takes_context=True)
def steps(context, place, thing):
    """Return where the thread goes on from this page, by the step's name: ``{% steps "review" review as links %}``."""
    return registry.steps_for(place, thing, context["request"])


@register.simple_tag(takes_context=True)
def may(context, name, thing=None):
    """Answer a policy for the reader of this page: true, or false with ``.reason``."""
    return policies.ask(name, context["request"].user, thing)


@register.simple_tag
def markdown(value, level=2, prefix=""):
    """Render a Markdown text; its first headings stand at ``level``."""
    return text.markdown(value, heading_level=level, prefix=prefix)


@register.filter
def plain(value, limit=200):
    """Return the words of a Markdown text, cut at ``limit`` characters."""
    return text.plain(value, limit)


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """Return ``?…`` of this page with some parameters changed; an empty value removes one."""
    values = context["request"].GET.copy()
    for key, value in changes.items():
        values.pop(key, None)
        if value not in ("", None):
            values[key] = value
    return "?" + urlencode(sorted(values.lists()), doseq=True)
