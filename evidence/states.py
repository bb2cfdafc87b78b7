"""The states of versions, of peer reviews, of requests and of practice sheets, and the moves between them."""

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


PUBLIC_STATES = (VersionState.PUBLISHED, VersionState.UPDATE_DUE, VersionState.SUPERSEDED, VersionState.ARCHIVED)
"""States in which a version is the one that the public reads; one of a review at a time."""

LIVE_STATES = (VersionState.PUBLISHED, VersionState.UPDATE_DUE)
"""Those of them in which it stands for what is known today."""

MARKS = {
    VersionState.UPDATE_DUE: _("Update due"),
    VersionState.SUPERSEDED: _("Superseded"),
    VersionState.ARCHIVED: _("Archived"),
}
"""What stands beside the title in every list, of those that readers must know to be out of date."""

READ_STATES = (*PUBLIC_STATES, VersionState.REPLACED)
"""States in which a version can be read at its own address."""

WRITING_STATES = (VersionState.COMMISSIONED, VersionState.PROTOCOL, VersionState.DRAFTING)
"""States in which the text may change: what reviewers read, and what was approved, stands still."""

WORKING_STATES = (*WRITING_STATES, VersionState.PEER_REVIEW, VersionState.APPROVED)
"""States in which a version is still being made."""

WAITING = (VersionState.PEER_REVIEW, VersionState.APPROVED)
"""States in which a version waits for an editor or a coordinator."""

PLAN = move("version.protocol_begun", VersionState.COMMISSIONED, VersionState.PROTOCOL, "evidence.edit")
BEGIN = move(
    "version.begun", (VersionState.COMMISSIONED, VersionState.PROTOCOL), VersionState.DRAFTING, "evidence.edit"
)
SEND_TO_REVIEW = move("version.sent_to_review", VersionState.DRAFTING, VersionState.PEER_REVIEW, "evidence.edit")
SEND_BACK = move("version.sent_back", WAITING, VersionState.DRAFTING, "evidence.run")
APPROVE = move("version.approved", VersionState.PEER_REVIEW, VersionState.APPROVED, "evidence.publish")
PUBLISH = move("version.published", VersionState.APPROVED, VersionState.PUBLISHED, "evidence.publish")
CALL_UPDATE = move("version.update_due", VersionState.PUBLISHED, VersionState.UPDATE_DUE, "evidence.run")
REAFFIRM = move("version.reaffirmed", VersionState.UPDATE_DUE, VersionState.PUBLISHED, "evidence.publish")
SUPERSEDE = move("version.superseded", LIVE_STATES, VersionState.SUPERSEDED, "evidence.publish")
ARCHIVE = move("version.archived", (*LIVE_STATES, VersionState.SUPERSEDED), VersionState.ARCHIVED, "evidence.publish")
RESTORE = move(
    "version.restored",
    (VersionState.SUPERSEDED, VersionState.ARCHIVED),
    VersionState.PUBLISHED,
    "evidence.publish",
)
REPLACE = move("version.replaced", PUBLIC_STATES, VersionState.REPLACED, "evidence.publish")
WITHDRAW = move("version.withdrawn", READ_STATES, VersionState.WITHDRAWN, "evidence.publish")


class PeerReviewState(TextChoices):
    """What one reviewer does with one round."""

    INVITED = "invited", _("Asked, no answer yet")
    ACCEPTED = "accepted", _("Reading")
    SUBMITTED = "submitted", _("Sent in")
    DECLINED = "declined", _("Declined")
    RELEASED = "released", _("No longer needed")


OPEN_PEER_REVIEWS = (PeerReviewState.INVITED, PeerReviewState.ACCEPTED)
"""States in which a peer review waits for its reviewer."""

STILL_REVIEWING = (*OPEN_PEER_REVIEWS, PeerReviewState.SUBMITTED)
"""States in which the reviewer may see the text they are asked about."""

ACCEPT_REVIEW = move("peer_review.accepted", PeerReviewState.INVITED, PeerReviewState.ACCEPTED, "evidence.peer_review")
DECLINE_REVIEW = move("peer_review.declined", OPEN_PEER_REVIEWS, PeerReviewState.DECLINED, "evidence.peer_review")
SUBMIT_REVIEW = move(
    "peer_review.submitted", PeerReviewState.ACCEPTED, PeerReviewState.SUBMITTED, "evidence.peer_review"
)
RELEASE_REVIEWER = move("peer_review.released", OPEN_PEER_REVIEWS, PeerReviewState.RELEASED, "evidence.reviewers")


class AskedState(TextChoices):
    """A request for another format or for a translation."""

    OPEN = "open", _("Waiting for an answer")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Cannot be done")


ANSWER_ASKED = move("format_request.answered", AskedState.OPEN, AskedState.ANSWERED, "evidence.answer_asked")
DECLINE_ASKED = move("format_request.declined", AskedState.OPEN, AskedState.DECLINED, "evidence.answer_asked")


class SheetState(TextChoices):
    """A practice sheet's way into the bank of practices."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for a coordinator")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("No longer practised")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PUBLIC_SHEETS = (SheetState.PUBLISHED, SheetState.RETIRED)
"""States in which everyone reads a sheet; a retired one says so."""

SUBMIT_SHEET = move("sheet.submitted", SheetState.DRAFT, SheetState.SUBMITTED, "practices.edit")
TAKE_BACK_SHEET = move("sheet.taken_back", SheetState.SUBMITTED, SheetState.DRAFT, "practices.take_back")
RETURN_SHEET = move("sheet.returned", SheetState.SUBMITTED, SheetState.DRAFT, "practices.publish")
PUBLISH_SHEET = move("sheet.published", SheetState.SUBMITTED, SheetState.PUBLISHED, "practices.publish")
RETIRE_SHEET = move("sheet.retired", SheetState.PUBLISHED, SheetState.RETIRED, "practices.publish")
REVIVE_SHEET = move("sheet.revived", SheetState.RETIRED, SheetState.PUBLISHED, "practices.publish")
WITHDRAW_SHEET = move("sheet.withdrawn", PUBLIC_SHEETS, SheetState.WITHDRAWN, "practices.publish")
