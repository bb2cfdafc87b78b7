"""From the reviewers' word to an approved text, or back to its authors."""

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.workflow.services import transition
from evidence import states
from evidence.models import PeerReview
from evidence.services.locking import locked
from evidence.services.peer_review import close_round
from evidence.states import PeerReviewState

AGAINST = (PeerReview.Opinion.MAJOR, PeerReview.Opinion.UNFIT)
"""Opinions over which a text is approved only with a reason."""


def lacking_reviews(version):
    """Return what stands against approving a version without a reason, as sentences.

    Too few reviews sent in, a conflict that nobody has decided, or a reviewer who advises against it. The reviews
    of all its rounds count, and of each reviewer the last word.
    """
    sent = PeerReview.objects.filter(round__version=version, state=PeerReviewState.SUBMITTED)
    undecided = sent.filter(has_conflict=True, conflict_cleared_by=None)
    counted = sent.exclude(pk__in=undecided.values("pk"))
    lacks = []
    for part, wanted in (
        (PeerReview.Part.METHODS, version.methods_wanted),
        (PeerReview.Part.SUBJECT, version.subject_wanted),
    ):
        has = counted.filter(part=part).values("user").distinct().count()
        if has < wanted:
            said = _("%(has)s of %(wanted)s reviews of the %(part)s are there.")
            lacks.append(said % {"has": has, "wanted": wanted, "part": part.label})
    if undecided.exists():
        lacks.append(_("A reviewer has a conflict of interests about which nobody has decided."))
    return lacks + _against(sent)


def _against(sent):
    last = {each.user_id: each for each in sent.order_by("round__number")}
    said = _("Reviewer %(number)s (%(part)s) said last: “%(opinion)s”.")
    return [
        said % {"number": each.number, "part": each.get_part_display(), "opinion": each.get_opinion_display()}
        for each in sorted(last.values(), key=lambda each: (each.number, each.pk))
        if each.opinion in AGAINST
    ]


@transaction.atomic
def approve(version, *, by, reason=""):
    """Approve a text that was reviewed, and close its round; return the version.

    With fewer reviews than wanted, a conflict that nobody has decided, or a reviewer who advises against it, the
    ``reason`` for approving it all the same is kept. Raises ``Refused`` when one is due and missing, or from a
    wrong state, and ``PermissionDenied`` for anyone who does not run the review, and for its authors.
    """
    _review, fresh = locked(version)
    policies.require("evidence.publish", by, fresh)
    lacks = lacking_reviews(fresh) if fresh.state in states.APPROVE.sources else []
    if lacks and not reason.strip():
        raise Refused(" ".join([*lacks, _("Say why it is approved all the same, or wait.")]))
    approved = transition(fresh, states.APPROVE, by=by, approved_without=reason.strip() if lacks else "")
    close_round(approved, by=by)
    return approved
