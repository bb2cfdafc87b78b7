"""Who reviews a text: asked, answering, with or without a conflict of interests, released."""

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.models import User
from collaborative.accounts.services import present
from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from evidence import states
from evidence.models import PeerReview, ReviewPerson
from evidence.services.peer_review import editors_of, locked_review, locked_round, tell_released
from partners.models import ProgrammeRole
from partners.rights import rights_of
from projects.services.keeping import text_of

LONGEST_REASON = 2000


@transaction.atomic
def invite(a_round, *, by, user, part):
    """Ask somebody to review the methods or the subject of a text; return the peer review.

    Whoever reviewed an earlier round keeps the number by which the authors know them. Raises ``Refused`` once the
    round is closed, and with the reason when this person cannot be asked; ``PermissionDenied`` by policy.
    """
    found = locked_round(a_round.pk)
    version = found.version
    policies.require("evidence.reviewers", by, version)
    person = present(user.pk)
    why_not = stands_against(person, version) or _asked_already(person, found)
    if why_not:
        raise Refused(why_not)
    asked = PeerReview.objects.create(
        round=found,
        number=_number(person, version),
        user=person,
        organisation_id=rights_of(person).acting_for,
        part=PeerReview.Part(part),
        due_on=found.due_on,
    )
    record("peer_review.asked", asked, by=by, to_state=asked.state)
    tell("peer_review.asked", asked, to=[person.pk], event=f"peer_review.asked:{asked.pk}", by=by)
    return asked


def _asked_already(person, a_round):
    if a_round.peer_reviews.filter(user=person).exists():
        return _("This person has been asked already in this round.")
    return ""


def _number(person, version):
    before = PeerReview.objects.filter(round__version=version)
    own = before.filter(user=person).values_list("number", flat=True).first()
    return own or (before.aggregate(last=Max("number"))["last"] or 0) + 1


def stands_against(person, version):
    """Say in a sentence why somebody cannot review a text today, or return an empty string."""
    if not person.is_active:
        return _("This account cannot sign in.")
    if not holds_office(person, version):
        return _("This person is not a reviewer of the programme. A coordinator gives them that office first.")
    return works_on(person, version)


def works_on(person, version):
    """Say in a sentence why somebody is too near to a text to review it, or return an empty string."""
    if rights_of(person).manages(version.review.programme_id):
        return _("Whoever coordinates the programme decides about this text, and so does not review it.")
    if ReviewPerson.objects.current().filter(review=version.review_id, user=person).exists():
        return _("Whoever writes or edits this text does not review it.")
    if User.objects.filter(_an_author(version), pk=person.pk).exists():
        return _("An author of this text has the same name or ORCID. Ask somebody else.")
    return ""


def _an_author(version):
    """Return the ``Q`` of accounts that bear the name or the ORCID of an author."""
    authors = list(version.authors.values_list("name", "orcid"))
    same = Q(profile__orcid__in=[orcid for _name, orcid in authors if orcid])
    for name, _orcid in authors:
        same |= Q(name__iexact=name)
    return same


def holds_office(person, version):
    """Say whether somebody is a reviewer of the text's programme today."""
    return _offices(version).filter(user=person).exists()


def _offices(version):
    role = ProgrammeRole.Role.REVIEWER
    return ProgrammeRole.objects.current().filter(programme=version.review.programme_id, role=role)


def eligible(a_round):
    """Return those who can be asked in a round, by name: reviewers of the programme who stand apart from the text.

    ``invite`` looks once more, and also at who coordinates.
    """
    version = a_round.version
    offices = ProgrammeRole.objects.current().filter(programme=version.review.programme_id)
    runs = offices.filter(role=ProgrammeRole.Role.COORDINATOR)
    makes = ReviewPerson.objects.current().filter(review=version.review_id)
    people = User.objects.filter(pk__in=_offices(version).values("user_id"), is_active=True, anonymised_at=None)
    for others in (runs, makes, a_round.peer_reviews):
        people = people.exclude(pk__in=others.values("user_id"))
    return people.exclude(pk__in=User.objects.filter(_an_author(version)).values("pk")).order_by("name", "pk")


