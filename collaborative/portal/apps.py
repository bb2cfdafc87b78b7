"""The roof of the portal."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "collaborative.portal"
    label = "portal"

    def ready(self):
        """Listen to what django-allauth tells."""
        import_module("collaborative.portal.signals")
