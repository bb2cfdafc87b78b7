"""Where inviting and being invited show on other pages."""

from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.urls import reverse

from collaborative.core.panels import panel
from partners.models import Invitation, Organisation
from partners.rights import rights_of

SHOWN = 5


@panel("organisation people", order=30)
def invitations_of(organisation, request):
    """Who was invited and has not answered; the page is for those who let people in."""
    waiting = Invitation.objects.answerable_by(request.user).pending().filter(organisation=organisation)
    shown = list(waiting.select_related("invited_by").order_by("-created_at", "-pk")[:SHOWN])
    return "partners/invitations_panel.html", {"organisation": organisation, "invitations": shown}


@panel("me", order=4)
def invitations_to(person, request):
    """The invitations to one's own address that wait for an answer."""
    mine = EmailAddress.objects.filter(user=person, verified=True).values("email")
    waiting = Invitation.objects.pending().filter(email__in=mine).select_related("organisation", "invited_by")
    shown = list(waiting.order_by("-created_at", "-pk")[:SHOWN])
    return ("partners/invited_panel.html", {"invitations": shown}) if shown else None


def invite_to(thing, request):
    """Let leads invite a colleague, who then lands on this page."""
    leads = rights_of(request.user).leads
    if not leads:
        return None
    offers = [(each, invite_url(each, thing)) for each in Organisation.objects.current().filter(pk__in=leads)[:SHOWN]]
    return ("partners/invite_panel.html", {"offers": offers}) if offers else None


def invite_url(organisation, thing):
    """Return the address of the form by which somebody is invited to a thing."""
    where = reverse("partners:invite", args=[organisation.slug])
    return f"{where}?{urlencode({'kind': thing.kind, 'id': thing.pk})}"


for place in ("project", "event"):
    panel(place, order=90)(invite_to)
