"""What partners add to the page of a theme: who leads it, and in which programmes."""

from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from django.urls import reverse

import partners.door_panels  # noqa: F401 - it registers its panels
from collaborative.core import policies
from collaborative.core.panels import panel
from partners import reading
from partners.models import Invitation, Organisation, SignOn
from partners.people import listed_at
from partners.rights import rights_of


@panel("theme", order=10)
def of_theme(theme, request):
    """The pairs that lead the theme, and the programmes that work on it."""
    groups = reading.work_on(theme, request.user)
    return ("partners/theme_panel.html", {"groups": groups}) if groups else None


@panel("organisation people", order=30)
def invitations_of(organisation, request):
    """Who was invited and has not answered, for those who let people in."""
    if not policies.ask("partners.let_in", request.user, organisation):
        return None
    waiting = Invitation.objects.pending().filter(organisation=organisation).select_related("invited_by")
    shown = list(waiting.order_by("-created_at", "-pk")[:5])
    return "partners/invitations_panel.html", {"organisation": organisation, "invitations": shown}


def invite_url(organisation, thing=None):
    """Return the address of the form, perhaps about a thing."""
    where = reverse("partners:invite", args=[organisation.slug])
    return f"{where}?{urlencode({'kind': thing.kind, 'id': thing.pk})}" if thing is not None else where


def invite_to(thing, request):
    """Let leads invite a colleague, who then lands on this page."""
    leads = rights_of(request.user).leads
    if not leads:
        return None
    offers = [(each, invite_url(each, thing)) for each in Organisation.objects.filter(pk__in=leads)[:5]]
    return "partners/invite_panel.html", {"offers": offers}


for place in ("project", "event"):
    panel(place, order=90)(invite_to)


@panel("sign_in")
def sign_in_with_organisation(thing, request):
    """Offer the way through one's organisation, once any has its own sign-in here."""
    if not SignOn.objects.enabled().exists():
        return None
    return "socialaccount/offer.html", {"next": get_next_redirect_url(request) or ""}


@panel("organisation people", order=30)
def invitations_of(organisation, request):
    """Who was invited and has not answered, for those who let people in."""
    if not policies.ask("partners.let_in", request.user, organisation):
        return None
    waiting = Invitation.objects.pending().filter(organisation=organisation).select_related("invited_by")
    shown = list(waiting.order_by("-created_at", "-pk")[:5])
    return "partners/invitations_panel.html", {"organisation": organisation, "invitations": shown}


def invite_url(organisation, thing=None):
    """Return the address of the form, perhaps about a thing."""
    where = reverse("partners:invite", args=[organisation.slug])
    return f"{where}?{urlencode({'kind': thing.kind, 'id': thing.pk})}" if thing is not None else where


def invite_to(thing, request):
    """Let leads invite a colleague, who then lands on this page."""
    leads = rights_of(request.user).leads
    if not leads:
        return None
    offers = [(each, invite_url(each, thing)) for each in Organisation.objects.filter(pk__in=leads)[:5]]
    return "partners/invite_panel.html", {"offers": offers}


for place in ("project", "event"):
    panel(place, order=90)(invite_to)


@panel("organisation", order=40)
def listed_people(organisation, request):
    """Who of its staff chose to be listed to this reader, with a link to all of them in the finder."""
    context = listed_at(organisation, request.user)
    return ("people/listed.html", context) if context else None
