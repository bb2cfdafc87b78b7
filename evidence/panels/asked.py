"""Requests for other formats and languages: on one's own page, on the desk, and the way to ask on a review's page."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core.panels import panel
from evidence.models import FormatRequest
from evidence.reading.in_hand import in_hand
from evidence.reading.languages import language_names
from evidence.states import AskedState

SHOWN = 5


@panel("me", order=13)
def asked_of_me(user, request):
    """How many requests wait for this person, and how many are late."""
    tasks = _tasks(user)
    return ("evidence/asked/waiting.html", {"tasks": tasks}) if tasks else None


def _tasks(user):
    found = in_hand(user)
    n, late = found["asked"], found["asked_late"]
    if not n:
        return []
    words = ngettext("%(n)s request for another format or language", "%(n)s requests for another format or language", n)
    text = _("Answer it: say how it can be done, or why not.")
    if late:
        text = ngettext("%(n)s is late.", "%(n)s are late.", late) % {"n": late}
    return [{"title": words % {"n": n}, "text": text, "url": reverse("evidence:asked") + "?state=open"}]


@panel("me", order=45)
def asked_by_me(user, request):
    """What the person asked for, and what became of it."""
    if not in_hand(user)["asked_by_me"]:
        return None
    rows = list(FormatRequest.objects.filter(user=user).select_related("review").order_by("-asked_at", "-pk")[:SHOWN])
    return ("evidence/asked/mine.html", {"rows": _worded(rows)}) if rows else None


@panel("desk", order=60)
def asked_of_review(review, request):
    """What readers ask for in this review."""
    rows = FormatRequest.objects.visible_to(request.user).filter(review=review)
    counts = rows.aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in AskedState.values},
    )
    if not any(counts.values()):
        return None
    waiting = list(rows.open().select_related("review").order_by("due_on", "pk")[:SHOWN])
    context = {"rows": _worded(waiting), "counts": counts, "url": reverse("evidence:asked")}
    return "evidence/asked/desk.html", context


def _worded(rows):
    names = language_names() if any(row.language for row in rows) else {}
    today = timezone.localdate()
    for row in rows:
        row.what = row.get_format_display() or names.get(row.language, row.language)
        row.late = row.waiting and row.due_on < today
    return rows
