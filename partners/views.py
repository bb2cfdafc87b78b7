"""The directory of organisations, and the programmes that they run together."""

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import holds_on
from collaborative.core.views import FilterPage, ListPage, ThingPage
from collaborative.vocabulary.models import Theme
from partners import reading
from partners.filters import DirectoryFilters
from partners.models import Organisation, Programme


class Directory(FilterPage):
    """Every organisation that takes part or once did: search, facets with counts, pages."""

    model, policy, filterset_class = Organisation, "public", DirectoryFilters
    template_name, context_object_name = "partners/list.html", "organisations"
    extra_context = {"heading": _("Partners"), "search_label": _("Search partners by name or abbreviation")}

    def get_queryset(self):
        """Read what the rows say of each."""
        return super().get_queryset().select_related("kind_of").with_programmes()


class OrganisationPage(ThingPage):
    """Who they are, what they take part in, and how they stand to others."""

    model, template_name, context_object_name = Organisation, "partners/page.html", "organisation"

    def get_queryset(self):
        """Read the kind and the successor with it."""
        return super().get_queryset().select_related("kind_of", "successor")

    def get_context_data(self, **context):
        """Add what belongs to the organisation."""
        organisation = self.object
        return super().get_context_data(
            facts=reading.facts_about(organisation, organisation.aliases.all()),
            ties=reading.ties_of(organisation),
            predecessors=Organisation.objects.visible_to(self.request.user).filter(successor=organisation),
            parts=reading.parts_of(organisation),
            leads=reading.leads_of(organisation=organisation),
            crumbs=[{"label": _("Partners"), "url": reverse("partners:list")}],
            **context,
        )


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
            leads=reading.leads_of(programme=self.object),
            crumbs=[{"label": _("Programmes"), "url": reverse("programmes:list")}],
            **context,
        )
