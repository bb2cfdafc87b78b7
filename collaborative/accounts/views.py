"""A person's own account: what it is, and the details they give about themselves."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from collaborative.accounts import second_factor, services
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
    kept = {each.type: each for each in Authenticator.objects.filter(user=user)}
    app, codes = kept.get(Authenticator.Type.TOTP), kept.get(Authenticator.Type.RECOVERY_CODES)
    change = _("Change")
    rows = [
        {
            "key": _("E-mail address"),
            "value": user.email,
            "change_url": reverse("account_email"),
            "change_label": change,
        },
        {
            "key": _("Password"),
            "value": _("Set") if user.has_usable_password() else _("None"),
            "change_url": reverse("account_change_password"),
            "change_label": change,
        },
        {
            "key": _("Second factor"),
            "value": _("On: an authenticator app") if app else _("Off"),
            "change_url": reverse("mfa_index" if app else "mfa_activate_totp"),
            "change_label": change if app else _("Set up"),
        },
    ]
    if codes:
        left = len(codes.wrap().get_unused_codes())
        rows.append(
            {
                "key": _("Recovery codes"),
                "value": _("%(left)s left") % {"left": left},
                "change_url": reverse("mfa_view_recovery_codes"),
                "change_label": _("See"),
            }
        )
    return rows


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
