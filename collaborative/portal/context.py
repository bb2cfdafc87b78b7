"""What every template may use."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from collaborative.core import policies
from collaborative.notifications.services import unread_count

SECTIONS = (
    (_("Evidence"), "evidence:list", "/evidence/"),
    (_("Projects"), "projects:list", "/projects/"),
    (_("Themes"), "themes:list", "/themes/"),
    (_("Training"), "training:list", "/training/"),
    (_("Partners"), "partners:list", "/partners/"),
)


def portal(request):
    """Return the names, the menu and what the reader may reach."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "site_name": settings.SITE_NAME,
        "site_tagline": settings.SITE_TAGLINE,
        "site_url": settings.SITE_URL,
        "operator_name": settings.OPERATOR_NAME,
        "operator_contact": settings.OPERATOR_CONTACT,
        "demo": settings.DEMO,
        "languages": settings.LANGUAGES,
        "nav": [
            {"label": label, "url": reverse(name), "current": request.path.startswith(start)}
            for label, name, start in SECTIONS
        ],
        "may_join": SimpleLazyObject(lambda: not signed_in and get_adapter(request).is_open_for_signup(request)),
        "may_admin": SimpleLazyObject(lambda: signed_in and bool(policies.ask("portal.admin", user))),
        "unread_count": SimpleLazyObject(lambda: unread_count(user) if signed_in else 0),
    }
