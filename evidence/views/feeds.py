"""The library and the bank of practices as feeds, narrowed as their pages are."""

from django.conf import settings
from django.utils.translation import gettext as _

from collaborative.outputs.views.feeds import ListFeed
from evidence.filters import ReviewFilter, SheetFilter


class LibraryFeed(ListFeed):
    """The evidence library."""

    kind, filterset_class, page_name = "review", ReviewFilter, "evidence:list"

    def title(self):
        """Return what the page is called."""
        return f"{_('Evidence library')} – {settings.SITE_NAME}"


class SheetsFeed(ListFeed):
    """The practice sheets."""

    kind, filterset_class, page_name = "sheet", SheetFilter, "practices:list"

    def title(self):
        """Return what the page is called."""
        return f"{_('Practice sheets')} – {settings.SITE_NAME}"
