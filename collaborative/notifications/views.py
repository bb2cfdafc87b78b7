"""A person's notifications, choices and follows."""

from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collaborative.core import kinds
from collaborative.core.policies import require
from collaborative.core.views import FormPage, ListPage, act
from collaborative.notifications import services
from collaborative.notifications.forms import PreferencesForm
from collaborative.notifications.models import Letter
from collaborative.notifications.queries import chosen_by, follows_of, shown

LIST = reverse_lazy("notifications:notifications")


class Notifications(ListPage):
    """What the person was told, newest first, by day. A link leads straight to the thing; reading marks nothing."""

    policy = "signed_in"
    model = Letter
    template_name = "me/notifications.html"

    def get_queryset(self):
        """Return the person's letters in the portal."""
        return super().get_queryset().order_by("-created_at", "-pk")

    def get_context_data(self, **kwargs):
        """Add the things, by day."""
        context = super().get_context_data(**kwargs)
        told = shown(context["object_list"], self.request.user)
        days = [(day, list(each)) for day, each in groupby(told, key=lambda each: each.day)]
        newest = max((each.letter.pk for each in told), default=None)
        return context | {"days": days, "newest": newest}


@act("notifications.own", model=Letter, lookup="pk")
def read(request, letter):
    """Mark one notification as read."""
    services.mark_read(request.user, letter)
    return LIST, ""


@act("signed_in")
def read_all(request, thing):
    """Mark all that the person could see on the page as read; what came meanwhile stays unread."""
    up_to = request.POST.get("up_to", "")
    services.mark_all_read(request.user, up_to=int(up_to) if up_to.isdecimal() and len(up_to) < 19 else None)
    return LIST, _("All marked as read.")


class Preferences(FormPage):
    """Language, time zone, how often mail comes, and what the person follows."""

    policy = "signed_in"
    form_class = PreferencesForm
    template_name = "me/preferences.html"

    def get_initial(self):
        """Start from what holds now."""
        return chosen_by(self.request.user)

    def get_context_data(self, **kwargs):
        """Add what the person follows."""
        return super().get_context_data(**kwargs) | {"follows": follows_of(self.request.user)}

    def form_valid(self, form):
        """Keep the choice, and let this browser use the language from now on."""
        response = super().form_valid(form)
        remember_language(response, form.cleaned_data["language"])
        return response

    def act(self, form):
        """Keep what was chosen."""
        chosen = form.cleaned_data
        services.choose(
            self.request.user,
            language=chosen["language"],
            time_zone=chosen["time_zone"],
            frequencies=form.frequencies(),
        )
        messages.success(self.request, _("Your choices are kept."))
        return "notifications:preferences"


def remember_language(response, language):
    """Set the cookie that decides this browser's language, or take it away for none."""
    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def followed_act(function):
    """Turn ``(user, thing) -> sentence`` into a POST-only act on the thing that the form names.

    Unseen or unknown is 404. Someone signed out goes to sign in, and then to the page they came from.
    """

    @require_POST
    def view(request):
        thing = named_thing(request)
        where = next_page(request) or thing.get_absolute_url()
        if not request.user.is_authenticated:
            return redirect_to_login(where)
        require(view.policy, request.user, thing)
        messages.success(request, function(request.user, thing))
        return redirect(where)

    view.policy = "notifications.follow"
    return view


def named_thing(request):
    """Return the thing of the form's ``kind`` and ``id``; 404 when the person may not see it."""
    kind, pk = request.POST.get("kind", ""), request.POST.get("id", "")
    if kind not in kinds.names() or not pk.isdecimal() or len(pk) > 18:
        raise Http404
    thing = kinds.find(kind, int(pk), request.user)
    if thing is None:
        raise Http404
    return thing


def next_page(request):
    """Return the form's ``next`` when it is a page of this portal."""
    where = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(where, {request.get_host()}, require_https=request.is_secure())
    return where if safe else ""


@followed_act
def follow(user, thing):
    """Follow a thing."""
    services.follow(user, thing.kind, thing.pk)
    return _("You follow “%(title)s”. What is new comes in one mail a day.") % {"title": thing}


@followed_act
def unfollow(user, thing):
    """Stop following a thing."""
    services.unfollow(user, thing.kind, thing.pk)
    return _("You no longer follow “%(title)s”.") % {"title": thing}
