"""Who leads a theme, who of an organisation is listed, and the way in through one's organisation."""

from allauth.account.utils import get_next_redirect_url

from collaborative.core.panels import panel
from partners import reading
from partners.models import SignOn
from partners.people import listed_at


@panel("theme", order=10)
def of_theme(theme, request):
    """The pairs that lead the theme, and the programmes that work on it."""
    groups = reading.work_on(theme, request.user)
    return ("partners/theme_panel.html", {"groups": groups}) if groups else None


@panel("sign_in")
def sign_in_with_organisation(thing, request):
    """Offer the way through one's organisation, once any has its own sign-in here."""
    if not SignOn.objects.enabled().exists():
        return None
    return "socialaccount/offer.html", {"next": get_next_redirect_url(request) or ""}


@panel("organisation", order=40)
def listed_people(organisation, request):
    """Who of its staff chose to be listed to this reader, with a link to all of them in the finder."""
    context = listed_at(organisation, request.user)
    return ("people/listed.html", context) if context else None
