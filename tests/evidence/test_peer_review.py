"""Rounds, reviewers, conflicts, comments, opinions: what goes through, what is refused, and who reads which words."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from evidence import services
from evidence.models import Comment, PeerReview, ReviewPerson
from evidence.reading.peer_review import by_place, parts_of_text, remarks_on, said_of
from evidence.services import peer_review_words as words
from evidence.services import peer_reviewers
from evidence.services.peer_review import close_round, send_to_review
from evidence.services.peer_reviewers import accept, clear_conflict, decline, eligible, invite, release
from evidence.states import PeerReviewState, VersionState
from partners.models import ProgrammeRole
from tests import factories as make
from tests.races import at_once

pytestmark = pytest.mark.django_db


class Text:
    """A draft with an editor, an author and reviewers of its programme."""

    def __init__(self, state=VersionState.DRAFTING):
        self.programme = make.programme()
        self.review = make.review(self.programme, state=state)
        self.version = self.review.versions.get()
        self.version.sections.create(position=1, anchor="methods", heading="Methods", body="We asked.")
        self.coordinator = make.with_second_factor(make.coordinator(self.programme))
        self.editor, self.author = make.editor(self.review), make.author(self.review)
        self.reviewers = [make.reviewer(self.programme) for _ in range(3)]

    def opened(self):
        """Send it to review; return the round."""
        self.round = send_to_review(self.version, by=self.author)
        self.version.refresh_from_db()
        return self.round

    def asked(self, place=0, part="subject"):
        """Ask a reviewer in the open round."""
        return invite(self.round, by=self.editor, user=self.reviewers[place], part=part)

    def reading(self, place=0):
        """Ask a reviewer who says yes."""
        return accept(self.asked(place), by=self.reviewers[place], has_conflict=False)

    def sent(self, place=0, overall="Good work."):
        """Let a reviewer send in a review."""
        reading = self.reading(place)
        return words.submit(reading, by=reading.user, opinion="minor", overall=overall, confidential="Between us.")


@pytest.fixture
def text():
    made = Text()
    made.opened()
    return made


def told(key):
    """Return who was told something, by mail or in the portal."""
    return set(Letter.objects.filter(key=f"peer_review.{key}").values_list("recipient", flat=True))


def refused(act, *args, **kwargs):
    """Return the sentence with which an act is refused."""
    with pytest.raises(Refused) as error:
        act(*args, **kwargs)
    return str(error.value)


def test_sending_a_draft_to_review_opens_a_round_and_tells_the_editors():
    text = Text()
    opened = send_to_review(text.version, by=text.author, letter=" Look at Table 1. ")
    text.version.refresh_from_db()
    assert (text.version.state, opened.number, opened.letter) == ("peer_review", 1, "Look at Table 1.")
    assert opened.due_on == timezone.localdate() + timedelta(days=28)
    assert told("opened") == {text.editor.pk}
    assert "already" in refused(send_to_review, text.version, by=text.author)


def test_a_round_ends_on_a_day_to_come_within_a_year():
    text, today = Text(), timezone.localdate()
    for day in (today, today - timedelta(days=1), today + timedelta(days=400)):
        assert "day after today" in refused(send_to_review, text.version, by=text.author, due_on=day)
    with pytest.raises(PermissionDenied):
        send_to_review(text.version, by=text.reviewers[0])
    text.version.refresh_from_db()
    assert text.version.state == VersionState.DRAFTING


def test_only_reviewers_of_the_programme_who_stand_apart_are_asked(text):
    assert set(eligible(text.round)) == set(text.reviewers)
    make.coordinator(text.programme, user=text.reviewers[0])
    make.author(text.review, user=text.reviewers[1])
    text.version.authors.create(position=1, name=text.reviewers[2].name)
    stranger, gone = make.person(), make.reviewer(text.programme, make.person(is_active=False))
    for person in (*text.reviewers, stranger, gone):
        assert refused(invite, text.round, by=text.editor, user=person, part="subject")
    assert list(eligible(text.round)) == []
    assert not PeerReview.objects.exists()


def test_nobody_is_asked_twice_in_a_round_and_the_same_person_keeps_a_number(text):
    first, second = text.asked(0), text.asked(1)
    assert (first.number, second.number) == (1, 2)
    assert "already" in refused(text.asked, 0)
    services.send_back(text.version, by=text.editor, reason="More on methods.")
    text.opened()
    assert [text.asked(place).number for place in (2, 1)] == [3, 2]


def test_only_who_runs_the_review_and_did_not_write_it_asks(text):
    writing_editor = make.editor(text.review, make.with_second_factor(make.author(text.review)))
    for person in (text.author, writing_editor, text.reviewers[1], make.person()):
        with pytest.raises(PermissionDenied):
            invite(text.round, by=person, user=text.reviewers[0], part="subject")
    for place, person in enumerate((text.editor, text.coordinator)):
        invite(text.round, by=person, user=text.reviewers[place], part="methods")
    assert told("asked") == {text.reviewers[0].pk, text.reviewers[1].pk}


def test_a_reviewer_reads_once_no_conflict_is_in_the_way_and_until_the_round_is_closed(text):
    def reads(user):
        return policies.ask("evidence.preview", user, text.version).allowed

    asked = text.asked()
    reviewer = asked.user
    assert not reads(reviewer)
    accepted = accept(asked, by=reviewer, has_conflict=True, conflict="We share an office.")
    assert not reads(reviewer) and accepted.held_up
    assert "editor decides" in refused(words.comment, text.version, by=reviewer, part="", text="Hm.")
    with pytest.raises(PermissionDenied):
        clear_conflict(accepted, by=text.author)
    clear_conflict(accepted, by=text.editor)
    assert reads(reviewer)
    assert "no conflict" in refused(clear_conflict, accepted, by=text.editor)
    assert (told("conflict"), told("cleared"), told("accepted")) == ({text.editor.pk}, {reviewer.pk}, set())
    services.send_back(text.version, by=text.editor, reason="Not yet.")
    assert not reads(reviewer)


def test_saying_yes_needs_a_declaration_the_office_and_to_stand_apart(text):
    first, second, third = (text.asked(place) for place in range(3))
    assert "Describe" in refused(accept, first, by=first.user, has_conflict=True, conflict=" ")
    with pytest.raises(PermissionDenied):
        accept(first, by=second.user, has_conflict=False)
    ProgrammeRole.objects.filter(user=second.user).update(ends_on=timezone.localdate())
    assert "no longer a reviewer" in refused(accept, second, by=second.user, has_conflict=False)
    make.author(text.review, user=third.user)
    assert "cannot review" in refused(accept, third, by=third.user, has_conflict=False)
    accept(first, by=first.user, has_conflict=False)
    assert "already" in refused(accept, first, by=first.user, has_conflict=False)


def test_what_was_promised_is_kept_when_the_office_ends(text):
    reading = text.reading()
    ProgrammeRole.objects.filter(user=reading.user).update(ends_on=timezone.localdate())
    sent = words.submit(reading, by=reading.user, opinion="ready", overall="Good.")
    assert sent.state == PeerReviewState.SUBMITTED


def test_a_no_needs_no_reason_and_the_editors_hear_it(text):
    asked, reading = text.asked(0), text.reading(1)
    decline(asked, by=asked.user)
    declined = decline(reading, by=reading.user, reason="I have no time.")
    assert declined.declined_because == "I have no time."
    assert told("declined") == {text.editor.pk}
    assert "already" in refused(decline, asked, by=asked.user)
    assert "do not review" in refused(words.comment, text.version, by=asked.user, part="", text="Hm.")


def test_comments_are_changed_and_taken_back_until_the_review_is_sent_in(text):
    reading = text.reading()
    by = reading.user
    kept = words.comment(text.version, by=by, part="methods", text=" Which sample? ")
    other = words.comment(text.version, by=by, part="", text="Well written.")
    assert (kept.text, kept.peer_review) == ("Which sample?", reading)
    assert "no such part" in refused(words.comment, text.version, by=by, part="nowhere", text="Hm.")
    assert "Write" in refused(words.comment, text.version, by=by, part="", text="  ")
    assert "at most" in refused(words.comment, text.version, by=by, part="", text="x" * 5001)
    assert words.change_comment(kept, by=by, text="How large?").text == "How large?"
    words.remove_comment(other, by=by)
    assert "taken back" in refused(words.change_comment, other, by=by, text="Again.")
    with pytest.raises(PermissionDenied):
        words.change_comment(kept, by=text.author, text="Mine now.")
    words.submit(reading, by=by, opinion="minor", overall="Good.")
    for act in (lambda: words.change_comment(kept, by=by, text="Late."), lambda: words.remove_comment(kept, by=by)):
        assert "stays as it is" in refused(act)
    assert [each.text for each in Comment.objects.all()] == ["How large?"]


def test_a_review_is_sent_in_with_an_opinion_and_words_and_stays(text):
    reading, waiting = text.reading(0), text.reading(1)
    by = reading.user
    words.save_opinion(reading, by=by, overall="So far")
    assert "opinion" in refused(words.submit, reading, by=by, opinion="", overall="Good.")
    assert "opinions shown" in refused(words.submit, reading, by=by, opinion="great", overall="Good.")
    assert "for the authors" in refused(words.submit, reading, by=by, opinion="minor", overall=" ")
    reading.refresh_from_db()
    assert (reading.state, reading.overall) == ("accepted", "So far")
    words.submit(reading, by=by, opinion="minor", overall="Good.")
    assert "stays as it is" in refused(words.submit, reading, by=by, opinion="minor", overall="Better.")
    assert "stays as it is" in refused(words.save_opinion, reading, by=by, overall="Better.")
    assert (told("submitted"), told("all_in")) == ({text.editor.pk}, set())
    words.submit(waiting, by=waiting.user, opinion="ready", overall="Fine.")
    assert told("all_in") == {text.editor.pk}


def test_the_last_no_completes_a_round_too(text):
    text.sent(0)
    asked = text.asked(1)
    Letter.objects.filter(key="peer_review.all_in").delete()
    decline(asked, by=asked.user)
    assert told("all_in") == {text.editor.pk}


def test_when_the_round_is_closed_all_is_refused_with_a_sentence_and_nobody_waits(text):
    invited, reading, sent = text.asked(0), text.reading(1), text.sent(2)
    kept = words.comment(text.version, by=reading.user, part="", text="Half done.")
    services.send_back(text.version, by=text.editor, reason="Again, please.")
    late = (
        (accept, invited, {"by": invited.user, "has_conflict": False}),
        (decline, invited, {"by": invited.user}),
        (words.comment, text.version, {"by": reading.user, "part": "", "text": "More."}),
        (words.change_comment, kept, {"by": reading.user, "text": "More."}),
        (words.save_opinion, reading, {"by": reading.user, "overall": "More."}),
        (words.submit, reading, {"by": reading.user, "opinion": "ready", "overall": "More."}),
        (release, reading, {"by": text.editor}),
        (clear_conflict, reading, {"by": text.editor}),
        (invite, text.round, {"by": text.editor, "user": make.reviewer(text.programme), "part": "methods"}),
    )
    assert {refused(act, thing, **more) for act, thing, more in late} == {
        "This round of peer review is closed, so nothing more can be said or sent in."
    }
    states = set(PeerReview.objects.values_list("user", "state"))
    assert states == {
        (invited.user_id, "released"),
        (reading.user_id, "released"),
        (sent.user_id, "submitted"),
    }
    assert told("released") == {invited.user_id, reading.user_id}
    assert close_round(text.version) is None
    kept.refresh_from_db()
    assert kept.text == "Half done."


def test_approval_closes_the_round_as_well(text):
    sent = text.sent()
    services.approve(text.version, by=text.editor, reason="Two have no time.")
    text.round.refresh_from_db()
    assert text.round.closed_at
    assert "closed" in refused(words.submit, sent, by=sent.user, opinion="ready", overall="More.")


def test_a_reviewer_who_advises_against_it_is_passed_over_only_with_a_reason(text):
    text.version.methods_wanted = text.version.subject_wanted = 0
    text.version.save()
    sent = text.sent()
    assert services.lacking_reviews(text.version) == []
    for opinion, words_of in (("major", "It needs large changes and another look"), ("unfit", "It should not be")):
        PeerReview.objects.filter(pk=sent.pk).update(opinion=opinion)
        said = refused(services.approve, text.version, by=text.editor)
        assert said.startswith(f"Reviewer 1 (subject) said last: “{words_of}") and "all the same" in said
    services.send_back(text.version, by=text.editor, reason="Begin anew.")
    text.opened()
    assert "Reviewer 1 (subject)" in refused(services.approve, text.version, by=text.editor)
    again = text.reading()
    words.submit(again, by=again.user, opinion="ready", overall="Now it is good.")
    approved = services.approve(text.version, by=text.editor, reason="Not needed.")
    assert (approved.state, approved.approved_without) == ("approved", "")


def test_the_pages_of_approving_say_who_advises_against_it(client, text):
    text.version.methods_wanted, text.version.subject_wanted = 0, 1
    text.version.save()
    sent = text.sent()
    PeerReview.objects.filter(pk=sent.pk).update(opinion="unfit")
    said = "Reviewer 1 (subject) said last: “It should not be published”."
    client.force_login(text.editor)
    address = f"{text.review.get_desk_url()}acts/approve/"
    shown = client.get(address)
    assert said in shown.content.decode()
    assert shown.context["form"].fields["reason"].required
    answer = client.post(address, {"reason": " "})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert "Say why it is approved all the same" in answer.content.decode()
    client.force_login(text.coordinator)
    assert said in client.get(f"/admin/evidence/version/{text.version.pk}/act/?act=approve_without").content.decode()
    assert client.post(address, {"reason": "Two others disagree."}).status_code == 302
    text.version.refresh_from_db()
    assert (text.version.state, text.version.approved_without) == ("approved", "Two others disagree.")


def test_answers_are_given_by_those_who_make_the_text_and_never_overwritten_in_silence(text):
    reading = text.reading()
    remark = words.comment(text.version, by=reading.user, part="methods", text="Which sample?")
    with pytest.raises(PermissionDenied):
        words.answer(remark, by=text.author, text="Too early to know of it.")
    words.submit(reading, by=reading.user, opinion="minor", overall="Good.")
    for person in (reading.user, make.person()):
        with pytest.raises(PermissionDenied):
            words.answer(remark, by=person, text="I answer myself.")
    words.answer(remark, by=text.author, text="Two hundred officers.", instead_of="")
    said = refused(words.answer, remark, by=text.editor, text="Three hundred.", instead_of="")
    assert "Two hundred officers." in said
    words.answer(remark, by=text.editor, text="Three hundred.", instead_of="Two hundred officers.")
    remark.refresh_from_db()
    assert (remark.answer, remark.answered_by) == ("Three hundred.", text.editor)


def test_notes_of_those_who_make_the_text_are_theirs_alone(text):
    sent = text.sent()
    note = words.comment(text.version, by=text.author, part="methods", text="I rewrite this.")
    assert note.peer_review is None
    assert [each.text for each in remarks_on(text.version, text.editor)] == ["I rewrite this."]
    assert remarks_on(text.version, sent.user) == []
    with pytest.raises(PermissionDenied):
        words.comment(text.version, by=make.person(), part="", text="Me too.")


def test_comments_stand_in_the_order_of_the_text_and_outlive_their_part(text):
    reading = text.reading()
    for part in ("methods", ""):
        words.comment(text.version, by=reading.user, part=part, text=f"On {part or 'all'}.")
    words.submit(reading, by=reading.user, opinion="minor", overall="Good.")
    assert [anchor for anchor, _heading in parts_of_text(text.version)] == ["", "methods"]
    text.version.sections.all().delete()
    places = by_place(text.version, remarks_on(text.version, text.author))
    assert [(place.anchor, place.gone) for place in places] == [("", False), ("methods", True)]


def words_read(version, user):
    """Return everything that somebody can read of a version's peer review in one request, as one string."""
    user.rights_kept = {}
    return repr(said_of(version, user)) + repr(remarks_on(version, user))


