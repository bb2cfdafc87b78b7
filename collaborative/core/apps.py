"""The ground floor of the portal; wakes the registries of every app above it."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "collaborative.core"
    label = "core"

    def ready(self):
        """Import what each app registers: policies, panels, letters, search entries, what is held of and by people."""
        autodiscover_modules("policies", "panels", "notices", "searching", "outgoing", "personal", "holdings")
