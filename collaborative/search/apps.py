"""Finding things, on both engines."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "collaborative.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self):
        """Declare the triggers that keep SQLite's full-text table."""
        from collaborative.search import triggers  # noqa: F401, PLC0415
