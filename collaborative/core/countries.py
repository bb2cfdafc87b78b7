"""Countries by the two letters of ISO 3166, with their names in the reader's language."""

from django.utils.translation import override
from django_countries import countries


def country_name(code):
    """Return the country's name; the code itself where ISO 3166 has no such country."""
    return countries.name(code) or code


def is_country(code):
    """Say whether ISO 3166 has this country; capitals count."""
    return code in countries.countries


def codes_by_name():
    """Return the countries' codes by their English names."""
    with override("en"):
        return {str(name): code for code, name in countries}
