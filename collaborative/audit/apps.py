"""The record of what happened."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "collaborative.audit"
    label = "audit"

    def ready(self):
        """Declare the triggers."""
        from collaborative.audit import triggers  # noqa: F401, PLC0415
