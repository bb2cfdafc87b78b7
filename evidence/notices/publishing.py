"""The letters about what becomes of a text, and when one no longer holds."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice
from evidence.states import VersionState
from evidence.wanted import missing


def _in_state(state):
    return lambda letter, version: version.state == state


def _of_version(key, name, label, **more):
    title = {"title": lambda version: version.title, "related": ("review",)}
    notice(
        key, kind="version", label=label, group="decisions", template=f"evidence/letters/{name}.txt", **title, **more
    )


def embargo(letter, version):
    """Say until when only partners read it."""
    return {"until": moment(version.public_from)}


def not_published(letter, version):
    """Say when it was to be published, and what stands against it today."""
    at = letter.data.get("at")
    return {"at": moment(datetime.fromisoformat(at)) if at else "", "lacks": missing(version)}


def note(letter, version):
    """Give the letter the note that it tells of."""
    pk = letter.event.rpartition(":")[2]
    found = version.corrections.filter(pk=pk) if pk.isdecimal() else version.corrections.none()
    return {"note": found.first() or version.corrections.first()}


def moment(at):
    """Return day and time in the zone of whoever reads the letter."""
    return date_format(timezone.localtime(at), "j F Y, H:i") if at else ""


notice(
    "review.published",
    kind="review",
    label=_("A review was published"),
    group="decisions",
    template="evidence/letters/published.txt",
    still_true=lambda letter, review: review.current_id is not None,
)
notice(
    "review.part_given",
    kind="review_person",
    label=_("You were given a part in a review"),
    group="decisions",
    template="evidence/letters/part_given.txt",
    title=lambda part: part.review.title,
    related=("review", "user"),
    required=True,
    still_true=lambda letter, part: part.lasts,
)
_of_version(
    "review.embargoed",
    "embargoed",
    _("A review can be read by partners, under embargo"),
    context=embargo,
    still_true=lambda letter, version: version.readable and version.embargoed(),
)
_of_version("review.withdrawn", "withdrawn", _("A review was withdrawn"), still_true=_in_state(VersionState.WITHDRAWN))
_of_version(
    "version.not_published",
    "not_published",
    _("A review was not published at its time"),
    context=not_published,
    still_true=lambda letter, version: version.working and version.publish_at is None,
    required=True,
)
_of_version(
    "version.sent_back",
    "sent_back",
    _("A text was sent back to its authors"),
    still_true=_in_state(VersionState.DRAFTING),
)
_of_version(
    "version.update_due",
    "update_due",
    _("A review is due to be updated"),
    still_true=_in_state(VersionState.UPDATE_DUE),
)
_of_version("version.archived", "archived", _("A review was archived"), still_true=_in_state(VersionState.ARCHIVED))
_of_version(
    "version.superseded",
    "superseded",
    _("Another review took this one’s place"),
    still_true=_in_state(VersionState.SUPERSEDED),
)
_of_version("version.restored", "restored", _("A review holds again"), still_true=_in_state(VersionState.PUBLISHED))
_of_version(
    "review.corrected",
    "corrected",
    _("A published review was corrected"),
    context=note,
    still_true=lambda letter, version: version.readable,
)
