"""What somebody led for an organisation goes to somebody who was asked and said yes; until then it never moves.

Whatever changes here locks the organisation's row first, as everything does that changes who belongs to it: nobody
takes something over while they are leaving.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.models import User
from collaborative.audit.services import record
from collaborative.core import holdings
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from partners.intake.texts import LONGEST_MESSAGE, text_of
from partners.models import Handover, Membership
from partners.services.answering import responsible
from partners.services.belonging import locked_organisations
from partners.states import ASK_NO_MORE, ASK_TO_TAKE, CLOSE_HANDOVER, TAKE_NOT_OVER, TAKE_OVER, HandoverState


def responsible_for(handover):
    """Return the people who choose who takes something over, by name."""
    programmes = [handover.programme_id] if handover.programme_id else None
    return responsible(handover.organisation, programmes=programmes, without=handover.held_by_id)


def tell_responsible(key, membership, opened, *, event, by):
    """Tell those who answer for an organisation, without somebody whose place there ends or changes.

    ``opened`` is what has to be handed on, ``event`` what makes this happening another than the last.
    """
    organisation, user = membership.organisation, membership.user
    parts = organisation.partnerships.lasting().values_list("programme_id", flat=True)
    programmes = {*parts, *(each.programme_id for each in opened if each.programme_id)}
    tell(
        key,
        organisation,
        to=responsible(organisation, programmes=programmes, without=user).values("pk"),
        event=f"{key}:{membership.pk}:{event}",
        by=by,
        organisation_id=organisation.pk,
        data={"membership": membership.pk},
    )


def open_handovers(user, organisation, *, by, proposed=None, only=None):
    """Open the handing on of all that a person holds for an organisation; return what was opened.

    ``only`` names the one sort of holding that is meant. ``proposed`` are the people whom the holder named, by
    ``Held.key``. What is being handed on already stays as it is. Raises ``Refused`` when somebody who was named
    cannot take it over.
    """
    named = proposed or {}
    found = [each for each in holdings.held(user, organisation.pk) if only in (None, each.holding)]
    return [_opened(each, user, organisation, by, named.get(each.key)) for each in found]


def _opened(held, user, organisation, by, proposed):
    holding = holdings.find(held.holding)
    if proposed is not None:
        _require_eligible(holding, holding.row(held.pk), proposed)
    made = Handover.objects.create(
        holding=held.holding,
        object_id=held.pk,
        organisation=organisation,
        programme_id=held.programme_id,
        held_by=user,
        proposed=proposed,
    )
    record("handover.opened", made, by=by, organisation_id=organisation.pk, to_state=made.state)
    return made


def _require_eligible(holding, row, person):
    if not holding.eligible(row).filter(pk=person.pk).exists():
        raise Refused(_("%(name)s cannot take this over. Choose somebody else.") % {"name": person})


@transaction.atomic
def ask(handover, person, *, by):
    """Ask somebody of the organisation to take something over; they get a letter. Return the handover.

    Raises ``PermissionDenied`` by policy, and ``Refused`` when somebody is asked already, when the person
    cannot take it over or when nobody has to any more.
    """
    locked, holding, row = _locked(handover)
    if locked.state == HandoverState.ASKED:
        raise Refused(_("%(name)s is asked already.") % {"name": locked.asked})
    asked = _moved(locked, ASK_TO_TAKE, by, asked=person, asked_at=timezone.now(), answer="")
    _require_needed(holding, row)
    _require_eligible(holding, row, person)
    _tell(asked, "asked", [person.pk], by, asked.asked_at)
    return asked


@transaction.atomic
def release(handover, *, by):
    """Take the question back, so that somebody else can be asked; return the handover."""
    locked, _holding, _row = _locked(handover)
    return _moved(locked, ASK_NO_MORE, by)


@transaction.atomic
def take_over(handover, *, by):
    """Take over what one was asked for: now it moves. Those who asked are told. Return the handover.

    Raises ``PermissionDenied`` for anybody else, and ``Refused`` when the person can no longer take it
    over or nobody has to any more.
    """
    locked, holding, row = _locked(handover)
    person = _afresh(by)
    taken = _moved(locked, TAKE_OVER, by, settled_at=timezone.now())
    _require_needed(holding, row)
    if not holding.eligible(row).filter(pk=person.pk).exists():
        raise Refused(
            _("You can no longer take this over: it is for staff of %(name)s.") % {"name": locked.organisation}
        )
    holding.hand_over(row, to=person, by=person)
    _tell(taken, "taken", responsible_for(taken).values("pk"), by, taken.settled_at)
    return taken


@transaction.atomic
def decline(handover, *, by, words=""):
    """Say no, perhaps with a message; those who have to find somebody are told. Return the handover."""
    words = text_of(words, LONGEST_MESSAGE)
    locked, _holding, _row = _locked(handover)
    declined = _moved(locked, TAKE_NOT_OVER, by, answer=words)
    _tell(declined, "declined", responsible_for(declined).values("pk"), by, timezone.now())
    return declined


@transaction.atomic
def close(handover, *, by):
    """Let nobody take it over: it stays with whoever is still staff, else it ends. Return the handover.

    Raises ``Refused`` where somebody must have it.
    """
    locked, holding, row = _locked(handover)
    closed = _moved(locked, CLOSE_HANDOVER, by, settled_at=timezone.now())
    if holding.needed(row) and not _stays(locked):
        holding.vacate(row, by=_afresh(by))
    return closed


def _stays(handover):
    """Say whether the holder is staff of the organisation with no end in sight."""
    here = Membership.objects.current().filter(user=handover.held_by_id, organisation=handover.organisation_id)
    return here.filter(ends_on=None).exists()


def close_what_is_settled():
    """Close what nobody has to take over any more: the portal's own act, done as often as one likes."""
    for handover in Handover.objects.unsettled().order_by("pk"):
        with transaction.atomic():
            locked, holding, row = _locked(handover)
            if locked.state in CLOSE_HANDOVER.sources and not holding.needed(row):
                transition(locked, CLOSE_HANDOVER, by=None, settled_at=timezone.now())


