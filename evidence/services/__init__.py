"""The verbs of evidence: the only code that writes it."""

from evidence.services.approving import approve, lacking_reviews
from evidence.services.archiving import archive, call_update, reaffirm, restore, supersede
from evidence.services.checklist import tick, untick
from evidence.services.corrections import correct
from evidence.services.locking import locked_review
from evidence.services.people import (
    carry_parts,
    change_editor,
    end_part,
    give_part,
    leave_organisation,
    vacate_part,
)
from evidence.services.publishing import move, publish, send_back, withdraw
from evidence.services.scheduling import lift_due, lift_schedules_of, publish_due, schedule, unschedule, updates_due
from evidence.services.telling import concerned, editors
from evidence.services.versions import new_version
from evidence.wanted import missing

__all__ = [
    "approve",
    "archive",
    "call_update",
    "carry_parts",
    "change_editor",
    "concerned",
    "correct",
    "editors",
    "end_part",
    "give_part",
    "lacking_reviews",
    "leave_organisation",
    "lift_due",
    "lift_schedules_of",
    "locked_review",
    "missing",
    "move",
    "new_version",
    "publish",
    "publish_due",
    "reaffirm",
    "restore",
    "schedule",
    "send_back",
    "supersede",
    "tick",
    "unschedule",
    "untick",
    "updates_due",
    "vacate_part",
    "withdraw",
]
