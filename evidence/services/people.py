"""Who makes a review: parts are given and ended, and whoever gets one is told."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.services import present
from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from evidence.models import ReviewPerson
from evidence.services.locking import locked_review
from partners.models import Membership


@transaction.atomic
def give_part(review, user, part, *, by, organisation=None, starts_on=None):
    """Make somebody an editor or an author of a review, from a day (today) on, and tell them; return the part.

    Raises ``Refused`` for who has it already or has left the portal, ``PermissionDenied`` for anyone but the
    programme's coordinators.
    """
    locked = locked_review(review.pk)
    policies.require("evidence.manage", by, locked)
    present(user.pk)
    if locked.people.filter(user=user, part=part, ends_on=None).exists():
        raise Refused(_("This person has this part already."))
    day = starts_on or timezone.localdate()
    made = ReviewPerson.objects.create(review=locked, user=user, part=part, organisation=organisation, starts_on=day)
    record("review.part_given", locked, by=by, to_state=part)
    _tell_given(made, by)
    return made


def _tell_given(part, by):
    tell("review.part_given", part, to=[part.user_id], event=f"review.part_given:{part.pk}", by=by)


@transaction.atomic
def end_part(person, *, by):
    """End somebody's part in a review today; one that was to begin later never does. Return it.

    Raises ``Refused`` when it has ended, ``PermissionDenied`` for anyone but the programme's coordinators;
    ``by=None`` is the portal itself, when they leave.
    """
    review = locked_review(person.review_id)
    if by is not None:
        policies.require("evidence.manage", by, review)
    part = ReviewPerson.objects.select_for_update().get(pk=person.pk)
    today = timezone.localdate()
    if part.ends_on is not None and part.ends_on <= today:
        raise Refused(_("This part has ended already."))
    return _end(part, review, by)


def _end(part, review, by):
    part.ends_on = max(part.starts_on, timezone.localdate())
    part.save(update_fields=["ends_on"])
    record("review.part_ended", review, by=by, from_state=part.part)
    return part


@transaction.atomic
def change_editor(part, to, *, by):
    """Give an editor's part to somebody else of what their organisation is today.

    Raises ``Refused`` for somebody who has left the portal.
    """
    review = locked_review(part.review_id)
    present(to.pk)
    _end(part, review, by)
    organisation = part.organisation.now() if part.organisation_id else None
    if not review.people.filter(user=to, part=part.part, ends_on=None).exists():
        made = {"user": to, "part": part.part, "organisation": organisation}
        given = ReviewPerson.objects.create(review=review, starts_on=timezone.localdate(), **made)
        _tell_given(given, by)
    record("review.part_given", review, by=by, to_state=part.part)


def vacate_part(part, *, by):
    """End a part in a review that is locked; its other editors and the programme's coordinators go on."""
    _end(part, part.review, by)


def leave_organisation(user, organisation_id, *, by):
    """End what somebody wrote for an organisation they have left; what they edit is handed on."""
    wrote = ReviewPerson.objects.lasting().filter(part=ReviewPerson.Part.AUTHOR)
    for part in wrote.filter(user=user, organisation=organisation_id).order_by("review_id"):
        _end(part, locked_review(part.review_id), by)


def carry_parts(parts, successor, *, on):
    """End the parts of people who are staff of the successor and begin the same there; return ``{old id: new id}``."""
    staff = Membership.objects.lasting().filter(organisation=successor, user=OuterRef("user"))
    moved = {}
    for part in parts.filter(Exists(staff)).select_for_update(of=("self",)).order_by("pk"):
        last, part.ends_on = part.ends_on, max(on, part.starts_on)
        part.save(update_fields=["ends_on"])
        same = {"review_id": part.review_id, "user_id": part.user_id, "part": part.part}
        begun = ReviewPerson.objects.create(organisation=successor, starts_on=part.ends_on, ends_on=last, **same)
        moved[part.pk] = begun.pk
    return moved
