"""Asking to be let into an organisation, and the page on which the request is answered."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborative.accounts import second_factor
from collaborative.core import policies
from collaborative.core.views import FormPage, act, guard
from partners import services
from partners.forms.letting_in import DECLINE, AnswerForm, JoinForm
from partners.models import Membership, MembershipRequest, Organisation
from partners.states import RequestState
from partners.views.ways import way_to


class Join(FormPage):
    """Ask to be let into an organisation."""

    policy = "memberships.ask"
    template_name = "partners/join.html"
    form_class = JoinForm

    def guarded_thing(self):
        """Fetch the organisation through ``visible_to``."""
        rows = Organisation.objects.visible_to(self.request.user)
        self.organisation = get_object_or_404(rows, slug=self.kwargs["slug"])
        return self.organisation

    def get(self, request, *args, **kwargs):
        """Show the form; lead to the request of someone who has asked already."""
        asked = self.organisation.membership_requests.pending().filter(user=request.user)
        waiting = asked.select_related("organisation").first()
        return redirect(waiting) if waiting else super().get(request, *args, **kwargs)

    def act(self, form):
        """Ask."""
        request = services.ask_to_join(self.organisation, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Your request is sent. You will hear what they answer."))
        return request

    def get_context_data(self, **kwargs):
        """Add the organisation, its own words about who answers, and what was asked here before."""
        before = self.organisation.membership_requests.filter(user=self.request.user).select_related("organisation")
        return super().get_context_data(
            organisation=self.organisation,
            crumbs=way_to(self.organisation),
            has_leads=Membership.objects.leads_of(self.organisation.pk).exists(),
            before=list(before.order_by("-pk")[:5]),
            **kwargs,
        )


class RequestPage(FormPage):
    """A request to be let in: its asker sees what became of it, a lead answers it. Others get a 404."""

    policy = "signed_in"
    template_name = "partners/request.html"
    form_class = AnswerForm

    def guarded_thing(self):
        """Fetch the request through ``visible_to``."""
        rows = MembershipRequest.objects.visible_to(self.request.user)
        rows = rows.select_related("user", "organisation", "domain", "answered_by")
        self.wish = get_object_or_404(rows, pk=self.kwargs["pk"], organisation__slug=self.kwargs["slug"])
        return self.wish

    def stopped(self):
        """Let those who answer show first that it is them: the page names a person and shows their address."""
        answers = policies.offers("memberships.answer", self.request.user, self.wish)
        return second_factor.stopped(self.request) if answers else None

    def post(self, request, *args, **kwargs):
        """Answer, if the policy lets this person."""
        return guard(request, "memberships.answer", self.wish) or super().post(request, *args, **kwargs)

    def get_initial(self):
        """Begin with the job title that the person gave."""
        return {"title": self.wish.title}

    def act(self, form):
        """Answer."""
        values = form.cleaned_data
        accept = values["answer"] != DECLINE
        more = {"role": values["answer"], "title": values["title"]} if accept else {}
        services.answer_request(self.wish, by=self.request.user, accept=accept, words=values["words"], **more)
        messages.success(self.request, _("Your answer is on its way to the person who asked."))
        return reverse("partners:people", args=[self.wish.organisation.slug])

    def get_context_data(self, **kwargs):
        """Add the request and what the reader may do with it."""
        user, wish = self.request.user, self.wish
        pending = wish.state == RequestState.PENDING
        mine = wish.user_id == user.pk
        return super().get_context_data(
            wish=wish,
            crumbs=way_to(wish.organisation),
            may_ask=mine and not pending and policies.offers("memberships.ask", user, wish.organisation),
            pending=pending,
            mine=mine,
            may_answer=pending and not mine and policies.offers("memberships.answer", user, wish),
            may_take_back=pending and mine,
            **kwargs,
        )


@act("memberships.take_back", model=MembershipRequest, lookup="pk")
def take_back(request, wish):
    """Take one's own request back."""
    return services.take_back_request(wish, by=request.user), _("You have taken your request back.")
