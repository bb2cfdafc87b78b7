"""Handling markings of the government security classifications (policy of June 2023)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Handling(TextChoices):
    """How a text may be handled. SECRET and above has no place here; OFFICIAL-SENSITIVE must be turned on."""

    PUBLIC = "PUBLIC", _("PUBLIC")
    OFFICIAL = "OFFICIAL", _("OFFICIAL")
