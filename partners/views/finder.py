"""The expertise finder: people who chose to be listed, and why each is shown."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.views import FilterPage
from partners.finding import FinderFilters
from partners.models import Profile
from partners.reasons import shown


class Finder(FilterPage):
    """Those who chose to be found by this reader: search, facets with counts, pages."""

    model, policy, filterset_class = Profile, "public", FinderFilters
    template_name, context_object_name = "people/list.html", "profiles"
    extra_context = {"heading": _("Find people"), "search_label": _("Search by field, method, name or workplace")}

    def get_queryset(self):
        """Return those who are listed to this reader; one's own hidden page is not among them."""
        return Profile.objects.listed_to(self.request.user)

    def get_context_data(self, **context):
        """Add the people of this page with the reasons for which they are shown."""
        context = super().get_context_data(**context)
        page = context["page_obj"]
        context["people"] = shown(page.object_list, context["filter"], self.request.user)
        page.object_list = [person.profile for person in context["people"]]
        return context
