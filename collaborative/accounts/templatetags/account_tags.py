"""What the account's pages, whose views are django-allauth's, have to know besides."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaborative.accounts import second_factor

register = template.Library()


@register.simple_tag
def wanted_page(request):
    """Return the page for which somebody has just set up a second factor, or an empty string."""
    return second_factor.wanted(request)


@register.simple_tag
def has_passkeys(user):
    """Say whether a person, who may still be on the way in, has a passkey."""
    return is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN])


@register.simple_tag
def last_factor(user):
    """Return whether the person has one second factor left, and whether what they do here needs one."""
    count = Authenticator.objects.filter(user=user, type__in=second_factor.FACTORS).count()
    return {"is_last": count == 1, "is_needed": second_factor.is_needed(user)}


@register.simple_tag
def passkey_words(key):
    """Return what is known of a passkey in a sentence: what it does, since when, and when it was last used."""
    on = lambda moment: date_format(timezone.localtime(moment), "j F Y")  # noqa: E731
    does = _("Signs you in alone.") if key.wrap().is_passwordless else _("Serves after your password.")
    used = _("Last used on %(day)s.") % {"day": on(key.last_used_at)} if key.last_used_at else _("Not used yet.")
    return " ".join([does, _("Added on %(day)s.") % {"day": on(key.created_at)}, used])
