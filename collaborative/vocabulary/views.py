"""Themes: what partners work on together."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collaborative.core.views import ListPage, ThingPage
from collaborative.vocabulary.models import Theme


class Themes(ListPage):
    """The themes of today."""

    model, policy = Theme, "public"
    template_name, context_object_name = "themes/list.html", "themes"

    def get_queryset(self):
        """Leave out the themes that were given up; their pages remain."""
        return super().get_queryset().current()


class ThemePage(ThingPage):
    """What a theme is about and its numbered aspects; what is known, under way and taught comes by panels."""

    model, template_name, context_object_name = Theme, "themes/page.html", "theme"

    def get_context_data(self, **context):
        """Add the aspects."""
        crumbs = [{"label": _("Themes"), "url": reverse("themes:list")}]
        return super().get_context_data(aspects=self.object.aspects.all(), crumbs=crumbs, **context)
