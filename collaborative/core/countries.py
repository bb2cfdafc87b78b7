"""Countries by the two letters of ISO 3166, with their names in the reader's language."""

from django_countries import countries


def country_name(code):
    """Return the country's name; the code itself where ISO 3166 has no such country."""
    return countries.name(code) or code


def is_country(code):
    """Say whether ISO 3166 has this country; capitals count."""
    return code in countries.countries
