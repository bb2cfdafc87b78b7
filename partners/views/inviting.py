"""Inviting people into an organisation, and what became of those who were invited."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collaborative.accounts.second_factor import stopped, with_second_factor
from collaborative.core import kinds
from collaborative.core.views import FormPage, ListPage, guard
from collaborative.notifications.models import Letter
from collaborative.notifications.states import LetterState
from partners.forms.inviting import InviteForm, at_line
from partners.models import Invitation
from partners.services import invitations
from partners.views.people import OfOrganisation


@with_second_factor
class Invite(OfOrganisation, FormPage):
    """Invite one or several people; the page of a thing may lead here, and they land on it."""

    template_name = "partners/invite.html"
    form_class = InviteForm

    def about(self):
        """Return the thing that the invitation is about, as the inviter may see it, or None."""
        kind, pk = self.request.GET.get("kind", ""), self.request.GET.get("id", "")
        if kind not in invitations.ABOUT or not pk.isdecimal() or len(pk) > 18:
            return None
        return kinds.find(kind, int(pk), self.request.user)

    def form_valid(self, form):
        """Send all or nothing; what is wrong with a line stands beside the addresses."""
        try:
            return redirect(self.act(form))
        except invitations.Faults as faults:
            for line, sentence in faults.faults:
                form.add_error("addresses", at_line(line, sentence))
            return self.form_invalid(form)

    def act(self, form):
        """Invite."""
        values = form.cleaned_data
        about = self.about()
        people = values.pop("addresses")
        made = invitations.invite_each(self.organisation, people, by=self.request.user, about=about, **values)
        words = ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", len(made))
        messages.success(self.request, words % {"n": len(made)})
        return about or reverse("partners:invitations", args=[self.organisation.slug])

    def get_context_data(self, **kwargs):
        """Add what the invitation is about."""
        return super().get_context_data(about=self.about(), **kwargs)


@with_second_factor
class Invitations(OfOrganisation, ListPage):
    """Everybody who was invited, newest first, with what became of it."""

    model, template_name = Invitation, "partners/invitations.html"

    def get_queryset(self):
        """Return those of this organisation."""
        rows = super().get_queryset().filter(organisation=self.organisation)
        bounced = Letter.objects.filter(kind_of=Invitation.kind, object_id=OuterRef("pk"), state=LetterState.BOUNCED)
        return rows.select_related("invited_by").annotate(bounced=Exists(bounced)).order_by("-created_at", "-pk")


def invitation_act(function):
    """Turn ``(request, invitation) -> sentence`` into a POST-only act of those who let people in."""

    @require_POST
    def view(request, slug, pk):
        rows = (
            Invitation.objects.answerable_by(request.user)
            if request.user.is_authenticated
            else Invitation.objects.none()
        )
        invitation = get_object_or_404(rows.select_related("organisation"), pk=pk, organisation__slug=slug)
        back = reverse("partners:invitations", args=[slug])
        first = guard(request, "partners.let_in", invitation.organisation) or stopped(request, back)
        if first:
            return first
        messages.success(request, function(request, invitation))
        return redirect(back)

    view.policy = "partners.let_in"
    return view


@invitation_act
def withdraw(request, invitation):
    """Take an invitation back."""
    invitations.withdraw(invitation, by=request.user)
    return _("The invitation is withdrawn. Its link no longer works.")


@invitation_act
def send_again(request, invitation):
    """Send the letter once more."""
    invitations.send_again(invitation, by=request.user)
    return _("The invitation is on its way again. It holds for three more weeks.")
