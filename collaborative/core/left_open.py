"""Forms left open, over night or while somebody signed in again elsewhere: what was typed is not lost.

Each form that is shown to somebody signed in carries who that was, signed (``FIELD``; the tag ``csrf_token`` puts
it there). Then

- what is posted after their session ended is kept in this browser's anonymous session, and shown to the same person
  once they are signed in again;
- what is posted with an old token, from a page of ours, is shown with a new one;
- what is posted by somebody who is first asked to show that it is they is kept in the same way.

Nothing is sent by itself: the page has a button. Files and passwords are never kept, nor anything of the pages
for signing in. See docs/decisions/0007.
"""

import re
import time
from dataclasses import dataclass
from secrets import token_urlsafe
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode

from collaborative.core.views import Page

FIELD, NUMBER, KEPT = "filled_by", "left_open", "left_open"
MOST_BYTES, MOST_FORMS = 1_000_000, 5
HOURS = 24
"""How long what was typed is kept."""
NEVER = re.compile(r"passw|secret|csrfmiddlewaretoken|^(filled_by|left_open)$", re.IGNORECASE)
SIGNING_IN = "/accounts/"
AGAIN = ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn")
"""Pages on which somebody signed in shows that it is they."""
LONG = 80
"""Characters from which on a text is shown as one of several lines."""

_signer = signing.Signer(salt="collaborative.left_open")


@dataclass
class Typed:
    """What somebody typed into a form: its address, the fields, and whether it had files, which are not kept."""

    number: str
    path: str
    fields: list
    files: bool

    @property
    def shown(self):
        """The fields that hold words of theirs: ``[(name, label, value), …]``, to be read and changed."""
        return [(name, _label(name), value) for name, value in self.fields if _words(value)]

    @property
    def hidden(self):
        """The other fields, which are sent along."""
        return [(name, value) for name, value in self.fields if not _words(value)]


def _words(value):
    return len(value) > LONG or " " in value.strip() or "\n" in value


def _label(name):
    words = re.sub(r"^form-(\d+)-", lambda row: f"{int(row[1]) + 1}. ", name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def mark(user):
    """Return the signed word by which a form says for whom it was filled."""
    return _signer.sign(str(user.pk))


def filled_for(request):
    """Return for whose eyes the posted form was made, as the text of their id; None when it does not say."""
    try:
        return _signer.unsign(request.POST.get(FIELD, ""))
    except signing.BadSignature:
        return None


def typed(request):
    """Return what was posted, or None when there are no words in it, too many, or it was for signing in."""
    if request.path.startswith(SIGNING_IN):
        return None
    fields = [[name, value] for name, values in request.POST.lists() for value in values if not NEVER.search(name)]
    size = sum(len(name) + len(value.encode()) for name, value in fields)
    if size > MOST_BYTES or not any(value.strip() for _name, value in fields):
        return None
    return Typed(token_urlsafe(9), request.get_full_path(), fields, bool(request.FILES))


def kept_for(request):
    """Return what is kept in this session for the person who is signed in, the newest first."""
    rows = reversed(request.session.get(KEPT, []))
    return [_typed(row) for row in rows if row["for"] == str(request.user.pk) and _fresh(row)]


def _typed(row):
    return Typed(row["number"], row["path"], row["fields"], row["files"])


def _fresh(row):
    return row["at"] > time.time() - HOURS * 3600


def _keep(request, whom, form):
    """Keep a form in the session, as the newest of a few."""
    row = {"number": form.number, "for": whom, "path": form.path, "fields": form.fields, "files": form.files}
    rows = [each for each in request.session.get(KEPT, []) if _fresh(each) and each["fields"] != form.fields]
    request.session[KEPT] = [*rows, {**row, "at": time.time()}][-MOST_FORMS:]


def forget(request, number):
    """Forget one of the forms that are kept in this session."""
    rows = request.session.get(KEPT)
    if rows:
        request.session[KEPT] = [row for row in rows if row["number"] != number and _fresh(row)]


class LeftOpenMiddleware:
    """Keeps what is posted by somebody whose session has ended, and forgets it once it was sent again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method != "POST" or getattr(request, "token_refused", False):
            return response
        if request.user.is_authenticated:
            return _after(request, response)
        return (_stopped(response) and signed_out(request)) or response


def _after(request, response):
    """Forget a form that was sent again; keep one whose person is asked to show first that it is they."""
    if response.status_code != 302:
        return response
    where = urlsplit(response["Location"]).path
    if where in [reverse(name) for name in AGAIN]:
        form = typed(request)
        if form and form.shown and filled_for(request) == str(request.user.pk):
            _keep(request, str(request.user.pk), form)
            response["Location"] = f"{where}?{urlencode({'next': reverse('left_open')})}"
    elif NUMBER in request.POST:
        forget(request, request.POST[NUMBER])
    return response


def _stopped(response):
    """Say whether a visitor was turned away: led to sign in, or told that there is nothing or that they may not."""
    if response.status_code in (403, 404):
        return True
    pages = (resolve_url(settings.LOGIN_URL), reverse("admin:login"))
    return response.status_code == 302 and urlsplit(response["Location"]).path in pages


def signed_out(request):
    """Keep what somebody typed whose session has ended, and say how to go on; None where there is nothing to keep."""
    whom, form = filled_for(request), typed(request)
    if whom is None or form is None:
        return None
    _keep(request, whom, form)
    again = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': reverse('left_open')})}"
    return render(request, "errors/signed_out.html", {"again": again, "hours": HOURS, "form": form}, status=403)


def token_refused(request, reason=""):
    """Answer a POST whose token is not good: show what was typed, with a new token, to the person who typed it.

    Only when it comes from a page of ours, and was not filled for somebody else. Nothing is done by itself.
    """
    request.token_refused = True
    page = _own(request) and (_to_send_again(request) if request.user.is_authenticated else signed_out(request))
    return page or render(request, "403_csrf.html", status=403)


def _own(request):
    """Say whether a request comes from a page of ours; what does not say where it comes from does not."""
    own = f"{request.scheme}://{request.get_host()}"
    if "Origin" in request.headers:
        return request.headers["Origin"] == own
    return request.headers.get("Referer", "").startswith(f"{own}/")


def _to_send_again(request):
    if filled_for(request) not in (None, str(request.user.pk)):
        return None
    form = typed(request)
    return form and _page(request, [form], status=403)


def _page(request, forms, **more):
    return render(request, "errors/left_open.html", {"forms": forms, "long": LONG}, **more)


class LeftOpen(Page):
    """What somebody typed before their session ended, to be sent now or thrown away."""

    policy = "signed_in"

    def get(self, request):
        """Show it."""
        return _page(request, kept_for(request))

    def post(self, request):
        """Throw one away."""
        forget(request, request.POST.get(NUMBER, ""))
        return redirect("left_open")
