"""What goes out to other machines."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutputsConfig(AppConfig):
    name = "collaborative.outputs"
    label = "outputs"
    verbose_name = _("Outputs")

    def ready(self):
        """Follow the index: whatever is indexed anew stands anew in the ledger."""
        from collaborative.outputs import services  # noqa: F401, PLC0415
        from collaborative.outputs.oai import late  # noqa: F401, PLC0415
