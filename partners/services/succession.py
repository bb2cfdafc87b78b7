"""An organisation becomes part of another: what goes on goes on there, and what was stays as it was."""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.models import User
from collaborative.audit.services import record
from collaborative.core import holdings, policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.search.services import index
from partners.intake.texts import LONGEST_REASON, text_of
from partners.models import Handover, Membership, Organisation, Succession
from partners.services import carrying
from partners.services.answering import coordinators_of
from partners.services.belonging import locked_organisations
from partners.services.ending import end_quietly

logger = logging.getLogger(__name__)


@transaction.atomic
def succeed(organisation, successor, *, on, by, reason, carry_people):
    """Decide that an organisation becomes part of another on a day; return the ``Succession``.

    Where the day is today or past it is carried out at once, else by the job on that day: until then nothing
    changes. ``carry_people`` takes the members over; else their memberships end.

    Raises ``PermissionDenied`` by policy, and ``Refused`` for an organisation that ended or of which it was decided
    already, for a circle, for a successor that has ended by then, and for a day on which one did not exist yet.
    """
    old, new = _both_locked(organisation, successor)
    check(old, new, on=on, by=by)
    made = Succession.objects.create(
        organisation=old,
        successor=new,
        on=on,
        reason=text_of(reason, LONGEST_REASON, _("Give the reason: those concerned read it.")),
        carry_people=carry_people,
        decided_by=by,
    )
    record("organisation.succession_decided", old, by=by)
    if on <= timezone.localdate():
        _carry_out(made, by)
    else:
        _tell("organisation.merging", made, _concerned(old) | _concerned(new), by)
    return made


def check(old, new, *, on, by):
    """Raise what ``succeed`` would raise, and do nothing."""
    by = User.objects.get(pk=by.pk)
    policies.require("organisations.succeed", by, old)
    if new.partnerships.lasting().exists():  # else it would bring people into what a coordinator does not run
        policies.require("partners.manage", by, new)
    _refuse(old, new, on)


@transaction.atomic
def call_off(succession, *, by):
    """Take the decision back before its day; return it. Raises ``Refused`` once it is carried out."""
    locked_organisations(succession.organisation_id)
    planned = Succession.objects.select_related("organisation").get(pk=succession.pk)
    policies.require("organisations.succeed", by, planned.organisation)
    if planned.carried_out_at or planned.called_off_at:
        raise Refused(_("This was carried out or called off already."))
    planned.called_off_at = timezone.now()
    planned.save(update_fields=["called_off_at"])
    record("organisation.succession_called_off", planned.organisation, by=by)
    return planned


def standing():
    """Return the decisions that were not called off."""
    return Succession.objects.filter(called_off_at=None)


def _both_locked(organisation, successor):
    """Return both, locked with all organisations that ever were part of a merger: no circle closes meanwhile."""
    pairs = standing().values_list("organisation_id", "successor_id")
    ties = Organisation.objects.exclude(successor=None).values_list("pk", "successor_id")
    tied = {pk for pair in [*pairs, *ties] for pk in pair}
    locked = {each.pk: each for each in locked_organisations(organisation.pk, successor.pk, *tied)}
    return locked[organisation.pk], locked[successor.pk]


def _refuse(old, new, on):
    """Raise ``Refused`` with the reason why this cannot be."""
    if old.pk == new.pk:
        raise Refused(_("An organisation cannot become part of itself."))
    if standing().filter(organisation=old).exists():
        raise Refused(_("It is decided already what %(name)s becomes part of.") % {"name": old})
    if old.past:
        raise Refused(_("%(name)s has ended already.") % {"name": old})
    if old.pk in followers_of(new):
        raise Refused(_("That is a circle: %(name)s becomes part of %(other)s.") % {"name": new, "other": old})
    _refuse_day(old, new, on)


def _refuse_day(old, new, on):
    """Raise ``Refused`` where one of the two does not exist on the day."""
    for each in (old, new):
        if each.valid_from and on < each.valid_from:
            raise Refused(_("%(name)s did not exist yet on that day.") % {"name": each})
    if old.valid_to and old.valid_to < on:
        raise Refused(_("%(name)s ends before that day.") % {"name": old})
    if _gone_on(new, on):
        raise Refused(_("%(name)s will have ended by then. Choose what it becomes part of.") % {"name": new})


