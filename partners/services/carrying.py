"""What goes on in the successor of an organisation on the day: it ends in the one and begins in the other."""

from django.utils import timezone

from collaborative.audit.services import record, record_all
from collaborative.core.persons import person_changed
from collaborative.notifications.services import tell
from partners.models import Membership, ProgrammePartner, ThemeLead
from partners.states import InvitationState, RequestState

Role = Membership.Role


def carry_partnerships(old, new, *, on, by):
    """End the partnerships that last; begin them for the successor where it is no partner yet, in the same role."""
    there = {each.programme_id: each for each in new.partnerships.lasting().order_by("-starts_on", "-pk")}
    for part in ProgrammePartner.objects.lasting().filter(organisation=old).select_for_update().order_by("pk"):
        gap = _gap(part, there.get(part.programme_id), on)
        part.ends_on = max(on, part.starts_on)
        part.save(update_fields=["ends_on"])
        record("partnership.ended", part, by=by, organisation_id=old.pk)
        if gap:
            same = {"programme_id": part.programme_id, "role_id": part.role_id}
            begun = ProgrammePartner.objects.create(organisation=new, starts_on=gap[0], ends_on=gap[1], **same)
            record("partnership.started", begun, by=by, organisation_id=new.pk)


def _gap(old, there, on):
    """Return the first and last day of what goes on in the successor where nothing lasts as long; else None.

    ``there`` is what the successor has already, or None.
    """
    starts, ends = max(on, old.starts_on), old.ends_on
    if there is not None and there.starts_on > starts:
        ends = min(there.starts_on, ends or there.starts_on)
    elif there is not None and there.ends_on is None:
        return None
    elif there is not None:
        starts = max(starts, there.ends_on)
    return None if ends is not None and ends <= starts else (starts, ends)


def theme_leads_of(organisation):
    """Return the themes that an organisation leads or will lead."""
    return ThemeLead.objects.lasting().filter(organisation=organisation)


def carry_theme_leads(old, new, *, on):
    """Let the organisation's themes be led by the successor, by the same person; return ``{old id: new id}``."""
    moved = {}
    for lead in theme_leads_of(old).select_for_update().order_by("pk"):
        last, lead.ends_on = lead.ends_on, max(on, lead.starts_on)
        lead.save(update_fields=["ends_on"])
        same = {"programme_id": lead.programme_id, "theme_id": lead.theme_id, "side": lead.side, "title": lead.title}
        more = {"user_id": lead.user_id, "organisation": new, "starts_on": lead.ends_on, "ends_on": last}
        moved[lead.pk] = ThemeLead.objects.create(**same, **more).pk
    return moved


def carry_people(old, new, *, on, by):
    """End the memberships that last and begin them in the successor, in the same role; return ``{old id: new id}``.

    Who is a member there already stays what they are there, and becomes a lead if they led here.
    """
    ending = list(Membership.objects.lasting().filter(organisation=old).select_for_update().order_by("pk"))
    there = {each.user_id: each for each in new.memberships.lasting(on).order_by("-starts_on", "-pk")}
    pairs = [(each, _begun(each, there.get(each.user_id), new, on)) for each in ending]
    now = timezone.now()
    for each in ending:
        each.ends_on, each.departed_at = max(on, each.starts_on), now
    Membership.objects.bulk_update(ending, ["ends_on", "departed_at"], batch_size=500)
    begun = [made for _each, made in pairs if made is not None]
    Membership.objects.bulk_create(begun, batch_size=500)
    record_all("membership.ended", ending, by=by, organisation_id=old.pk)
    record_all("membership.started", begun, by=by, organisation_id=new.pk)
    _promote([there[each.user_id] for each, made in pairs if each.role == Role.LEAD and each.user_id in there], new, by)
    for each in ending:
        person_changed(each.user_id)
    return {each.pk: made.pk for each, made in pairs if made is not None}


def _begun(old, there, new, on):
    """Return the membership that goes on in the successor; None where one there lasts as long."""
    gap = _gap(old, there, on)
    if gap is None:
        return None
    same = {"user_id": old.user_id, "role": old.role, "title": old.title, "chosen_at": old.chosen_at}
    return Membership(organisation=new, starts_on=gap[0], ends_on=gap[1], **same)


def _promote(memberships, new, by):
    """Make members of the successor who led the old organisation its leads."""
    raised = [each for each in memberships if each.role != Role.LEAD]
    Membership.objects.filter(pk__in=[each.pk for each in raised]).update(role=Role.LEAD)
    record_all("membership.made_lead", raised, by=by, organisation_id=new.pk)


def carry_doors(old, new, *, by):
    """Let requests wait for the successor's answer, and tell who asked; take back those of its members.

    Invitations are taken back: what was offered is a place in the old organisation. Whoever sent them reads it in
    the letter about the merger.
    """
    now, inside = timezone.now(), Membership.objects.lasting().filter(organisation=new).values("user_id")
    asking = new.membership_requests.pending().values("user_id")
    waiting = old.membership_requests.pending()
    idle = list(waiting.filter(user__in=inside) | waiting.filter(user__in=asking))
    old.membership_requests.filter(pk__in=[each.pk for each in idle]).update(
        state=RequestState.WITHDRAWN, answered_at=now
    )
    record_all("membership_request.withdrawn", idle, by=None, organisation_id=old.pk)
    moved = list(waiting)
    waiting.update(organisation=new)
    record_all("membership_request.moved", moved, by=by, organisation_id=new.pk)
    for request in moved:
        request.organisation, event = new, f"membership_request.moved:{request.pk}:{new.pk}"
        tell("membership_request.moved", request, to=[request.user_id], event=event, by=by, organisation_id=new.pk)
    invited = list(old.invitations.filter(state=InvitationState.PENDING))
    old.invitations.filter(pk__in=[each.pk for each in invited]).update(
        state=InvitationState.WITHDRAWN, answered_at=now
    )
    record_all("invitation.withdrawn", invited, by=by, organisation_id=old.pk)
