"""The letters about practice sheets, and when one no longer holds."""

from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice
from evidence.states import PUBLIC_SHEETS, SheetState


def _of_sheet(name, label, group="decisions", **more):
    template = f"evidence/letters/sheet_{name}.txt"
    notice(f"sheet.{name}", kind="sheet", label=label, group=group, template=template, **more)


_of_sheet(
    "submitted",
    _("A practice sheet waits for your decision"),
    still_true=lambda letter, sheet: sheet.state == SheetState.SUBMITTED,
)
_of_sheet(
    "published",
    _("Your practice sheet was published"),
    still_true=lambda letter, sheet: sheet.state in PUBLIC_SHEETS,
)
_of_sheet(
    "returned",
    _("Your practice sheet was given back to you"),
    required=True,
    still_true=lambda letter, sheet: bool(sheet.returned_reason) and sheet.state == SheetState.DRAFT,
)
_of_sheet(
    "retired",
    _("Your practice sheet was marked as no longer practised"),
    still_true=lambda letter, sheet: sheet.state == SheetState.RETIRED,
)
_of_sheet(
    "withdrawn",
    _("Your practice sheet was withdrawn"),
    required=True,
    still_true=lambda letter, sheet: sheet.state == SheetState.WITHDRAWN,
)
notice(
    "sheet.tried",
    kind="tried",
    label=_("Another partner tried your practice"),
    group="decisions",
    template="evidence/letters/sheet_tried.txt",
    related=("sheet", "organisation"),
    still_true=lambda letter, note: note.hidden_at is None,
)
notice(
    "tried.hidden",
    kind="tried",
    label=_("Your note on a practice was hidden"),
    group="requests",
    template="evidence/letters/tried_hidden.txt",
    related=("sheet", "organisation"),
    required=True,
    still_true=lambda letter, note: note.hidden_at is not None,
)
