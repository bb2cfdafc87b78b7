"""What practice sheets add to the pages of themes, programmes, organisations and reviews, and to one's own page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core.panels import panel
from collaborative.vocabulary.models import Theme
from evidence.models import Sheet
from evidence.reading.in_hand import drafts, in_hand

SHOWN = 4


def _newest(rows, query=""):
    sheets = list(rows.published().for_lists().distinct()[: SHOWN + 1])
    if not sheets:
        return None
    more = f"{reverse('practices:list')}?{query}" if query and len(sheets) > SHOWN else ""
    return "evidence/practices/panel.html", {"sheets": sheets[:SHOWN], "more": more}


@panel("theme", order=25)
def sheets_on_theme(theme, request):
    """How it is done: the practice sheets on a theme."""
    return _newest(Sheet.objects.visible_to(request.user).filter(themes=theme), f"theme={theme.slug}")


@panel("programme", order=35)
def sheets_of_programme(programme, request):
    """The practice sheets of a programme."""
    rows = Sheet.objects.visible_to(request.user).filter(programme=programme)
    return _newest(rows, f"programme={programme.slug}")


@panel("organisation", order=35)
def sheets_of_organisation(organisation, request):
    """The practice sheets that an organisation has written."""
    return _newest(Sheet.objects.visible_to(request.user).filter(organisation=organisation))


@panel("review", order=40)
def sheets_beside_review(review, request):
    """How it is done: the practice sheets on the themes of a review."""
    themes = Theme.objects.filter(reviews=review).values("pk")
    return _newest(Sheet.objects.visible_to(request.user).filter(themes__in=themes))


@panel("me", order=14)
def my_sheets(user, request):
    """The drafts that a person can go on with, and the sheets that wait for them as a coordinator."""
    rows = drafts(user).order_by("-changed_at", "-pk")[:SHOWN] if in_hand(user)["drafts"] else ()
    tasks = [*_waiting(user), *(_draft(sheet) for sheet in rows)]
    return ("evidence/practices/waiting.html", {"tasks": tasks}) if tasks else None


@panel("admin", order=21)
def sheets_in_admin(user, request):
    """What waits for a coordinator, in the workshop."""
    tasks = _waiting(user)
    return ("admin/waiting.html", {"tasks": tasks}) if tasks else None


def _draft(sheet):
    back = sheet.returned_reason
    text = _("Given back to you: %(reason)s") % {"reason": back[:200]} if back else _("Draft, not sent in yet")
    return {"title": sheet.title, "text": text, "url": reverse("practices:edit", args=[sheet.slug])}


def _waiting(user):
    waiting = in_hand(user)["sheets"]
    if not waiting:
        return []
    words = ngettext("%(n)s practice sheet waits for you", "%(n)s practice sheets wait for you", waiting)
    listed = reverse("admin:evidence_sheet_changelist")
    text = _("Publish it, or give it back with your reason.")
    return [{"title": words % {"n": waiting}, "text": text, "url": f"{listed}?waiting=yes"}]
