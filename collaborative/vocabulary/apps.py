"""The words the portal uses."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VocabularyConfig(AppConfig):
    name = "collaborative.vocabulary"
    label = "vocabulary"
    verbose_name = _("Words")
