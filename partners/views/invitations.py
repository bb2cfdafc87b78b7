"""The page to which a letter of invitation leads. Looking at it changes nothing: link scanners look at everything."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collaborative.core import policies
from collaborative.core.views import Page
from partners.models import Invitation
from partners.services import invitations


class InvitationPage(Page):
    """Who invites whom to what, and the answers that this reader can give."""

    policy = "public"
    template_name = "partners/invitation.html"

    def get(self, request, *args, **kwargs):
        """Show the invitation; every link that leads to none that holds gets the same page."""
        self.invitation = Invitation.objects.by_token(kwargs["token"])
        if not shown_to(self.invitation, request.user):
            return gone(request)
        response = super().get(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def get_context_data(self, **kwargs):
        """Add the invitation and what the reader may do with it."""
        user, invitation = self.request.user, self.invitation
        return super().get_context_data(
            invitation=invitation,
            accepted=taken_up(invitation, user),
            landing=invitations.landing(invitation, user) if taken_up(invitation, user) else "",
            may_accept=policies.ask("invitations.accept", user, invitation),
            about=invitations.about_for(invitation, user),
            **kwargs,
        )


def taken_up(invitation, user):
    """Say whether this very reader has accepted the invitation."""
    return user.is_authenticated and invitation.accepted_by_id == user.pk


def shown_to(invitation, user):
    """Say whether there is an invitation to show: one that holds, or one's own accepted one."""
    return invitation is not None and (taken_up(invitation, user) or invitations.holds(invitation))


def gone(request):
    """Answer a link that is wrong, used, withdrawn or too old, the same for all of them."""
    response = TemplateResponse(request, "partners/invitation_gone.html", status=404)
    add_never_cache_headers(response)
    return response


def answer(function):
    """Turn ``(request, invitation) -> where to go`` into a POST-only act of whoever has the link."""

    @require_POST
    @wraps(function)
    def view(request, token):
        invitation = Invitation.objects.by_token(token)
        if not shown_to(invitation, request.user):
            return gone(request)
        return redirect(function(request, invitation))

    view.policy = "public"
    return view


@answer
def start(request, invitation):
    """Go to sign in, or to make an account even while that is closed to others, and come back here."""
    carry(request, invitation)
    page = "account_login" if request.POST.get("way") == "sign_in" else "account_signup"
    return f"{reverse(page)}?{urlencode({'next': invitation.get_absolute_url()})}"


@answer
def accept(request, invitation):
    """Become a member, and land on what the invitation is about."""
    if not request.user.is_authenticated:
        return invitation
    accepted = invitations.accept(invitation, by=request.user)
    put_down(request)
    words = _("Welcome: you take part for %(organisation)s now.") % {"organisation": accepted.organisation}
    messages.success(request, words)
    return invitations.landing(accepted, request.user)


@answer
def decline(request, invitation):
    """Say no, which needs no account."""
    if taken_up(invitation, request.user):
        return invitation
    invitations.decline(invitation, by=request.user if request.user.is_authenticated else None)
    put_down(request)
    messages.success(request, _("You said no, and whoever invited you will hear it. We will not ask again."))
    return "home"


CARRIED = "invitation"
"""Where the session keeps the token of the invitation that somebody came with."""


def carry(request, invitation):
    """Remember in the session that somebody came with this invitation."""
    request.session[CARRIED] = invitation.token


def put_down(request):
    """Forget the invitation that somebody came with."""
    request.session.pop(CARRIED, None)


def carried_by(request):
    """Return the invitation that this browser's session carries, while it holds; else None."""
    token = request.session.get(CARRIED) if hasattr(request, "session") else None
    invitation = Invitation.objects.by_token(token) if token else None
    return invitation if invitation is not None and invitations.holds(invitation) else None
