"""Tags that every template may use."""

from datetime import datetime
from urllib.parse import urlencode

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from collaborative.core import identifiers, left_open, policies, text
from collaborative.core import panels as registry

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context, place, thing):
    """Render what higher apps add to this page, in order."""
    request = context["request"]
    built = registry.panels_for(place, thing, request)
    return mark_safe("".join(render_to_string(name, values, request=request) for name, values in built))  # noqa: S308


@register.simple_tag(takes_context=True)
def again(context, name):
    """Say once more what a block of this page says: ``{% again "title" %}``; nothing where there is no such block."""
    states = reversed(context.render_context.dicts)  # an included template has a state of its own
    blocks = next((each[BLOCK_CONTEXT_KEY] for each in states if BLOCK_CONTEXT_KEY in each), None)
    block = blocks and blocks.get_block(name)
    if not block:
        return ""
    with context.render_context.push(**{BLOCK_CONTEXT_KEY: blocks}):
        return mark_safe(" ".join(block.render(context).split()))  # noqa: S308


@register.simple_tag(takes_context=True)
def csrf_token(context):
    """Put Django's token into a form, and for whom the form is shown, so that it can be left open."""
    token = CsrfTokenNode().render(context)
    user = getattr(context.get("request"), "user", None)
    if not token or user is None or not user.is_authenticated:
        return token
    return format_html('{}<input type="hidden" name="{}" value="{}">', token, left_open.FIELD, left_open.mark(user))


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


@register.filter
def doi_address(value):
    """Return the address at which a DOI is resolved."""
    return identifiers.doi_address(value)


@register.filter(expects_localtime=True)
def machine(value):
    """Return a day or a moment as a ``<time datetime="…">`` takes it: to the second at most."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat() if value else ""


@register.simple_tag(takes_context=True)
def query(context, **changes):
    """Return ``?…`` of this page with some parameters changed; an empty value removes one."""
    values = context["request"].GET.copy()
    for key, value in changes.items():
        values.pop(key, None)
        if value not in ("", None):
            values[key] = value
    return "?" + urlencode(sorted(values.lists()), doseq=True)