def test_each_kind_of_person_reads_the_words_that_are_for_them_in_every_state(text):
    other = text.sent(0, overall="Overall of the first.")
    mine = text.reading(1)
    words.comment(text.version, by=mine.user, part="methods", text="Remark of the second.")
    words.save_opinion(mine, by=mine.user, overall="Overall of the second.", confidential="Secret of the second.")
    late = text.asked(2)
    both = make.editor(text.review, make.with_second_factor(make.author(text.review)))
    without_factor = make.editor(text.review, make.person())
    first = {"Overall of the first."}
    second = {"Remark of the second.", "Overall of the second."}
    named = {other.user.name, mine.user.name, "Between us.", "Secret of the second."}
    everything = first | second | named
    people = {
        "editor": text.editor,
        "coordinator": text.coordinator,
        "administrator": make.administrator(),
        "author": text.author,
        "author who edits": both,
        "editor without a second factor": without_factor,
        "first reviewer": other.user,
        "second reviewer": mine.user,
        "reviewer still asked": late.user,
        "reviewer not asked": make.reviewer(text.programme),
        "member": make.member(make.partner(text.programme)),
        "stranger": make.person(),
    }
    makers = ("author", "author who edits", "editor without a second factor")

    def read():
        seen = {kind: words_read(text.version, user) for kind, user in people.items()}
        return {kind: {each for each in everything if each in shown} for kind, shown in seen.items()}

    nobody = dict.fromkeys(people, set())
    running = ("editor", "coordinator", "administrator")
    before = nobody | dict.fromkeys(running, first | {other.user.name, "Between us."})
    before |= dict.fromkeys(makers, first) | {"first reviewer": first | {"Between us."}}
    before |= {"second reviewer": {"Remark of the second."}}
    assert read() == before

    kept = {"overall": "Overall of the second.", "confidential": "Secret of the second."}
    words.submit(mine, by=mine.user, opinion="minor", **kept)
    after = nobody | dict.fromkeys(running, everything)
    after |= dict.fromkeys(makers, first | second)
    after |= {"first reviewer": first | second | {"Between us."}}
    after |= {"second reviewer": first | second | {"Secret of the second."}}
    assert read() == after

    services.send_back(text.version, by=text.editor, reason="Again, please.")
    text.version.refresh_from_db()
    send_to_review(text.version, by=text.author)
    assert read() == after
    ReviewPerson.objects.filter(user=text.author).update(ends_on=timezone.localdate())
    assert read() == after | {"author": set()}
    assert Comment.objects.visible_to(None).count() == PeerReview.objects.words_visible_to(None).count() == 0


