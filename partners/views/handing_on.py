"""Leaving an organisation, and handing on what was led: somebody is asked, and answers."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from collaborative.accounts import second_factor
from collaborative.core import holdings, policies
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, act, guard
from partners import handovers
from partners.forms.handing_on import OFFERED, AnswerForm, ChooseForm, LeaveForm, with_titles
from partners.models import Handover, Membership
from partners.services import ending, handing_on
from partners.states import UNSETTLED, HandoverState

SHOWN = ("organisation__kind_of", "held_by", "asked", "proposed", "programme")


class HandoverPage(FormPage):
    """Something to hand on: who may choose asks somebody, who is asked answers. Others get a 404."""

    policy = "signed_in"
    template_name = "partners/handover.html"

    def guarded_thing(self):
        """Fetch the handover through ``visible_to``."""
        rows = Handover.objects.visible_to(self.request.user).select_related(*SHOWN)
        self.handover = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.handover

    @cached_property
    def mode(self):
        """What the reader can do: ``answer``, ``choose``, ``wait`` for who is asked, or only ``see``."""
        user, handover = self.request.user, self.handover
        if handover.state == HandoverState.ASKED and handover.asked_id == user.pk:
            return "answer"
        if handover.state not in UNSETTLED or not policies.offers("handovers.choose", user, handover):
            return "see"
        return "choose" if handover.state == HandoverState.OPEN else "wait"

    def stopped(self):
        """Demand the second factor of those who choose."""
        if self.mode not in ("choose", "wait"):
            return None
        return guard(self.request, "handovers.choose", self.handover) or second_factor.stopped(self.request)

    def post(self, request, *args, **kwargs):
        """Do what the reader can do; ``Refused`` when that is nothing any more."""
        if self.mode not in ("answer", "choose"):
            state = self.handover.get_state_display()
            raise Refused(_("This cannot be done now: it is already “%(state)s”.") % {"state": state})
        return super().post(request, *args, **kwargs)

    @cached_property
    def eligible(self):
        """The colleagues who may be asked."""
        holding = holdings.find(self.handover.holding)
        return with_titles(holding.eligible(holding.read(self.handover.object_id)), self.handover.organisation)

    @cached_property
    def query(self):
        """What was searched for."""
        return self.request.GET.get("q", "").replace("\x00", "").strip()[:150]

    @cached_property
    def offered(self):
        """The first of those whose name fits; whoever was proposed comes first."""
        found = self.eligible.filter(name__icontains=self.query) if self.query else self.eligible
        first = [] if self.query else list(self.eligible.filter(pk=self.handover.proposed_id))
        return (first + [each for each in found[: OFFERED + 1] if each not in first])[: OFFERED + 1]

    def get_form_class(self):
        """Return the form for what the reader can do."""
        return AnswerForm if self.mode == "answer" else ChooseForm

    def get_form_kwargs(self):
        """Hand the colleagues to the form that offers them."""
        if self.mode == "answer":
            return super().get_form_kwargs()
        return super().get_form_kwargs() | {"eligible": self.eligible, "offered": self.offered[:OFFERED]}

    def act(self, form):
        """Ask, or answer."""
        user, values = self.request.user, form.cleaned_data
        if self.mode == "choose":
            handing_on.ask(self.handover, values["person"], by=user)
            messages.success(self.request, _("%(name)s is asked, and gets a letter.") % {"name": values["person"]})
        elif values["answer"] == "accept":
            handing_on.take_over(self.handover, by=user)
            messages.success(self.request, _("It is yours now. Thank you."))
        else:
            handing_on.decline(self.handover, by=user, words=values["words"])
            messages.success(self.request, _("You said no. Somebody else will be asked."))
        return self.handover

    def get_form(self, form_class=None):
        """Return no form to a reader who can do nothing."""
        return super().get_form(form_class) if self.mode in ("answer", "choose") else None

    def get_context_data(self, **kwargs):
        """Add what is handed on, who is responsible, and what the reader can do."""
        named = dict(handovers.named([self.handover], self.request.user))
        return super().get_context_data(
            handover=self.handover,
            held=named.get(self.handover),
            title=handovers.title_of(self.handover),
            responsible=list(handing_on.responsible_for(self.handover)[:OFFERED]),
            unsettled=self.handover.state in UNSETTLED,
            mode=self.mode,
            query=self.query,
            none_found=self.mode == "choose" and not self.offered,
            more_found=self.mode == "choose" and len(self.offered) > OFFERED,
            **kwargs,
        )


@act("handovers.choose", model=Handover, lookup="pk")
@second_factor.with_second_factor
def release(request, handover):
    """Take the question back."""
    return handing_on.release(handover, by=request.user), _("Nobody is asked now. Choose somebody else.")


@act("handovers.choose", model=Handover, lookup="pk")
@second_factor.with_second_factor
def close(request, handover):
    """Let nobody take it over."""
    return handing_on.close(handover, by=request.user), _("Closed: nobody has to take this over.")


class Leave(FormPage):
    """Leave an organisation: what one holds for it is shown first, and a colleague may be proposed for each."""

    policy = "memberships.leave"
    template_name = "partners/leave.html"
    form_class = LeaveForm

    def guarded_thing(self):
        """Fetch one's own membership, while it lasts."""
        mine = Membership.objects.visible_to(self.request.user).lasting().filter(user=self.request.user.pk)
        self.membership = get_object_or_404(mine.select_related("organisation"), pk=self.kwargs["pk"])
        return self.membership

    @cached_property
    def held(self):
        """What the person holds for the organisation."""
        return holdings.held(self.request.user, self.membership.organisation_id)

    def get_form_kwargs(self):
        """Hand what is held to the form."""
        return super().get_form_kwargs() | {"held": self.held}

    def act(self, form):
        """Leave; this session alone goes on, without the rights."""
        left = ending.leave(self.membership, by=self.request.user, proposed=form.proposed)
        self.request.user.refresh_from_db()
        update_session_auth_hash(self.request, self.request.user)
        messages.success(self.request, _("You have left %(name)s.") % {"name": left.organisation})
        return "mine:organisations"

    def get_context_data(self, **kwargs):
        """Add the organisation and what is held."""
        return super().get_context_data(
            organisation=self.membership.organisation,
            crumbs=[
                {"label": _("My page"), "url": reverse("me")},
                {"label": _("My organisations"), "url": reverse("mine:organisations")},
            ],
            held=self.held,
            **kwargs,
        )
