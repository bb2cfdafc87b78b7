"""The states of a review's versions and the moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from collaborative.workflow.moves import move


class VersionState(TextChoices):
    """A version's way from commission to archive."""

    COMMISSIONED = "commissioned", _("Commissioned")
    PROTOCOL = "protocol", _("Protocol")
    DRAFTING = "drafting", _("Being written")
    PEER_REVIEW = "peer_review", _("In peer review")
    APPROVED = "approved", _("Approved, to be published")
    PUBLISHED = "published", _("Published")
    UPDATE_DUE = "update_due", _("Published, update due")
    REPLACED = "replaced", _("Replaced by a newer version")
    SUPERSEDED = "superseded", _("Superseded by another review")
    ARCHIVED = "archived", _("Archived")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PUBLIC_STATES = (VersionState.PUBLISHED, VersionState.UPDATE_DUE)
"""States in which a version is the one that the public reads."""

WORKING_STATES = (
    VersionState.COMMISSIONED, VersionState.PROTOCOL, VersionState.DRAFTING,
    VersionState.PEER_REVIEW, VersionState.APPROVED,
)  # fmt: skip
"""States in which a version is still being made."""

WAITING = (VersionState.PEER_REVIEW, VersionState.APPROVED)
"""States in which a version waits for a coordinator."""

BEGIN = move(
    "version.begun", (VersionState.COMMISSIONED, VersionState.PROTOCOL), VersionState.DRAFTING, "evidence.edit"
)
SEND_TO_REVIEW = move("version.sent_to_review", VersionState.DRAFTING, VersionState.PEER_REVIEW, "evidence.edit")
SEND_BACK = move("version.sent_back", VersionState.PEER_REVIEW, VersionState.DRAFTING, "evidence.publish")
APPROVE = move("version.approved", VersionState.PEER_REVIEW, VersionState.APPROVED, "evidence.publish")
PUBLISH = move("version.published", VersionState.APPROVED, VersionState.PUBLISHED, "evidence.publish")
REPLACE = move("version.replaced", PUBLIC_STATES, VersionState.REPLACED, "evidence.publish")
WITHDRAW = move("version.withdrawn", PUBLIC_STATES, VersionState.WITHDRAWN, "evidence.publish")
