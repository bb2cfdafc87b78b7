"""People and how they sign in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "collaborative.accounts"
    label = "accounts"
    verbose_name = _("People")
