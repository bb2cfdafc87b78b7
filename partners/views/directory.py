"""The directory of organisations, and the page of each."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collaborative.core.views import FilterPage, ThingPage
from partners import reading
from partners.filters.directory import DirectoryFilters
from partners.models import FormerAddress, Organisation


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

    def dispatch(self, request, *args, **kwargs):
        """Lead from an address that the page once had to the one it has now."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            former = FormerAddress.objects.filter(slug=kwargs["slug"]).select_related("organisation").first()
            if former is None:
                raise
            return redirect(former.organisation, permanent=True)

    def get_queryset(self):
        """Read the kind and the successor with it."""
        return super().get_queryset().select_related("kind_of", "successor")

    def get_context_data(self, **context):
        """Add what belongs to the organisation."""
        organisation = self.object
        organisation.parts_read = reading.parts_of(organisation)
        return super().get_context_data(
            facts=reading.facts_about(organisation, organisation.aliases.all()),
            ties=reading.ties_of(organisation, self.request.user),
            parts=organisation.parts_read,
            leads=reading.theme_leads(organisation=organisation),
            leading=reading.leading(organisation, self.request.user),
            crumbs=[{"label": _("Partners"), "url": reverse("partners:list")}],
            **context,
        )
