"""Tags for the words of letters."""

from django import template

from collaborative.notifications.rendering import literal as as_it_is
from collaborative.notifications.rendering import quoted as as_typed

register = template.Library()


@register.filter
def literal(value):
    """Show a title in a letter's Markdown as it is, whatever signs it has."""
    return as_it_is(value)


@register.filter
def quoted(value):
    """Show what a person wrote as a quotation, as they typed it."""
    return as_typed(value)
