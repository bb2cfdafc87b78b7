"""The second factor: who has one, whether it was used in this session, and where to go when not.

Coordinators, administrators and organisations' leads need it before what only they may do. Policies refuse
a person who has none (``required_of``), in services too; that it was *used in this session* only a view can know:

    @with_second_factor
    class InvitePage(FormPage):
        policy = "partners.let_in"

    @act("partners.let_in", model=Organisation)   # outermost
    @with_second_factor
    def remove_domain(request, organisation): ...

Whoever has none is led to the page that says why and where to set one up; whoever has not used it since this
session began is asked for it. Both come back to the page they wanted, from an act to the page of its thing.
"""

import time
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core.policies import ALLOWED, refusal

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""What counts; recovery codes alone do not."""

NEEDED = "account_second_factor_needed"
"""The name of the page that says why, and leads to setting one up."""

WANTED = "second_factor_wanted"
"""Where the session keeps the page that was wanted."""

RULES = []
"""Functions of a user; see ``needed_by``."""

MISSING = refusal(
    gettext_lazy("Set up a second factor first: an authenticator app or a passkey. You find it under “Account”."),
    remedy=NEEDED,
)


def has_one(user):
    """Say whether the person has set up a second factor; read once for the length of a request."""
    kept = getattr(user, "rights_kept", None)
    if kept is None:
        return is_mfa_enabled(user, FACTORS)
    if "second_factor" not in kept:
        kept["second_factor"] = is_mfa_enabled(user, FACTORS)
    return kept["second_factor"]


def needed_by(rule):
    """Register a function of a user that says whether what the person does here needs a second factor."""
    RULES.append(rule)
    return rule


def is_needed(user):
    """Say whether the person's present parts need a second factor."""
    return any(rule(user) for rule in RULES)


def required_of(user):
    """Return a policy's answer: allowed with a second factor, else a refusal that leads to setting one up."""
    return ALLOWED if has_one(user) else MISSING


def used_here(request):
    """Say whether the second factor was used in this session; one without records of its beginning does not count.

    A session that began with a password alone, before the second factor was set up, may be a stranger's.
    """
    return any(each["method"] == "mfa" for each in get_authentication_records(request, request.user))


def stopped(request, back=None):
    """Return where somebody who is signed in has to go first, or None when their second factor was used.

    They return to ``back``, which is the page asked for when nothing is given.
    """
    back = back or request.get_full_path()
    if not has_one(request.user):
        return redirect_to_login(back, reverse(NEEDED))
    if used_here(request):
        return None
    if request.method != "GET":
        messages.info(request, _("Nothing is done yet: show that it is you, then do it once more."))
    return redirect_to_login(back, reverse(_asked_at(request.user)))


def _asked_at(user):
    """Return the name of the page that asks for the factor the person has; codes are typed, passkeys are not."""
    has_app = is_mfa_enabled(user, [Authenticator.Type.TOTP])
    return "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"


def own_page(request, url):
    """Return an address if it is one of this portal, else an empty string."""
    return url if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()) else ""


def keep_wanted(request):
    """Remember, for half an hour, the page that somebody wanted who is setting up their first second factor."""
    page = own_page(request, request.GET.get("next"))
    if page:
        request.session[WANTED] = {"page": page, "until": time.time() + 30 * 60}


def wanted(request):
    """Return the page remembered by ``keep_wanted``, or an empty string."""
    kept = request.session.get(WANTED)
    return kept["page"] if kept and kept["until"] > time.time() else ""


def with_second_factor(view):
    """Demand the second factor, used in this session, before a page (a ``Guarded`` class) or below ``@act``.

    The page's policy, and ``visible_to``, answer first. See the top of this file.
    """
    if isinstance(view, type):
        view.stopped = lambda page: stopped(page.request)
        return view

    @wraps(view)
    def guarded(request, thing):
        first = stopped(request, thing.get_absolute_url() if thing is not None else "/me/")
        return (first.url, None) if first else view(request, thing)

    return guarded
