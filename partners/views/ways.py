"""Where the pages below an organisation's own page stand."""

from django.urls import reverse
from django.utils.translation import gettext as _


def way_to(organisation):
    """Return the crumbs from the directory down to the organisation, for a page below it."""
    return [
        {"label": _("Partners"), "url": reverse("partners:list")},
        {"label": organisation.name, "url": organisation.get_absolute_url()},
    ]
