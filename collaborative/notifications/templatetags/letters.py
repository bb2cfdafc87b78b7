"""Tags for the words of letters."""

from django import template

from collaborative.notifications.rendering import literal as as_it_is

register = template.Library()


@register.filter
def literal(value):
    """Show a title in a letter's Markdown as it is, whatever signs it has."""
    return as_it_is(value)
