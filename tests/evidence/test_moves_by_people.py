"""Every move of a text's states by every kind of person, allowed or refused; written out, not asked of the policies."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from collaborative.core.errors import Refused
from evidence import services, states
from evidence.services import peer_review
from tests import factories
from tests.evidence.texts import whole
from tests.house.world import KINDS_OF_PERSON, world

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
OTHERS = tuple(kind for kind in KINDS_OF_PERSON if kind not in ("coordinator", "administrator"))
PEOPLE = (*KINDS_OF_PERSON, "editor", "author", "editor_and_author", "editor_without_factor")

STEPS = {
    "version.protocol_begun": lambda version, by, other: services.move(version, states.PLAN, by=by),
    "version.begun": lambda version, by, other: services.move(version, states.BEGIN, by=by),
    "version.sent_to_review": lambda version, by, other: peer_review.send_to_review(version, by=by),
    "version.sent_back": lambda version, by, other: services.send_back(version, by=by, reason="Say where."),
    "version.approved": lambda version, by, other: services.approve(version, by=by, reason="Nobody was found."),
    "version.published": lambda version, by, other: services.publish(version, by=by),
    "version.update_due": lambda version, by, other: services.call_update(version, by=by),
    "version.reaffirmed": lambda version, by, other: services.reaffirm(version, by=by, current_as_of=TODAY()),
    "version.superseded": lambda version, by, other: services.supersede(version, by=by, other=other),
    "version.archived": lambda version, by, other: services.archive(version, by=by, reason="The law has changed."),
    "version.restored": lambda version, by, other: services.restore(version, by=by),
    "version.withdrawn": lambda version, by, other: services.withdraw(version, by=by, reason="Found wrong."),
}

FROM = {
    "version.protocol_begun": "commissioned",
    "version.begun": "commissioned protocol",
    "version.sent_to_review": "drafting",
    "version.sent_back": "peer_review approved",
    "version.approved": "peer_review",
    "version.published": "approved",
    "version.update_due": "published",
    "version.reaffirmed": "update_due",
    "version.superseded": "published update_due",
    "version.archived": "published update_due superseded",
    "version.restored": "superseded archived",
    "version.withdrawn": "published update_due superseded archived replaced",
}

NOT_AT_WORK = "Only those who write or edit this review can do this."
NOT_EDITOR = "Only an editor of this review or a coordinator of its programme can do this."
OWN_TEXT = "You are an author of this text, so another editor or a coordinator decides."
NO_FACTOR = "Set up a second factor first: an authenticator app or a passkey. You find it under “Account”."
WRITES = {"editor": "done", "author": "done", "editor_and_author": "done", "editor_without_factor": "done"}
RUNS = {"editor": "done", "author": NOT_EDITOR, "editor_and_author": "done", "editor_without_factor": NO_FACTOR}
DECIDES = RUNS | {"editor_and_author": OWN_TEXT}
BOTH = {"coordinator": "done", "administrator": "done"}

ANSWERS = {
    "version.protocol_begun": dict.fromkeys(OTHERS, NOT_AT_WORK) | BOTH | WRITES,
    "version.begun": dict.fromkeys(OTHERS, NOT_AT_WORK) | BOTH | WRITES,
    "version.sent_to_review": dict.fromkeys(OTHERS, NOT_AT_WORK) | BOTH | WRITES,
    "version.sent_back": dict.fromkeys(OTHERS, NOT_EDITOR) | BOTH | RUNS,
    "version.update_due": dict.fromkeys(OTHERS, NOT_EDITOR) | BOTH | RUNS,
    "version.approved": dict.fromkeys(OTHERS, NOT_EDITOR) | BOTH | DECIDES,
    "version.published": dict.fromkeys(OTHERS, NOT_EDITOR) | BOTH | DECIDES,
    "version.reaffirmed": dict.fromkeys(OTHERS, NOT_EDITOR) | BOTH | DECIDES,
    "version.superseded": dict.fromkeys(OTHERS, NOT_EDITOR) | BOTH | DECIDES,
    "version.archived": dict.fromkeys(OTHERS, NOT_EDITOR) | BOTH | DECIDES,
    "version.restored": dict.fromkeys(OTHERS, NOT_EDITOR) | BOTH | DECIDES,
    "version.withdrawn": dict.fromkeys(OTHERS, NOT_EDITOR) | BOTH | DECIDES,
}

LABELS = {
    "commissioned": "Commissioned", "protocol": "Protocol", "drafting": "Being written",
    "peer_review": "In peer review", "approved": "Approved, to be published", "published": "Published",
    "update_due": "Published, update due", "replaced": "Replaced by a newer version",
    "superseded": "Superseded by another review", "archived": "Archived", "withdrawn": "Withdrawn",
}  # fmt: skip


def outcome(step, version, by, other):
    """Try a move and take it back; return “done” or the reason why not."""
    try:
        with transaction.atomic():
            step(version, by, other)
            transaction.set_rollback(True)
    except (Refused, PermissionDenied) as error:
        return str(error)
    return "done"


def people_of(scene, review):
    """Return everybody, with those who make this review."""
    both = factories.editor(review)
    factories.author(review, both)
    own = {
        "editor": factories.editor(review),
        "author": factories.author(review),
        "editor_and_author": both,
        "editor_without_factor": factories.editor(review, factories.person()),
    }
    return {kind: user for kind, user in (scene.people | own).items() if user}


def test_every_move_from_where_it_can_be_made_by_every_kind_of_person():
    scene = world()
    assert set(ANSWERS) == set(FROM) == set(STEPS) == {move.verb for move in MOVES}
    wrong = {}
    for state in LABELS:
        review = factories.review(scene.programme, state=state)
        version = whole(review.versions.get())
        people = people_of(scene, review)
        for verb in (verb for verb, sources in FROM.items() if state in sources.split()):
            got = {kind: outcome(STEPS[verb], version, by, scene.review) for kind, by in people.items()}
            expected = {kind: answer for kind, answer in ANSWERS[verb].items() if kind in people}
            if got != expected:
                wrong[verb, state] = {kind: got[kind] for kind in got if got[kind] != expected[kind]}
    assert wrong == {}


def test_no_move_is_made_from_any_other_state_by_those_who_may_most():
    scene = world()
    wrong = {}
    for state, label in LABELS.items():
        version = whole(factories.review(scene.programme, state=state).versions.get())
        for verb in (verb for verb, sources in FROM.items() if state not in sources.split()):
            got = outcome(STEPS[verb], version, scene.people["coordinator"], scene.review)
            if got != f"This cannot be done now: it is already “{label}”.":
                wrong[verb, state] = got
    assert wrong == {}


MOVES = (
    states.PLAN, states.BEGIN, states.SEND_TO_REVIEW, states.SEND_BACK, states.APPROVE, states.PUBLISH,
    states.CALL_UPDATE, states.REAFFIRM, states.SUPERSEDE, states.ARCHIVE, states.RESTORE, states.WITHDRAW,
)  # fmt: skip


def test_the_table_has_every_move_of_versions_but_the_one_that_publishing_makes_by_itself():
    from collaborative.workflow.moves import moves

    named = {verb for verb in moves() if verb.startswith("version.")}
    assert named - {states.REPLACE.verb} == set(STEPS)


def test_of_a_published_text_only_withdrawal_reaches_what_was_replaced():
    scene = world()
    review = scene.review
    older = factories.version_of(review, "replaced", number=2)
    services.withdraw(older, by=scene.people["coordinator"], reason="It named a witness.")
    review.refresh_from_db()
    assert review.current.state == "published"
    services.withdraw(review.current, by=scene.people["coordinator"], reason="It was wrong from the start.")
    older.refresh_from_db()
    assert older.withdrawn_reason == "It named a witness."
