"""Where one is signed in: the list, and signing out there."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collaborative.accounts import services, sessions
from collaborative.accounts.devices import device
from collaborative.core.views import Page, act, guard

SHOWN = 50
"""At most so many are listed; all others end together."""


class SessionsPage(Page):
    """The browsers in which the reader is signed in, this one first."""

    template_name = "account/sessions.html"
    policy = "signed_in"

    def get_context_data(self, **kwargs):
        """Add the sessions, each with its device in words."""
        here = self.request.session.session_key
        rows = [
            {"session": each, "device": device(each.user_agent), "here": each.session_key == here}
            for each in sessions.open_sessions(self.request.user)[:SHOWN]
        ]
        rows.sort(key=lambda row: not row["here"])
        return super().get_context_data(**kwargs) | {"rows": rows, "others": sum(not row["here"] for row in rows)}


@require_POST
def end_session(request, pk):
    """Sign out in one other browser."""
    first = guard(request, "signed_in")
    if first:
        return first
    services.sign_out(request.user, pk, here=request.session.session_key)
    messages.success(request, _("You are signed out there."))
    return redirect("account_sessions")


end_session.policy = "signed_in"


@act("signed_in")
def end_other_sessions(request, thing):
    """Sign out everywhere else."""
    services.sign_out_elsewhere(request)
    return "account_sessions", _("You are signed out everywhere but here.")
