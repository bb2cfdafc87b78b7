"""A person's own account: what it is, and the details they give about themselves."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from collaborative.accounts import second_factor, services, sessions
from collaborative.accounts.forms import DetailsForm
from collaborative.core.views import FormPage, Page


class AccountPage(Page):
    """Everything that belongs to one's account, each with the place to change it."""

    template_name = "account/index.html"
    policy = "signed_in"

    def get_context_data(self, **kwargs):
        """Add the rows of the page."""
        return super().get_context_data(**kwargs) | {
            "details": details(self.request.user),
            "safety": safety(self.request.user),
        }


def details(user):
    """Return what the person says about themselves, as rows."""
    choose = {"change_url": reverse("notifications:preferences"), "change_label": _("Change")}
    return [
        {"key": _("Name"), "value": user.name or _("Not given"), **choose, "change_url": reverse("account_details")},
        {"key": _("Language"), "value": user.get_language_display() or _("As your browser asks"), **choose},
        {"key": _("Time zone"), "value": user.time_zone, **choose},
    ]


def safety(user):
    """Return how the person signs in, as rows."""
    kept = list(Authenticator.objects.filter(user=user))
    rows = [
        _row(_("E-mail address"), user.email, "account_email"),
        _row(_("Password"), _("Set") if user.has_usable_password() else _("None"), "account_change_password"),
        *_factor_rows(kept),
        _row(_("Signed in"), _signed_in(user), "account_sessions", _("See where")),
    ]
    joined = SocialAccount.objects.filter(user=user).count()
    if joined:
        said = ngettext("%(count)s leads here", "%(count)s lead here", joined) % {"count": joined}
        rows.append(_row(_("Your organisation’s sign-in"), said, "sign_on_links", _("See")))
    for codes in (each for each in kept if each.type == Authenticator.Type.RECOVERY_CODES):
        left = _("%(left)s left") % {"left": len(codes.wrap().get_unused_codes())}
        rows.append(_row(_("Recovery codes"), left, "mfa_view_recovery_codes", _("See")))
    return rows


def _factor_rows(kept):
    app = any(each.type == Authenticator.Type.TOTP for each in kept)
    keys = [str(each) for each in kept if each.type == Authenticator.Type.WEBAUTHN]
    add, change = _("Set up"), _("Change")
    return [
        _row(
            _("Authenticator app"),
            _("On") if app else _("Off"),
            "mfa_index" if app else "mfa_activate_totp",
            change if app else add,
        ),
        _row(
            _("Passkeys"),
            ", ".join(keys) or _("None"),
            "mfa_list_webauthn" if keys else "mfa_add_webauthn",
            change if keys else add,
        ),
    ]


def _signed_in(user):
    number = len(sessions.open_sessions(user))
    return ngettext("In %(number)s browser", "In %(number)s browsers", number) % {"number": number}


def _row(key, value, name, label=None):
    return {"key": key, "value": value, "change_url": reverse(name), "change_label": label or _("Change")}


class DetailsPage(FormPage):
    """The name by which others know the person."""

    template_name = "account/details.html"
    form_class = DetailsForm
    policy = "signed_in"

    def get_form_kwargs(self):
        """Begin with what is known."""
        return super().get_form_kwargs() | {"instance": self.request.user}

    def act(self, form):
        """Keep the details."""
        services.change_details(self.request.user, **form.cleaned_data)
        messages.success(self.request, _("Your details are changed."))
        return "account_index"


class SecondFactorNeeded(Page):
    """Says why a second factor is asked for, and leads to setting one up, and back to what was wanted."""

    template_name = "account/second_factor_needed.html"
    policy = "signed_in"

    def stopped(self):
        """Send on whoever has one already."""
        return redirect(self.wanted()) if second_factor.has_one(self.request.user) else None

    def wanted(self):
        """Return the page of this portal that was wanted, else the account's."""
        return second_factor.own_page(self.request, self.request.GET.get("next")) or reverse("account_index")

    def get_context_data(self, **kwargs):
        """Hand on what was wanted."""
        return super().get_context_data(**kwargs) | {"onward": urlencode({"next": self.wanted()})}


@require_POST
def choose_language(request):
    """Use a language in this browser from now on; for somebody signed in, everywhere and in letters to them."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        services.change_details(request.user, language=language)
    return set_language(request)


choose_language.policy = "public"
