"""What the account's pages, whose views are django-allauth's, have to know besides."""

from django import template

from collaborative.accounts import second_factor

register = template.Library()


@register.simple_tag
def wanted_page(request):
    """Return the page for which somebody has just set up a second factor, or an empty string."""
    return second_factor.wanted(request)
