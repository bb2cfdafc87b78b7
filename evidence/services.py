"""What is done with evidence: the only code that writes it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.handling import Handling
from collaborative.notifications.services import announce, tell, topics_of
from collaborative.search import services as search
from collaborative.workflow.services import transition
from evidence import states
from evidence.models import Author, Finding, Reference, ResearchPriority, Review, Version
from evidence.reading import unknown_citations
from partners.models import ProgrammeRole
from projects.models import ProjectPerson


def missing(version):
    """Return what stands against publishing a version, as sentences that say what to do."""
    lacks = []
    if not version.summary.strip():
        lacks.append(_("Write the summary for lists."))
    if not version.plain_summary.strip():
        lacks.append(_("Write the plain-language summary."))
    if not version.authors.exists():
        lacks.append(_("Name at least one author."))
    if not version.sections.exists() and not version.findings.exists():
        lacks.append(_("Add a section or a key finding."))
    unknown = unknown_citations(version)
    if unknown:
        lacks.append(_("Add the references that the text cites: %(keys)s.") % {"keys": ", ".join(unknown)})
    if version.handling != Handling.PUBLIC and _public(version.review_id).filter(handling=Handling.PUBLIC).exists():
        lacks.append(_("Withdraw the version that everyone reads first: this one is not for everyone."))
    return lacks


@transaction.atomic
def new_version(review, *, by):
    """Begin the next version of a review, with the whole text of the latest to start from; return it.

    What is public stays so until the new version is published. The first version of a review begins
    empty. Raises ``Refused`` while another version is in the making, ``PermissionDenied`` for anyone
    but the programme's coordinators.
    """
    locked = Review.objects.select_for_update().get(pk=review.pk)
    policies.require("evidence.manage", by, locked)
    if locked.versions.filter(state__in=states.WORKING_STATES).exists():
        raise Refused(_("A version is already being made. Publish it before you begin the next."))
    latest = locked.versions.order_by("-number").first()
    made = _copy(latest) if latest else Version.objects.create(review=locked, title=locked.title)
    record("version.commissioned", made, by=by, to_state=made.state)
    return made


TEXT = ("handling", "title", "summary", "plain_summary", "background", "provenance", "funder", "licence")


def _copy(version):
    values = {name: getattr(version, name) for name in (*TEXT, "current_as_of")}
    made = Version.objects.create(review=version.review, number=version.number + 1, **values)
    sections = {}
    for section in version.sections.all():
        old = section.pk
        sections[old] = _copied(section, made)
        sections[old].save()
    for model in (Author, Reference):
        model.objects.bulk_create([_copied(row, made) for row in model.objects.filter(version=version)])
    for model in (Finding, ResearchPriority):
        rows = [_copied(row, made) for row in model.objects.filter(version=version)]
        for row in rows:
            row.section = sections.get(row.section_id)
        model.objects.bulk_create(rows)
    return made


def _copied(row, version):
    row.pk, row.version = None, version
    row._state.adding = True
    return row


@transaction.atomic
def move(version, step, *, by):
    """Carry a working version one step on (begin, send to review, send back, approve); return it.

    Raises ``Refused`` from a wrong state, ``PermissionDenied`` when the policy says no.
    """
    return transition(version, step, by=by)


@transaction.atomic
def publish(version, *, by):
    """Make an approved version the one that the public reads; return it.

    The version before it stays readable as replaced. Followers of the review's themes and programme
    get it in their digest, and those concerned are told. Raises ``Refused`` from a wrong state or with
    what is missing, ``PermissionDenied`` for anyone but the programme's coordinators.
    """
    review = Review.objects.select_for_update().get(pk=version.review_id)
    locked = Version.objects.select_for_update().get(pk=version.pk)
    policies.require("evidence.publish", by, locked)
    lacks = missing(locked) if locked.state in states.PUBLISH.sources else []
    if lacks:
        raise Refused(" ".join(lacks))
    before = _public(review.pk).exclude(pk=locked.pk).first()
    if before:
        transition(before, states.REPLACE, by=by)
    now = timezone.now()
    published = transition(locked, states.PUBLISH, by=by, published_at=now)
    _show(review, published, now)
    happening = f"review.published:{published.pk}"
    tell("review.published", review, to=concerned(review), event=happening, by=by)
    announce(review, event=happening, topics=topics_of(review), by=by)
    return published


def _public(review_id):
    return Version.objects.filter(review=review_id, state__in=states.PUBLIC_STATES)


def _show(review, version, now):
    review.current = version
    review.title, review.summary = version.title, version.summary
    review.published_at = review.published_at or now
    review.year = version.current_as_of.year if version.current_as_of else review.year or timezone.localdate().year
    review.save(update_fields=["current", "title", "summary", "published_at", "year"])
    search.index(review)


@transaction.atomic
def withdraw(version, *, by, reason):
    """Take a published version from its readers, leaving a tombstone with the reason; return it.

    Raises ``Refused`` without a reason or from a wrong state, ``PermissionDenied`` for anyone but the
    programme's coordinators.
    """
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn: the tombstone shows it."))
    review = Review.objects.select_for_update().get(pk=version.review_id)
    withdrawn = transition(
        version, states.WITHDRAW, by=by, withdrawn_at=timezone.now(), withdrawn_reason=reason.strip()
    )
    review.current = None
    review.save(update_fields=["current"])
    search.remove("review", review.pk)
    tell("review.withdrawn", withdrawn, to=concerned(review), event=f"review.withdrawn:{version.pk}", by=by)
    return withdrawn


def concerned(review):
    """Return the ids of those who are told: the programme's coordinators and the people of the review's project.

    Whoever has left the organisation for which they were on the project is not told.
    """
    offices = ProgrammeRole.objects.current().filter(role=ProgrammeRole.Role.COORDINATOR)
    told = set(offices.filter(programme=review.programme_id).values_list("user_id", flat=True))
    if review.project_id:
        people = ProjectPerson.objects.staff().filter(project=review.project_id)
        told |= set(people.values_list("user_id", flat=True))
    return sorted(told)
