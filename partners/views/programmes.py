"""The programmes that partners run together."""

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import holds_on
from collaborative.core.views import ListPage, ThingPage
from collaborative.vocabulary.models import Theme
from partners import reading
from partners.models import Programme


class Programmes(ListPage):
    """The programmes of this portal."""

    model, policy = Programme, "public"
    template_name, context_object_name = "programmes/list.html", "programmes"

    def get_queryset(self):
        """Count today's partners of each."""
        today = holds_on(starts="partners__starts_on", ends="partners__ends_on")
        counted = Count("partners__organisation", filter=today, distinct=True)
        return super().get_queryset().annotate(partner_count=counted).order_by("name", "pk")


class ProgrammePage(ThingPage):
    """What a programme is for, who runs it together, and what they work on."""

    model, template_name, context_object_name = Programme, "programmes/page.html", "programme"

    @cached_property
    def partners(self):
        """The partners of today by kind, and those of the past."""
        return reading.partners_by_kind(self.object, self.request.user)

    def get_context_data(self, **context):
        """Add what belongs to the programme."""
        groups, past = self.partners
        return super().get_context_data(
            facts=reading.facts_of(self.object),
            groups=groups,
            partner_count=sum(len(parts) for _kind, parts in groups),
            past=past,
            themes=Theme.objects.visible_to(self.request.user).filter(programmes=self.object),
            leads=reading.theme_leads(programme=self.object),
            crumbs=[{"label": _("Programmes"), "url": reverse("programmes:list")}],
            **context,
        )