def ask_no_more(user, organisation, *, by):
    """Free what somebody who leaves was asked to take over, and tell those who have to find somebody else."""
    asked = Handover.objects.filter(asked=user, organisation=organisation, state=HandoverState.ASKED)
    for handover in asked.select_related("organisation"):
        freed = transition(handover, ASK_NO_MORE, by=None, organisation_id=organisation.pk)
        _tell(freed, "open", responsible_for(freed).values("pk"), by, timezone.now())


def _locked(handover):
    """Return the handover read again behind the lock of its organisation, its holding and the row that is held."""
    while True:
        organisation_id = handover.organisation_id
        locked_organisations(organisation_id)
        shown = ("organisation", "asked")
        handover = Handover.objects.select_related(*shown).get(pk=handover.pk)
        if handover.organisation_id == organisation_id:  # a merger may have moved it meanwhile
            break
    holding = holdings.find(handover.holding)
    return handover, holding, holding.row(handover.object_id)


def _moved(handover, move, by, **changes):
    return transition(handover, move, by=_afresh(by), organisation_id=handover.organisation_id, **changes)


def _afresh(person):
    """Return a person read again, whose rights are asked anew: they may have changed since the request began."""
    return User.objects.get(pk=person.pk)


def _require_needed(holding, row):
    if not holding.needed(row):
        raise Refused(_("Nobody has to take this over any more."))


def _tell(handover, what, to, by, at):
    key = f"handover.{what}"
    event = f"{key}:{handover.pk}:{at:%Y%m%d%H%M%S%f}"
    tell(key, handover, to=to, event=event, by=by, organisation_id=handover.organisation_id)