def test_a_reviewer_who_comes_to_run_the_review_reads_the_others_after_sending_in(text):
    text.sent(0, overall="Overall of the first.")
    reading = text.reading(1)
    make.with_second_factor(make.coordinator(text.programme, user=reading.user))
    assert "Overall of the first." not in words_read(text.version, reading.user)
    decline(reading, by=reading.user)
    assert "Overall of the first." in words_read(text.version, reading.user)


def test_who_may_see_a_peer_review_itself(text):
    asked = text.asked()
    both = make.editor(text.review, make.with_second_factor(make.author(text.review)))
    for person in (asked.user, text.editor, text.coordinator):
        assert list(PeerReview.objects.visible_to(person)) == [asked]
    for person in (text.author, both, text.reviewers[1], make.person(), None):
        assert list(PeerReview.objects.visible_to(person)) == []


@pytest.mark.django_db(transaction=True)
def test_of_sending_in_being_released_and_the_round_being_closed_at_once_one_order_holds():
    text = Text()
    text.opened()
    reading = text.reading()

    def submit(overall):
        return lambda: words.submit(reading, by=reading.user, opinion="minor", overall=overall)

    results = at_once(submit("First."), submit("Second."), lambda: release(reading, by=text.editor))
    reading.refresh_from_db()
    assert sorted(isinstance(each, Refused) for each in results) == [False, True, True]
    assert reading.state in (PeerReviewState.SUBMITTED, PeerReviewState.RELEASED)
    assert Letter.objects.filter(key="peer_review.all_in", channel="portal").count() <= 1

    waiting = text.reading(1)
    results = at_once(
        lambda: words.submit(waiting, by=waiting.user, opinion="minor", overall="In time?"),
        lambda: services.send_back(text.version, by=text.editor, reason="Again."),
        lambda: peer_reviewers.invite(text.round, by=text.coordinator, user=text.reviewers[2], part="methods"),
        lambda: words.comment(text.version, by=waiting.user, part="", text="One more thing."),
    )
    assert not [each for each in results if isinstance(each, Exception) and not isinstance(each, Refused)]
    assert not isinstance(results[1], Exception)
    assert not PeerReview.objects.filter(state__in=("invited", "accepted")).exists()
    waiting.refresh_from_db()
    assert (waiting.state == PeerReviewState.SUBMITTED) == (not isinstance(results[0], Exception))
