"""Letters, the ledger, follows and digests."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "collaborative.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self):
        """Register the letter of the daily mail."""
        from collaborative.notifications import digests  # noqa: F401, PLC0415
