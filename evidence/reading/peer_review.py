"""What reviewers say of a text, as each reader may read it: everywhere it is shown, it comes from here.

``PeerReview.objects.words_visible_to`` and ``Comment.objects.visible_to`` say which words somebody reads; here it is
said what stands beside them. Who runs the review, and did not write the text, reads names and what is confidential.
To everyone else a reviewer is “Reviewer 1 (methods)”.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Value
from django.utils.translation import gettext as _

from collaborative.core import policies
from evidence.models import Comment, PeerReview
from evidence.reading.anchors import BACKGROUND, REFERENCES, SUMMARY, numbered_words
from evidence.states import PeerReviewState

WHOLE = ""
"""The name of the whole text among its parts."""


@dataclass(frozen=True)
class Remark:
    """A comment with its answer, as one reader sees it; ``who`` is a number or, for those who know it, a name."""

    pk: int
    part: str
    who: str
    text: str
    at: datetime
    answer: str
    answered_by: str
    own: bool


@dataclass(frozen=True)
class Said:
    """What one reviewer sent in, as one reader sees it; ``confidential`` is empty for whom it is not."""

    pk: int
    round: int
    who: str
    opinion: str
    overall: str
    confidential: str
    at: datetime
    own: bool


@dataclass
class Place:
    """A part of the text and the remarks on it; ``gone`` when the text no longer has it."""

    anchor: str
    heading: str
    gone: bool = False
    remarks: list = field(default_factory=list)


def parts_of_text(version):
    """Return ``[(anchor, heading), …]`` of what can be commented on, in the order of the page, the whole first."""
    parts = [(WHOLE, _("The text as a whole"))]
    if version.plain_summary:
        parts.append((SUMMARY, _("Plain-language summary")))
    parts += _numbered(version)
    if version.background:
        parts.append((BACKGROUND, _("Background")))
    parts += version.sections.values_list("anchor", "heading")
    if version.references.exists():
        parts.append((REFERENCES, _("References")))
    return parts


def _numbered(version):
    """Return the parts with a number: findings, recommendations and priorities, in one query."""
    kinds = (
        ("finding", version.findings),
        ("recommendation", version.recommendations),
        ("priority", version.priorities),
    )
    rows = [
        each.order_by().annotate(place=Value(place)).values_list("place", "number")
        for place, (_kind, each) in enumerate(kinds)
    ]
    found = rows[0].union(*rows[1:]).order_by("place", "number")
    return [(f"{kinds[place][0]}-{n}", numbered_words(kinds[place][0], n)) for place, n in found]


def knows_names(user, version):
    """Say whether somebody knows who reviews a text."""
    return policies.ask("evidence.reviewers", user, version).allowed


def nickname(peer_review):
    """Return what a reviewer is called to those who do not know the name."""
    return _("Reviewer %(number)s (%(part)s)") % {
        "number": peer_review.number,
        "part": peer_review.get_part_display(),
    }


def _called(peer_review, user, named):
    if peer_review.user_id == user.pk:
        return _("%(reviewer)s, you") % {"reviewer": nickname(peer_review)}
    if named:
        return _("%(reviewer)s: %(name)s") % {"reviewer": nickname(peer_review), "name": peer_review.user}
    return nickname(peer_review)


def said_of(version, user):
    """Return ``[Said, …]``: the reviews of a version that were sent in and that somebody reads, newest round first."""
    named = knows_names(user, version)
    rows = PeerReview.objects.words_visible_to(user).filter(round__version=version, state=PeerReviewState.SUBMITTED)
    rows = rows.select_related("round", "user").order_by("-round__number", "number", "pk")
    return [_said(row, user, named) for row in rows]


def _said(row, user, named):
    own = row.user_id == user.pk
    return Said(
        pk=row.pk,
        round=row.round.number,
        who=_called(row, user, named),
        opinion=row.get_opinion_display(),
        overall=row.overall,
        confidential=row.confidential if named or own else "",
        at=row.submitted_at,
        own=own,
    )


def remarks_on(version, user):
    """Return ``[Remark, …]``: the comments on a version that somebody reads, the oldest first."""
    named = knows_names(user, version)
    rows = Comment.objects.visible_to(user).filter(version=version)
    rows = rows.select_related("peer_review__user", "by", "answered_by").order_by("at", "pk")
    return [_remark(row, user, named) for row in rows]


def _remark(row, user, named):
    who = _called(row.peer_review, user, named) if row.peer_review else str(row.by)
    return Remark(
        pk=row.pk,
        part=row.part,
        who=who,
        text=row.text,
        at=row.at,
        answer=row.answer,
        answered_by=str(row.answered_by) if row.answered_by else "",
        own=row.by_id == user.pk,
    )


def by_place(version, remarks, *, empty=False):
    """Return ``[Place, …]`` with the remarks on each part in the order of the text; ``empty`` keeps bare ones too.

    Remarks on parts that the text no longer has come last.
    """
    places = {anchor: Place(anchor, heading) for anchor, heading in parts_of_text(version)}
    for remark in remarks:
        gone = _("A part that was taken out: %(anchor)s") % {"anchor": remark.part}
        places.setdefault(remark.part, Place(remark.part, gone, gone=True)).remarks.append(remark)
    return [place for place in places.values() if empty or place.remarks]
