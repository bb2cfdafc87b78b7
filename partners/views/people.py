"""The people of an organisation, as its leads and coordinators see and look after them."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from collaborative.accounts.second_factor import with_second_factor
from collaborative.core.views import FilterPage, FormPage
from partners import services
from partners.filters.staff import StaffFilters
from partners.forms.letting_in import EndForm, MembershipForm
from partners.models import EmailDomain, Invitation, Membership, MembershipRequest, Organisation
from partners.states import InvitationState, RequestState
from partners.views.ways import way_to

WAITING_SHOWN = 20


class OfOrganisation:
    """A page of those who let people into one organisation."""

    policy = "partners.let_in"

    def guarded_thing(self):
        """Fetch the organisation through ``visible_to``."""
        rows = Organisation.objects.visible_to(self.request.user)
        self.organisation = get_object_or_404(rows, slug=self.kwargs["slug"])
        return self.organisation

    @cached_property
    def people_url(self):
        """The address of the list."""
        return reverse("partners:people", args=[self.organisation.slug])

    def crumbs(self):
        """Return the way to this page."""
        return way_to(self.organisation)

    def get_context_data(self, **kwargs):
        """Add the organisation and the way back."""
        here = {"organisation": self.organisation, "people_url": self.people_url, "crumbs": self.crumbs()}
        return super().get_context_data(**here, **kwargs)


@with_second_factor
class People(OfOrganisation, FilterPage):
    """Who belongs to the organisation and how they came, who waits at its door, and its mail domains."""

    model, filterset_class = Membership, StaffFilters
    template_name, context_object_name = "partners/people.html", "memberships"

    def get_queryset(self):
        """Return the organisation's memberships, with how each came."""
        rows = super().get_queryset().filter(organisation=self.organisation)
        return with_ways(rows).select_related("user", "admitted_by")

    def get_context_data(self, **kwargs):
        """Add who waits, and the domains."""
        user, here = self.request.user, {"organisation": self.organisation}
        waiting = MembershipRequest.objects.answerable_by(user).pending().filter(**here).exclude(user=user)
        domains = EmailDomain.objects.visible_to(user).confirmed().filter(**here)
        return super().get_context_data(
            heading=_("People of %(organisation)s") % here,
            search_label=_("Search people by name, job title or address"),
            waiting=list(waiting.select_related("user", "organisation").order_by("created_at", "pk")[:WAITING_SHOWN]),
            waiting_count=waiting.count(),
            domains=list(domains.order_by("domain")),
            **kwargs,
        )


def with_ways(memberships):
    """Say of each membership whether it came by an answered request or an accepted invitation."""
    theirs = {"organisation": OuterRef("organisation")}
    asked = MembershipRequest.objects.filter(user=OuterRef("user"), state=RequestState.ACCEPTED, **theirs)
    invited = Invitation.objects.filter(accepted_by=OuterRef("user"), state=InvitationState.ACCEPTED, **theirs)
    return memberships.annotate(asked=Exists(asked), invited=Exists(invited))


class OfMembership(OfOrganisation, FormPage):
    """A form about one membership; 404 for one of another organisation or that has ended."""

    def guarded_thing(self):
        """Fetch both."""
        organisation = super().guarded_thing()
        rows = Membership.objects.visible_to(self.request.user).lasting().filter(organisation=organisation)
        self.membership = get_object_or_404(rows.select_related("user", "admitted_by"), pk=self.kwargs["pk"])
        return organisation

    def crumbs(self):
        """Lead here from the list."""
        return [*super().crumbs(), {"label": _("People"), "url": self.people_url}]

    def get_context_data(self, **kwargs):
        """Add the membership."""
        return super().get_context_data(membership=self.membership, **kwargs)


@with_second_factor
class Change(OfMembership):
    """Change somebody's role or job title."""

    template_name, form_class = "partners/membership.html", MembershipForm

    def get_initial(self):
        """Begin with what is."""
        return {"role": self.membership.role, "title": self.membership.title}

    def act(self, form):
        """Change it."""
        services.change_membership(self.membership, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Changed: %(name)s.") % {"name": self.membership.user})
        return self.people_url


@with_second_factor
class End(OfMembership):
    """End somebody's membership, at once or on a day."""

    template_name, form_class = "partners/membership_end.html", EndForm

    def get_form_kwargs(self):
        """Hand the membership to the form."""
        return super().get_form_kwargs() | {"membership": self.membership}

    def act(self, form):
        """End it."""
        ended = services.end_membership(self.membership, by=self.request.user, **form.cleaned_data)
        words = _("%(name)s is no longer a member.") if ended.ended else _("%(name)s stays a member until then.")
        messages.success(self.request, words % {"name": ended.user})
        return self.people_url
