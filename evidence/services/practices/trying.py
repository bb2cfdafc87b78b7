"""“We tried this”: notes of other partners, read by everyone."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from evidence.models import Sheet, Tried
from evidence.services.practices.deciding import sender
from evidence.services.practices.writing import locked
from evidence.states import SheetState
from partners.models import ProgrammePartner
from partners.rights import rights_of


def organisations_trying(user, sheet):
    """Return the ids of the person's organisations that are partners today and not the one whose sheet it is."""
    mine = rights_of(user).organisations - {sheet.organisation_id}
    parts = ProgrammePartner.objects.current().filter(organisation_id__in=mine)
    return set(parts.values_list("organisation_id", flat=True))


@transaction.atomic
def tell_of_try(sheet, *, by, organisation, place, result, text):
    """Add a note to a published sheet and return it; the same form sent again gives the same note.

    Raises ``Refused`` when the sheet is not published or the person cannot act for the organisation,
    ``PermissionDenied`` by policy.
    """
    sheet = locked(sheet)
    policies.require("practices.try", by, sheet)
    if sheet.state != SheetState.PUBLISHED:
        raise Refused(_("Notes can be added only while the sheet is published and practised."))
    if organisation.pk not in organisations_trying(by, sheet):
        raise Refused(_("You cannot write for this organisation. Choose another."))
    words = {"place": place, "result": result, "text": text}
    twin = Tried.objects.filter(sheet=sheet, user=by, organisation=organisation, **words).first()
    if twin:
        return twin
    note = Tried.objects.create(sheet=sheet, user=by, organisation=organisation, **words)
    record("tried.added", note, by=by, organisation_id=organisation.pk)
    event = f"tried.added:{note.pk}"
    tell("sheet.tried", note, to=sender(sheet), event=event, by=by, organisation_id=organisation.pk)
    return note


def _locked(note):
    Sheet.objects.select_for_update().get(pk=note.sheet_id)
    row = Tried.objects.select_for_update().filter(pk=note.pk).first()
    if row is None:
        raise Refused(_("This note was deleted meanwhile."))
    return row


@transaction.atomic
def change_note(note, *, by, place, result, text):
    """Change one's own note and return it; what is as before changes nothing."""
    row = _locked(note)
    policies.require("practices.tried", by, row)
    words = {"place": place, "result": result, "text": text}
    if all(getattr(row, name) == value for name, value in words.items()):
        return row
    for name, value in words.items():
        setattr(row, name, value)
    row.changed_at = timezone.now()
    row.save(update_fields=[*words, "changed_at"])
    record("tried.changed", row, by=by, organisation_id=row.organisation_id)
    return row


@transaction.atomic
def delete_note(note, *, by):
    """Delete one's own note for good."""
    row = _locked(note)
    policies.require("practices.tried", by, row)
    record("tried.deleted", row, by=by, organisation_id=row.organisation_id)
    row.delete()


@transaction.atomic
def hide_note(note, *, by, reason):
    """Hide a note from everyone but its writer and the coordinators, with a reason that the writer reads; return it."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why it is hidden: its writer reads your reason."))
    row = _locked(note)
    policies.require("practices.hide", by, row)
    if row.hidden_at:
        raise Refused(_("This note is hidden already."))
    row.hidden_at, row.hidden_by, row.hidden_reason = timezone.now(), by, reason
    row.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    record("tried.hidden", row, by=by)
    tell("tried.hidden", row, to=[row.user_id], event=f"tried.hidden:{row.pk}:{row.hidden_at.isoformat()}", by=by)
    return row


@transaction.atomic
def show_note(note, *, by):
    """Show a hidden note to everyone again; return it."""
    row = _locked(note)
    policies.require("practices.hide", by, row)
    if row.hidden_at is None:
        raise Refused(_("This note is shown already."))
    row.hidden_at, row.hidden_by, row.hidden_reason = None, None, ""
    row.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    record("tried.shown", row, by=by)
    return row
