"""From a title to a sheet that waits for a coordinator: drafts are kept, and sent in once they can be repeated."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.slugs import free_slug
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from evidence.models import SHEET_RESERVED_SLUGS, Sheet
from evidence.services.practices.checking import lacking
from evidence.services.practices.keeping import keep, marks, snapshot
from evidence.states import SUBMIT_SHEET, TAKE_BACK_SHEET, SheetState
from partners.models import ProgrammeRole
from projects.standing import require_standing

TRIES = 5


def coordinators(sheet):
    """Return the ids of the coordinators of a sheet's programme, as a queryset."""
    offices = ProgrammeRole.objects.current().filter(role=ProgrammeRole.Role.COORDINATOR)
    return offices.filter(programme=sheet.programme_id).values("user_id")


def locked(sheet):
    """Lock a sheet for this transaction and return it, freshly read; ``Refused`` when it is gone."""
    row = Sheet.objects.select_for_update().filter(pk=sheet.pk).first()
    if row is None:
        raise Refused(_("This sheet was discarded meanwhile."))
    return row


def begin(*, by, key, values, seen):
    """Keep a new draft and return it; the same form sent again (``key``) changes that draft instead.

    ``values`` are those of ``snapshot``. Raises ``PermissionDenied`` when the person may not submit sheets,
    ``Refused`` when they can no longer act for the organisation, and as ``revise`` does.
    """
    policies.require("practices.submit", by)
    for _try in range(TRIES):
        kept = Sheet.objects.filter(form_key=key, submitted_by=by).first()
        if kept is not None:
            return revise(kept, by=by, values=values, seen=seen)
        try:
            with transaction.atomic():
                return _create(by, key, values)
        except IntegrityError:
            continue  # another press of the button, or another draft of this title, was a moment quicker
    raise Refused(_("Your draft could not be kept just now. Please press the button again."))


def _create(by, key, values):
    require_standing(by, values["programme_id"], values["organisation_id"])
    sheet = Sheet.objects.create(
        slug=free_slug(Sheet, values["title"], SHEET_RESERVED_SLUGS),
        form_key=key,
        title=values["title"],
        programme_id=values["programme_id"],
        organisation_id=values["organisation_id"],
        submitted_by=by,
    )
    keep(sheet, values, marks(snapshot(sheet)))
    record("sheet.drafted", sheet, by=by, organisation_id=sheet.organisation_id, to_state=sheet.state)
    return sheet


@transaction.atomic
def revise(sheet, *, by, values, seen):
    """Change a draft and return it; ``seen`` are the marks of what its writer had in front of them.

    Raises ``Refused`` once it has been sent in, ``Changed`` where somebody changed the same part meanwhile,
    ``PermissionDenied`` for anyone but its writer.
    """
    draft = locked(sheet)
    if draft.state != SheetState.DRAFT:
        raise Refused(_("This sheet has been sent in and stands still. Take it back to change it."))
    policies.require("practices.edit", by, draft)
    require_standing(by, values["programme_id"], values["organisation_id"])
    draft.changed_at = timezone.now()
    if keep(draft, values, seen):
        record("sheet.revised", draft, by=by, organisation_id=draft.organisation_id)
    return draft


@transaction.atomic
def submit(sheet, *, by):
    """Send a draft in and return it; the coordinators of its programme are told.

    Raises ``Refused`` with what is missing or from a wrong state, ``PermissionDenied`` by policy.
    """
    draft = locked(sheet)
    if draft.state == SheetState.DRAFT:
        policies.require("practices.edit", by, draft)
        require_standing(by, draft.programme_id, draft.organisation_id)
        lacks = lacking(snapshot(draft))
        if lacks:
            raise Refused(" ".join(str(sentence) for sentence in lacks.values()))
    now = timezone.now()
    acting = draft.organisation_id
    sent = transition(
        draft, SUBMIT_SHEET, by=by, organisation_id=acting, submitted_at=now, changed_at=now, returned_reason=""
    )
    event = f"sheet.submitted:{sent.pk}:{now.isoformat()}"
    tell("sheet.submitted", sent, to=coordinators(sent), event=event, by=by, organisation_id=acting)
    return sent


@transaction.atomic
def take_back(sheet, *, by):
    """Take a sheet back that waits, to change it; return it. Coordinators no longer see it."""
    before = locked(sheet)
    return transition(before, TAKE_BACK_SHEET, by=by, organisation_id=before.organisation_id, submitted_at=None)


@transaction.atomic
def discard(sheet, *, by):
    """Delete a draft for good. Raises ``Refused`` once it has been sent in, ``PermissionDenied`` by policy."""
    draft = locked(sheet)
    if draft.state != SheetState.DRAFT:
        raise Refused(_("Only a draft can be discarded. Take the sheet back first."))
    policies.require("practices.edit", by, draft)
    record("sheet.discarded", draft, by=by, organisation_id=draft.organisation_id, from_state=draft.state)
    draft.delete()
