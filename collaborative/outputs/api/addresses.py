"""Whole addresses: whoever reads by machine keeps them apart from the page they came from."""

from django.conf import settings
from django.urls import reverse


def absolute(path):
    """Return a path of the portal as a whole address; nothing stays nothing."""
    return f"{settings.SITE_URL}{path}" if path else None


def address_of(name, **keys):
    """Return the whole address of an operation of this interface, such as ``get_review``."""
    return absolute(reverse(f"api:{name}", kwargs=keys))
