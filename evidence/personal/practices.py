"""What practice sheets hold of people: who sent one in, whom to ask, who tried it, who hid a note."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collaborative.core.personal import impersonal, table
from collaborative.search.services import forget as forget_in_search
from collaborative.search.services import index
from evidence.models import Sheet, Tried
from evidence.states import PUBLIC_SHEETS, SheetState

SHEETS = _("As long as the practice sheet")


def leave_sheets(leaver):
    """Delete the person's drafts, and take their name and addresses out of the contacts of sheets."""
    for draft in Sheet.objects.filter(submitted_by=leaver.user, state=SheetState.DRAFT):
        forget_in_search(draft.kind, draft.pk)
        draft.delete()
    named = Q(pk__in=[])
    for word in filter(None, (leaver.name, *leaver.addresses)):
        named |= Q(contact__icontains=word)
    for sheet in Sheet.objects.filter(named):
        sheet.contact = ""
        sheet.save(update_fields=["contact"])
        if sheet.state in PUBLIC_SHEETS:
            forget_in_search(sheet.kind, sheet.pk)
            index(sheet)


table(
    "practice-sheets",
    covers=("evidence.Sheet.submitted_by", "evidence.Sheet.contact"),
    label=_("Practice sheets that you wrote"),
    purpose=_("So that you can go on writing, and hear what becomes of them"),
    kept=SHEETS,
    leaving=_(
        "Drafts are deleted; what was sent in stays as your organisation’s. A contact that names you is taken out"
    ),
    rows=lambda user: Sheet.objects.filter(submitted_by=user),
    columns={
        "title": _("Title"),
        "state": _("State"),
        "organisation__name": _("For"),
        "summary": _("In short"),
        "why": _("Why"),
        "conditions": _("Conditions"),
        "not_worked": _("What did not work"),
        "cost": _("Cost"),
        "contact": _("Contact"),
        "submitted_at": _("Sent in"),
        "returned_reason": _("Why it was given back"),
        "published_at": _("Published"),
    },
    erase=leave_sheets,
)

table(
    "practices-tried",
    covers=("evidence.Tried.user",),
    label=_("Your notes on practices that you tried"),
    purpose=_("So that others learn how a practice went elsewhere, and you can change what you wrote"),
    kept=SHEETS,
    leaving=_("Stay as notes of your organisation; your name never stood beside them"),
    rows=lambda user: Tried.objects.filter(user=user),
    columns={
        "sheet__title": _("Practice sheet"),
        "organisation__name": _("For"),
        "place": _("Where"),
        "result": _("Result"),
        "text": _("Your words"),
        "at": _("When"),
        "hidden_reason": _("Why it is hidden"),
    },
)

table(
    "practice-notes-hidden",
    covers=("evidence.Tried.hidden_by",),
    label=_("Notes on practices that you hid"),
    purpose=_("To show who decided, and why"),
    kept=SHEETS,
    leaving=_("The note stays hidden, with its reason and without your name"),
    rows=lambda user: Tried.objects.filter(hidden_by=user),
    columns={
        "sheet__title": _("Practice sheet"),
        "hidden_at": _("When"),
        "hidden_reason": _("Your reason"),
    },
)

impersonal("evidence.Tag.name", "a word by which practices are found")
