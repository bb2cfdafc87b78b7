"""What happens when somebody leaves an organisation: rights, sessions, letters, and what they led.

Rights end by themselves on the day. All else is seen to once: at once where the day is today or past, else by the
hourly job, however the last day got there.
"""

import logging

from django.db import transaction
from django.utils import timezone

from collaborative.accounts.models import User
from collaborative.accounts.services import end_sessions
from collaborative.audit.services import record
from collaborative.core import holdings
from collaborative.core.persons import person_changed
from collaborative.notifications.services import tell
from partners.intake.texts import LONGEST_REASON, text_of
from partners.models import Membership
from partners.services.belonging import locked_organisations
from partners.services.dated import ended, require
from partners.services.handing_on import ask_no_more, open_handovers, tell_responsible

logger = logging.getLogger(__name__)


@transaction.atomic
def end_membership(membership, *, by, ends_on=None, reason="", proposed=None):
    """End a membership on a day (today), from which on it gives nothing; return it.

    The person reads ``reason``. What they hold is handed on, from now on even when the day is to come;
    ``proposed`` are the people whom they name for it, by ``Held.key``. ``by=None`` is the portal itself.

    Raises ``Refused`` when it has ended already or would end before it began, ``PermissionDenied`` by policy.
    """
    locked_organisations(membership.organisation_id)
    by = by and User.objects.get(pk=by.pk)  # asked anew: of two leads who end each other, the second leads no more
    ending = ended(membership, "memberships.end", by=by, ends_on=ends_on)
    ending.ended_because = text_of(reason, LONGEST_REASON)
    ending.save(update_fields=["ended_because"])
    if ending.ended:
        _depart(ending, by, proposed)
    else:
        opened = open_handovers(ending.user, ending.organisation, by=by, proposed=proposed)
        _tell_person("membership.ending", ending, by)
        _tell_responsible(ending, opened, by)
    return ending


def leave(membership, *, by, ends_on=None, proposed=None):
    """Leave an organisation oneself on a day (today); return the membership. Raises as ``end_membership`` does."""
    require("memberships.leave", by, membership)
    return end_membership(membership, by=by, ends_on=ends_on, proposed=proposed)


def end_what_is_due():
    """See to all memberships whose last day has come; one that cannot be seen to stops no other."""
    due = Membership.objects.filter(ends_on__lte=timezone.localdate(), departed_at=None).order_by("ends_on", "pk")
    for membership in due:
        try:
            depart(membership)
        except Exception:
            logger.exception("a membership's end was not seen to", extra={"membership": membership.pk})


@transaction.atomic
def depart(membership, *, by=None, quiet=False):
    """See to all that follows from a membership that has ended, unless it was seen to."""
    locked_organisations(membership.organisation_id)
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation")
    ending = rows.get(pk=membership.pk)
    if ending.ended and ending.departed_at is None:
        _depart(ending, by, quiet=quiet)


def end_quietly(memberships, *, on, by, reason):
    """End memberships of a locked organisation on a day, today or past, and tell nobody but the people themselves."""
    for ending in memberships.select_related("user", "organisation").select_for_update(of=("self",)).order_by("pk"):
        ending.ends_on, ending.ended_because = max(on, ending.starts_on), reason
        ending.save(update_fields=["ends_on", "ended_because"])
        record("membership.ended", ending, by=by, organisation_id=ending.organisation_id)
        person_changed(ending.user_id)
        depart(ending, by=by, quiet=True)


def _depart(ending, by, proposed=None, quiet=False):
    """Let go of what the person has no more standing for, end their sessions, and tell those concerned.

    Somebody who is staff there by another membership has not left. Whoever was in by a mail domain that was
    taken off the list has heard that in a letter of its own, and those who answer for the organisation too.
    """
    user, organisation = ending.user, ending.organisation
    told = ending.admitted_by is not None and ending.admitted_by.removed_at is not None
    if not Membership.objects.current().filter(user=user, organisation=organisation).exists():
        holdings.has_left(user, organisation.pk, by=by)
        ask_no_more(user, organisation, by=by)
        opened = open_handovers(user, organisation, by=by, proposed=proposed)
        end_sessions(user)
        if not told:
            _tell_person("membership.ended", ending, by)
        if not quiet and (opened or not told):
            _tell_responsible(ending, opened, by)
        person_changed(user.pk)
    ending.departed_at = timezone.now()
    ending.save(update_fields=["departed_at"])


def _tell_person(key, ending, by):
    event = f"{key}:{ending.pk}:{ending.ends_on}"
    tell(key, ending, to=[ending.user_id], event=event, by=by, organisation_id=ending.organisation_id)


def _tell_responsible(ending, opened, by):
    """Tell the leads who leaves and what has to be handed on; the coordinators, when nobody leads any more.

    On a day that was announced before they hear again only of what is new.
    """
    organisation, user = ending.organisation, ending.user
    leaderless = (
        ending.role == Membership.Role.LEAD
        and not Membership.objects.leads_of(organisation).exclude(user=user).exists()
    )
    key = "organisation.leaderless" if leaderless else "organisation.left"
    tell_responsible(key, ending, opened, event=ending.ends_on, by=by)
