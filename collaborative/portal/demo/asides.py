"""What stands beside the texts: peer review, ticked lines, corrections, and what readers ask for."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from collaborative.audit.services import record
from evidence.models import Check, Comment, Correction, FormatRequest, PeerReview, Review, Round, Tick
from evidence.services.asked import due_on

ANSWERED = ("accepted", "submitted")


def load(version, row, source, people):
    """Make the rounds of a version with their reviews, its ticked lines and its corrections."""
    for number, each in enumerate(row.get("rounds", []), start=1):
        _round(version, each, number, source, people)
    _ticks(version, row, source, people)
    for each in row.get("corrections", []):
        made = Correction.objects.create(version=version, text=each["text"].strip(), by=people[each["by"]])
        Correction.objects.filter(pk=made.pk).update(at=source.moment(each["in_days"]))


def _round(version, row, number, source, people):
    made = Round.objects.create(
        version=version,
        number=number,
        opened_at=source.moment(row["in_days"]),
        due_on=source.day(row["due_in_days"]),
        closed_at=source.moment(row.get("closed_in_days")),
        letter=row.get("letter", ""),
    )
    for place, each in enumerate(row["reviews"], start=1):
        _peer_review(made, each, place, source, people)


def _peer_review(of_round, row, number, source, people):
    user, state = people[row["person"]], row["state"]
    own = user.memberships.order_by("pk").first()
    review = PeerReview.objects.create(
        round=of_round,
        number=number,
        user=user,
        organisation=own.organisation if own else None,
        part=row["part"],
        state=state,
        due_on=of_round.due_on,
        invited_at=of_round.opened_at,
        answered_at=source.moment(row.get("answered_in_days")),
        submitted_at=source.moment(row.get("submitted_in_days")),
        has_conflict=False if state in ANSWERED else None,
        declined_because=row.get("declined_because", ""),
        opinion=row.get("opinion", ""),
        overall=row.get("overall", "").strip(),
        confidential=row.get("confidential", "").strip(),
    )
    if state != "invited":
        record(f"peer_review.{state}", review, by=user, to_state=state, at=review.submitted_at or review.answered_at)
    for each in row.get("comments", []):
        _comment(review, each, source, people)


def _comment(review, row, source, people):
    answered = people[row["answered_by"]] if "answer" in row else None
    Comment.objects.create(
        version=review.round.version,
        peer_review=review,
        by=review.user,
        part=row.get("part", ""),
        text=row["text"],
        at=review.submitted_at or review.answered_at,
        answer=row.get("answer", ""),
        answered_by=answered,
        answered_at=source.moment(row.get("answered_in_days")),
    )


def _ticks(version, row, source, people):
    """Tick the first so many lines of the checklist that hold for the text's kind."""
    ticked = row.get("ticked", {"lines": 0})
    lines = Check.objects.filter(kind_of=None) | Check.objects.filter(kind_of=version.review.kind_of_id)
    for line in lines.order_by("position", "pk")[: ticked["lines"]]:
        at = source.moment(ticked["in_days"])
        Tick.objects.create(version=version, check_of=line, by=people[ticked["by"]], at=at)


def load_requests(source, people):
    """Make the requests for other formats and languages that are missing; each has a number in the file."""
    for row in source.rows("format_requests"):
        key = uuid5(NAMESPACE_URL, f"format-request-{row['number']}")
        if not FormatRequest.objects.filter(form_key=key).exists():
            _request(row, key, source, people)


def _request(row, key, source, people):
    review, day = Review.objects.get(slug=row["review"]), source.day(row["in_days"])
    asked = FormatRequest.objects.create(
        review=review,
        version_id=review.current_id,
        form_key=key,
        user=people[row["person"]] if "person" in row else None,
        asked_at=source.moment(row["in_days"]),
        due_on=max(due_on(day), source.anchor + timedelta(days=1)) if row["state"] == "open" else due_on(day),
        answered_at=source.moment(row.get("answered_in_days")),
        answered_by=people[row["answered_by"]] if "answered_by" in row else None,
        **{name: row.get(name, "") for name in ("wanted", "format", "language", "details", "name", "email", "answer")},
        state=row["state"],
    )
    record("format_request.made", asked, by=asked.user, to_state="open", at=asked.asked_at)