def followers_of(organisation):
    """Return the ids of all that an organisation becomes or became part of, one after the other."""
    next_of = dict(Organisation.objects.exclude(successor=None).values_list("pk", "successor_id"))
    next_of |= dict(standing().values_list("organisation_id", "successor_id"))
    met, here = set(), organisation.pk
    while here in next_of and here not in met:
        met.add(here)
        here = next_of[here]
    return met | {here}


def _gone_on(organisation, day):
    """Say whether an organisation no longer exists on a day, as far as is decided."""
    if organisation.valid_to and organisation.valid_to <= day:
        return True
    return standing().filter(organisation=organisation, on__lte=day).exists()


def carry_out_what_is_due():
    """Carry out what was decided for today or before, in the order of its days; one that fails stops no other."""
    for planned in Succession.objects.planned().filter(on__lte=timezone.localdate()).order_by("on", "pk"):
        try:
            carry_out(planned)
        except Exception:
            logger.exception("a merger was not carried out", extra={"succession": planned.pk})


@transaction.atomic
def carry_out(succession):
    """Carry out a decision whose day has come, unless that was done."""
    _both_locked(succession.organisation, succession.successor)
    shown = ("organisation", "successor")
    planned = Succession.objects.select_related(*shown).get(pk=succession.pk)
    if planned.carried_out_at is None and planned.called_off_at is None and planned.on <= timezone.localdate():
        _carry_out(planned, None)


def _carry_out(succession, by):
    """Let what lasts end on the day and go on in the successor, in one act, so that no right lapses in between."""
    old, new, on = succession.organisation, succession.successor.now(), succession.on
    if new.past:
        raise Refused(_("%(name)s has ended already.") % {"name": new})
    people = Membership.objects.lasting().filter(organisation=old)
    concerned = set(people.values_list("user_id", flat=True)) | _concerned(old) | _concerned(new)
    carrying.carry_partnerships(old, new, on=on, by=by)
    moved = {"theme_lead": carrying.carry_theme_leads(old, new, on=on)}
    if succession.carry_people:
        moved["organisation_lead"] = carrying.carry_people(old, new, on=on, by=by)
    for each in holdings.all_carried():
        moved |= each.carry(old, new, on=on) or {}
    _follow(old, new, moved)
    if not succession.carry_people:
        end_quietly(people, on=on, by=by, reason=succession.reason)
        Handover.objects.unsettled().filter(organisation=old).update(organisation=new)
    carrying.carry_doors(old, new, by=by)
    old.valid_to, old.successor = on, new
    old.save(update_fields=["valid_to", "successor"])
    succession.carried_out_at = timezone.now()
    succession.save(update_fields=["carried_out_at"])
    record("organisation.succeeded", old, by=by)
    index(old)
    index(new)
    _tell("organisation.merged", succession, concerned, by)


def _follow(old, new, moved):
    """Let what is being handed on go on in the successor, and point at the rows that go on."""
    for handover in Handover.objects.unsettled().filter(organisation=old):
        handover.organisation = new
        handover.object_id = moved.get(handover.holding, {}).get(handover.object_id, handover.object_id)
        handover.save(update_fields=["organisation", "object_id"])


def _concerned(organisation):
    """Return the ids of an organisation's leads and of the coordinators of its programmes."""
    offices = (Membership.objects.leads_of(organisation), coordinators_of(organisation))
    return {pk for rows in offices for pk in rows.values_list("user_id", flat=True)}


def _tell(key, succession, to, by):
    thing, event, data = succession.organisation, f"{key}:{succession.pk}", {"succession": succession.pk}
    tell(key, thing, to=to, event=event, by=by, organisation_id=thing.pk, data=data)


def preview(organisation):
    """Return ``[(what, how many), …]`` of what a merger concerns, for those who decide."""
    members = Membership.objects.lasting().filter(organisation=organisation)
    unsettled = Handover.objects.unsettled().filter(organisation=organisation)
    own = [
        (_("Members"), members.count()),
        (_("Leads among them"), members.filter(role=Membership.Role.LEAD).count()),
        (_("Partnerships in programmes"), organisation.partnerships.lasting().count()),
        (_("Themes that it leads"), carrying.theme_leads_of(organisation).count()),
        (_("Requests to be let in that wait"), organisation.membership_requests.pending().count()),
        (_("Invitations that wait"), organisation.invitations.pending().count()),
        (_("Matters to hand on"), unsettled.count()),
        (_("Mail domains, which lead to the other from then on"), organisation.email_domains.confirmed().count()),
    ]
    return own + [(each.label, each.count(organisation)) for each in holdings.all_carried()]
