"""Loading the demonstration, as often as one likes, and dating it anew."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from collaborative.audit.models import Event as AuditEvent
from collaborative.audit.triggers import TABLE
from collaborative.core.kinds import model_of
from collaborative.core.triggers import lifted
from collaborative.notifications.models import Digest, Follow, Letter, News
from collaborative.notifications.services import announce, follow, tell, topics_of
from collaborative.outputs.services import rebuild
from collaborative.portal.demo import bodies, doors, people, profiles
from collaborative.portal.demo.courses import Courses
from collaborative.portal.demo.library import Library
from collaborative.portal.demo.practices import Practices
from collaborative.portal.demo.reading import Source
from collaborative.portal.demo.work import Work
from collaborative.portal.models import Demonstration
from collaborative.search.services import reindex
from evidence.models import (
    Comment,
    Correction,
    FormatRequest,
    PeerReview,
    Recommendation,
    Review,
    ReviewPerson,
    Round,
    Sheet,
    Tick,
    Tried,
    Version,
)
from evidence.services.pdf import sweep_pdfs
from partners.models import Invitation, Profile
from projects.models import Decision, JoinRequest, Project, ProjectPerson
from projects.services.keeping import lead_people
from projects.states import PUBLIC_STAGES
from training.models import Booking, Event
from training.states import EventState

DATED = {
    Project: ("created_at", "submitted_at", "listed_at", "starts_on", "ends_on"),
    ProjectPerson: ("starts_on", "ends_on"),
    JoinRequest: ("created_at", "answered_at"),
    Decision: ("at",),
    Review: ("published_at",),
    ReviewPerson: ("starts_on", "ends_on"),
    Version: (
        "published_at",
        "withdrawn_at",
        "archived_at",
        "announced_at",
        "publish_at",
        "public_from",
        "update_due_on",
    ),
    Recommendation: ("by_when",),
    Correction: ("at",),
    Round: ("opened_at", "due_on", "closed_at"),
    PeerReview: ("due_on", "invited_at", "answered_at", "submitted_at"),
    Comment: ("at", "answered_at"),
    Tick: ("at",),
    FormatRequest: ("asked_at", "due_on", "answered_at"),
    Sheet: ("submitted_at", "published_at", "changed_at", "withdrawn_at"),
    Tried: ("at", "changed_at"),
    Event: ("starts_at", "ends_at"),
    Booking: ("created_at", "cancelled_at"),
    Follow: ("created_at",),
    News: ("at",),
    Letter: ("created_at", "due_at", "sent_at", "read_at"),
    Profile: ("changed_at",),
    Invitation: ("created_at", "expires_at", "reminded_at", "answered_at"),
    AuditEvent: ("at",),
}
"""Invented dates that move together when the demonstration is refreshed; the source documents' never do."""


@transaction.atomic
def load():
    """Make whatever of the demonstration is missing; what is there is left as it is."""
    demonstration, first = Demonstration.objects.get_or_create(pk=1, defaults={"dated_on": timezone.localdate()})
    source = Source(demonstration.dated_on)
    bodies.load(source)
    people.load(source)
    profiles.load(source)
    doors.load(source)
    work = Work(source)
    work.load()
    Library(source, work.people).load()
    Practices(source, work.people).load()
    Courses(source, work.people).load()
    if first:
        _liven(source, work.people)
    reindex()
    rebuild()
    sweep_pdfs()


def _liven(source, persons):
    """Follow, announce and tell, so that the first day's pages and mail have something in them."""
    for row in source.rows("follows"):
        thing = model_of(row["kind"]).objects.get(slug=row["slug"])
        follow(persons[row["person"]], row["kind"], thing.pk)
        Follow.objects.filter(user=persons[row["person"]], kind_of=row["kind"], object_id=thing.pk).update(
            created_at=source.moment(row["in_days"])
        )
    _announce(Review.objects.published(), "review.published")
    _announce(Sheet.objects.published(), "sheet.published")
    _announce(Project.objects.filter(stage__in=PUBLIC_STAGES), "project.awarded")
    _announce(Event.objects.filter(state=EventState.OPEN), "event.opened")
    for request in JoinRequest.objects.pending().select_related("project"):
        tell("join_request.made", request, to=lead_people(request.project), event=f"join_request.made:{request.pk}")


def _announce(things, word):
    """Make news of the newest few, dated now, so that the next digest has them."""
    for thing in things.order_by("-pk")[:4]:
        announce(thing, event=f"{word}:demonstration:{thing.pk}", topics=topics_of(thing))


@transaction.atomic
def refresh():
    """Move every invented date by the days since the last dating, so that the demonstration is of today.

    Return the number of days. The record is re-dated too, for which its protection is lifted: the
    demonstration alone may do that.
    """
    demonstration = Demonstration.objects.select_for_update().get(pk=1)
    today = timezone.localdate()
    days = (today - demonstration.dated_on).days
    if days:
        with lifted(connection, TABLE):
            for model, fields in DATED.items():
                shift = {name: F(name) + timedelta(days=days) for name in fields}
                model._base_manager.update(**shift)
        Digest.objects.all().delete()
        demonstration.dated_on = today
        demonstration.save(update_fields=["dated_on"])
        reindex()
        rebuild()
    return days
