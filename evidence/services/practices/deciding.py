"""What coordinators decide about practice sheets: publish, give back, retire, revive, withdraw."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.models import User
from collaborative.core.errors import Refused
from collaborative.notifications.services import announce, tell, topics_of
from collaborative.search import services as search
from collaborative.workflow.services import transition
from evidence.models import Sheet
from evidence.states import PUBLISH_SHEET, RETIRE_SHEET, RETURN_SHEET, REVIVE_SHEET, WITHDRAW_SHEET
from projects.standing import standings


def sender(sheet):
    """Return the ids of those who hear what becomes of a sheet: whoever sent it in."""
    return [sheet.submitted_by_id] if sheet.submitted_by_id else []


def _tell(word, sheet, by):
    event = f"sheet.{word}:{sheet.pk}:{timezone.now().isoformat()}"
    tell(f"sheet.{word}", sheet, to=sender(sheet), event=event, by=by)


def _can_go_on(sheet):
    """Say whether whoever sent it in still has an account, and an organisation for which to write."""
    writer = User.objects.filter(pk=sheet.submitted_by_id, is_active=True, anonymised_at=None).first()
    return writer is not None and standings(writer).exists()


def _due(reason, sentence):
    reason = reason.strip()
    if not reason:
        raise Refused(sentence)
    return reason


@transaction.atomic
def publish(sheet, *, by):
    """Show a sheet that waits to everyone; return it. Its sender is told, followers hear of it.

    Raises ``Refused`` from a wrong state, ``PermissionDenied`` for anyone but a coordinator, and for the
    coordinator who sent it in.
    """
    now = timezone.now()
    published = transition(
        sheet, PUBLISH_SHEET, by=by, published_at=sheet.published_at or now, changed_at=now, returned_reason=""
    )
    search.index(published)
    _tell("published", published, by)
    announce(published, event=f"sheet.published:{published.pk}", topics=topics_of(published), by=by)
    return published


@transaction.atomic
def give_back(sheet, *, by, reason):
    """Give a sheet back to whoever sent it in, with the reason; return it. It is their draft again.

    Raises ``Refused`` without a reason, from a wrong state, and when nobody is left who could go on with it;
    ``PermissionDenied`` as ``publish``.
    """
    reason = _due(reason, _("Say what is missing: whoever sent it in reads your reason."))
    returned = transition(sheet, RETURN_SHEET, by=by, returned_reason=reason)
    if not _can_go_on(returned):
        raise Refused(
            _("Whoever sent this in has left and could not change it. Mend it in the workshop, then publish it.")
        )
    _tell("returned", returned, by)
    return returned


@transaction.atomic
def retire(sheet, *, by, reason):
    """Say of a published sheet that it is no longer practised, and why; everyone still reads it. Return it."""
    reason = _due(reason, _("Say why it is no longer practised: the sheet shows it."))
    retired = transition(sheet, RETIRE_SHEET, by=by, retired_reason=reason, changed_at=timezone.now())
    search.index(retired)
    _tell("retired", retired, by)
    return retired


@transaction.atomic
def revive(sheet, *, by):
    """Say of a retired sheet that it is practised again; return it."""
    revived = transition(sheet, REVIVE_SHEET, by=by, retired_reason="", changed_at=timezone.now())
    search.index(revived)
    return revived


@transaction.atomic
def withdraw(sheet, *, by, reason):
    """Take a sheet from its readers for good, leaving a tombstone with the reason; return it."""
    reason = _due(reason, _("Say why it is withdrawn: the tombstone shows it."))
    withdrawn = transition(sheet, WITHDRAW_SHEET, by=by, withdrawn_at=timezone.now(), withdrawn_reason=reason)
    search.remove(Sheet.kind, withdrawn.pk)
    _tell("withdrawn", withdrawn, by)
    return withdrawn
