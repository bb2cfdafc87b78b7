"""Beginning a version with the text of the latest."""

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from evidence import states
from evidence.models import (
    Author,
    File,
    Finding,
    Funder,
    Recommendation,
    ResearchPriority,
    Study,
    Version,
)
from evidence.services.locking import locked_review


@transaction.atomic
def new_version(review, *, by):
    """Begin the next version of a review, with the whole text of the latest to start from; return it.

    What is public stays so until the new version is published. The first version of a review begins
    empty. Dates, schedules, ticks and reviews of the latest stay with it. Raises ``Refused`` while another
    version is in the making, ``PermissionDenied`` for anyone who does not run the review.
    """
    locked = locked_review(review.pk)
    policies.require("evidence.run", by, locked)
    if locked.versions.filter(state__in=states.WORKING_STATES).exists():
        raise Refused(_("A version is already being made. Publish it before you begin the next."))
    latest = locked.versions.order_by("-number").first()
    made = _copy(latest) if latest else Version.objects.create(review=locked, title=locked.title)
    record("version.commissioned", made, by=by, to_state=made.state)
    return made


TEXT = ("handling", "title", "summary", "plain_summary", "background", "provenance", "licence")
WANTED = ("current_as_of", "methods_wanted", "subject_wanted")
ROWS = (Author, Funder, File)
STATEMENTS = (Finding, ResearchPriority, Recommendation)


def _copy(version):
    values = {name: getattr(version, name) for name in (*TEXT, *WANTED)}
    made = Version.objects.create(review=version.review, number=version.number + 1, **values)
    sections = _copied_one_by_one(version.sections, made)
    references = _copied_one_by_one(version.references, made)
    for model in ROWS:
        model.objects.bulk_create([_copied(row, made) for row in model.objects.filter(version=version)])
    for model in STATEMENTS:
        _copy_tied(model, "section", sections, version, made)
    _copy_tied(Study, "reference", references, version, made)
    return made


def _copied_one_by_one(rows, made):
    """Copy rows on which others rest; return ``{old id: copy}``."""
    copies = {}
    for row in rows.all():
        old = row.pk
        copies[old] = _copied(row, made)
        copies[old].save()
    return copies


def _copy_tied(model, tie, copies, version, made):
    """Copy rows that rest on a section or a reference, on its copy."""
    rows = [_copied(row, made) for row in model.objects.filter(version=version)]
    for row in rows:
        setattr(row, tie, copies.get(getattr(row, f"{tie}_id")))
    model.objects.bulk_create(rows)


def _copied(row, version):
    row.pk, row.version = None, version
    row._state.adding = True
    return row
