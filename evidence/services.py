"""What is done with evidence: the only code that writes it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.core.errors import Refused
from collaborative.notifications.services import announce, tell
from collaborative.search import services as search
from collaborative.workflow.services import transition
from evidence import states
from evidence.models import Review, Version
from evidence.reading import unknown_citations
from partners.models import ProgrammeRole
from projects.models import ProjectPerson


def missing(version):
    """Return what a version still lacks before it can be published, as sentences."""
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
    return lacks


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
    get it in their digest, and those concerned are told. Raises ``Refused`` with what is missing.
    """
    review = Review.objects.select_for_update().get(pk=version.review_id)
    lacks = missing(version)
    if lacks:
        raise Refused(" ".join(lacks))
    now = timezone.now()
    before = Version.objects.filter(review=review, state__in=states.PUBLIC_STATES).first()
    if before:
        transition(before, states.REPLACE, by=by)
    published = transition(version, states.PUBLISH, by=by, published_at=now)
    _show(review, published, now)
    tell("review.published", review, to=concerned(review), event=f"review.published:{published.pk}", by=by)
    topics = [("programme", review.programme_id), *(("theme", pk) for pk in review.themes.values_list("pk", flat=True))]
    announce(review, event=f"review.published:{published.pk}", topics=topics)
    return published


def _show(review, version, now):
    review.current = version
    review.title, review.summary = version.title, version.summary
    review.published_at = review.published_at or now
    review.year = (version.current_as_of or timezone.localdate()).year
    review.save(update_fields=["current", "title", "summary", "published_at", "year"])
    search.index(review)


@transaction.atomic
def withdraw(version, *, by, reason):
    """Take a published version from the public, leaving a tombstone with the reason; return it.

    Raises ``Refused`` without a reason or from a wrong state.
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
    """Return the ids of those who are told: the programme's coordinators and the people of the review's project."""
    coordinators = ProgrammeRole.objects.current().filter(programme=review.programme_id)
    told = set(coordinators.values_list("user_id", flat=True))
    if review.project_id:
        people = ProjectPerson.objects.current().filter(project=review.project_id)
        told |= set(people.values_list("user_id", flat=True))
    return sorted(told)