@transaction.atomic
def accept(peer_review, *, by, has_conflict, conflict=""):
    """Say yes to reviewing a text, declaring a conflict of interests or that there is none; return the peer review.

    With a conflict the reviewer reads nothing until an editor has decided. Raises ``Refused`` when it was answered,
    the round is closed, the conflict is not described, or the person no longer stands apart from the text;
    ``PermissionDenied`` for anyone but the person who was asked.
    """
    asked = locked_review(peer_review)
    policies.require("evidence.peer_review", by, asked)
    if asked.open:
        why_not = _too_near(by, asked.round.version)
        if why_not:
            raise Refused(why_not)
    words = text_of(conflict, LONGEST_REASON, _("Describe the conflict of interests.")) if has_conflict else ""
    declared = {"has_conflict": bool(has_conflict), "conflict": words, "answered_at": timezone.now()}
    accepted = transition(asked, states.ACCEPT_REVIEW, by=by, **declared)
    _tell_editors("peer_review.conflict" if has_conflict else "peer_review.accepted", accepted, by=by)
    return accepted


def _too_near(person, version):
    """Return the reason in words to the person."""
    if not holds_office(person, version):
        return _("You are no longer a reviewer of this programme, so this request has lapsed. Nothing is left to do.")
    if works_on(person, version):
        return _("You have come to work on this text, or its authors include you, so you cannot review it. Say no.")
    return ""


@transaction.atomic
def decline(peer_review, *, by, reason=""):
    """Say no, also after having said yes, with a reason or without; return the peer review.

    Raises ``Refused`` when it was sent in or settled otherwise or the round is closed, ``PermissionDenied`` for
    anyone but the person who was asked.
    """
    asked = locked_review(peer_review)
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refused(_("This text may have at most %(longest)d characters.") % {"longest": LONGEST_REASON})
    answered = {"declined_because": reason, "answered_at": timezone.now()}
    declined = transition(asked, states.DECLINE_REVIEW, by=by, **answered)
    _tell_editors("peer_review.declined", declined, by=by)
    tell_when_all_in(asked.round, after=declined)
    return declined


@transaction.atomic
def release(peer_review, *, by):
    """Let a reviewer go who has not sent in their review, and tell them; return the peer review.

    Raises ``Refused`` when it was sent in or settled otherwise or the round is closed, ``PermissionDenied`` by policy.
    """
    asked = locked_review(peer_review)
    released = transition(asked, states.RELEASE_REVIEWER, by=by)
    tell_released(released, by=by)
    return released


@transaction.atomic
def clear_conflict(peer_review, *, by):
    """Let a reviewer go on in spite of the conflict they declared, and tell them; return the peer review.

    Raises ``Refused`` when nothing is to be decided or the round is closed, ``PermissionDenied`` by policy.
    """
    asked = locked_review(peer_review)
    policies.require("evidence.reviewers", by, asked)
    if not asked.held_up:
        raise Refused(_("There is no conflict of interests to decide about any more."))
    asked.conflict_cleared_by = by
    asked.save(update_fields=["conflict_cleared_by"])
    record("peer_review.conflict_cleared", asked, by=by)
    tell("peer_review.cleared", asked, to=[asked.user_id], event=f"peer_review.cleared:{asked.pk}", by=by)
    return asked


def _tell_editors(key, peer_review, *, by):
    to = editors_of(peer_review.round.version)
    tell(key, peer_review, to=to, event=f"{key}:{peer_review.pk}", by=by)


def tell_when_all_in(a_round, *, after):
    """Tell the editors when nobody is waited for any more and somebody has sent in; say whether it is so."""
    rows = a_round.peer_reviews
    sent = rows.filter(state=states.PeerReviewState.SUBMITTED).exists()
    if not sent or rows.filter(state__in=states.OPEN_PEER_REVIEWS).exists():
        return False
    event = f"peer_review.all_in:{after.pk}:{after.state}"
    tell("peer_review.all_in", a_round, to=editors_of(a_round.version), event=event)
    return True
