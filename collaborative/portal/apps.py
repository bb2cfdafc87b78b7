"""The roof of the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "collaborative.portal"
    label = "portal"
