"""Asking for another format or language: it reaches whoever can help, has a day, is answered once and forgotten."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.accounts.leaving import close
from collaborative.audit.models import Event
from collaborative.core import personal
from collaborative.core.errors import Refused
from collaborative.notifications import tasks
from collaborative.notifications.models import Letter
from evidence.models import FormatRequest
from evidence.services import asked as services
from evidence.services import withdraw
from evidence.services.asked import FORGOTTEN, Wish, answer_asked, answerers, ask_for, chase, due_on
from evidence.states import VersionState
from tests import factories as make
from tests.races import at_once
from tests.smtp_sink import plain

pytestmark = pytest.mark.django_db
LARGE = Wish("format", format="large_print", details="Type of 18 points.")


def letters(asked, **more):
    """Return who was told what, by mail, of a request."""
    keys = Letter.objects.filter(key__startswith="format_request.", channel="mail", **more)
    return sorted(keys.values_list("key", "recipient_id", "address"))


def test_the_day_of_the_answer_is_ten_working_days_away():
    assert due_on(date(2026, 11, 23)) == date(2026, 12, 7)
    assert due_on(date(2026, 11, 20)) == date(2026, 12, 4)
    assert due_on(date(2026, 11, 22)) == date(2026, 12, 4)


def test_a_reader_without_an_account_asks_and_the_editors_hear_of_it():
    review = make.review()
    make.coordinator(review.programme)
    editor = make.editor(review)
    asked = ask_for(review, LARGE, key=uuid4(), name=" Ann ", email=" Ann@Mailbox.example ")
    assert (asked.email, asked.name, asked.user, asked.due_on) == (
        "ann@mailbox.example", "Ann", None, due_on(timezone.localdate()),
    )  # fmt: skip
    assert asked.version_id == review.current_id
    assert letters(asked) == [
        ("format_request.made", editor.pk, ""),
        ("format_request.received_by_mail", None, "ann@mailbox.example"),
    ]
    assert Event.objects.filter(verb="format_request.made", object_id=asked.pk).count() == 1


def test_without_editors_the_coordinators_answer_and_without_those_the_administrators():
    review = make.review()
    administrator = make.administrator()
    assert answerers(review) == {administrator.pk}
    coordinator = make.coordinator(review.programme)
    assert answerers(review) == {coordinator.pk}
    editor = make.editor(review)
    make.author(review)
    assert answerers(review) == {editor.pk}
    editor.is_active = False
    editor.save()
    assert answerers(review) == {coordinator.pk}


def test_the_owner_of_an_account_hears_in_the_portal_and_leaves_no_second_address():
    review, reader = make.review(), make.person()
    asked = ask_for(review, Wish("translation", language="cy"), key=uuid4(), by=reader, name="X", email="x@y.example")
    assert (asked.user, asked.name, asked.email, asked.language, asked.format) == (reader, "", "", "cy", "")
    told = Letter.objects.filter(recipient=reader).values_list("key", "channel")
    assert set(told) == {("format_request.received", "mail"), ("format_request.received", "portal")}


def test_an_address_that_has_an_account_gets_its_letter_and_the_caller_cannot_tell():
    review, owner = make.review(), make.person()
    one = ask_for(review, LARGE, key=uuid4(), email=owner.email)
    other = ask_for(review, LARGE, key=uuid4(), email="nobody@mailbox.example")
    assert (one.user, other.user) == (None, None)
    assert Letter.objects.filter(key="format_request.received_by_mail", recipient=owner).count() == 2


def test_the_same_form_sent_twice_is_one_request_with_one_letter():
    review, key = make.review(), uuid4()
    first = ask_for(review, LARGE, key=key, email="ann@mailbox.example")
    assert ask_for(review, LARGE, key=str(key), email="ann@mailbox.example") == first
    assert Letter.objects.filter(key="format_request.received_by_mail").count() == 1


def test_what_is_archived_can_be_asked_about_and_what_is_withdrawn_cannot():
    archived = make.review(state=VersionState.ARCHIVED)
    assert ask_for(archived, LARGE, key=uuid4(), email="a@mailbox.example").waiting
    withdrawn = make.review(state=VersionState.WITHDRAWN)
    with pytest.raises(Refused, match="withdrawn"):
        ask_for(withdrawn, LARGE, key=uuid4(), email="a@mailbox.example")
    with pytest.raises(Refused, match="address"):
        ask_for(archived, LARGE, key=uuid4())


def test_the_answer_about_a_withdrawn_text_reaches_whoever_asked_with_an_account_or_without(smtp_sink):
    review, asker, owner = make.review(), make.person(), make.person()
    coordinator = make.coordinator(review.programme)
    requests = [
        ask_for(review, LARGE, key=uuid4(), by=asker),
        ask_for(review, LARGE, key=uuid4(), email=owner.email),
        ask_for(review, LARGE, key=uuid4(), email="ann@mailbox.example"),
    ]
    withdraw(review.current, by=coordinator, reason="Its figures were wrong.")
    Letter.objects.exclude(key__startswith="format_request.answered").delete()
    for asked in requests:
        answer_asked(asked, by=coordinator, can_be_done=True, words="Here is what we had made.")
    while tasks.deliver():
        pass
    for address in (asker.email, owner.email, "ann@mailbox.example"):
        (mail,) = smtp_sink.to(address)
        assert "Here is what we had made." in plain(mail), address


def test_every_kind_of_person_answers_or_is_refused_with_the_reason():
    review = make.review()
    programme = review.programme
    may = [make.editor(review), make.coordinator(programme), make.administrator()]
    may_not = {
        make.author(review): "editor of this review",
        make.person(): "editor of this review",
        make.member(make.partner(programme)): "editor of this review",
        make.coordinator(make.programme()): "editor of this review",
        make.editor(make.review(programme)): "editor of this review",
        make.editor(review, make.person()): "second factor",
    }
    for person in may:
        asked = make.format_request(review, email="ann@mailbox.example")
        assert answer_asked(asked, by=person, can_be_done=True, words=" On Friday. ").answer == "On Friday."
    for person, reason in may_not.items():
        asked = make.format_request(review)
        with pytest.raises(PermissionDenied, match=reason):
            answer_asked(asked, by=person, can_be_done=False, words="No.")


def test_an_answer_and_a_refusal_reach_whoever_asked_with_the_words():
    review, reader = make.review(), make.person()
    editor = make.editor(review)
    mine = make.format_request(review, user=reader)
    theirs = make.format_request(review, email="ann@mailbox.example")
    answered = answer_asked(mine, by=editor, can_be_done=True, words="It is attached.")
    declined = answer_asked(theirs, by=editor, can_be_done=False, words="We have no signer.")
    assert (answered.state, answered.answered_by, declined.state) == ("answered", editor, "declined")
    assert letters(mine) == [
        ("format_request.answered", reader.pk, ""),
        ("format_request.declined_by_mail", None, "ann@mailbox.example"),
    ]
    with pytest.raises(Refused, match="already"):
        answer_asked(mine, by=editor, can_be_done=False, words="No.")
    for words, told in (("  ", "Write an answer"), ("x" * 4001, "Shorten")):
        with pytest.raises(Refused, match=told):
            answer_asked(theirs, by=editor, can_be_done=True, words=words)


def test_requests_are_brought_to_mind_two_days_before_and_once_when_late():
    review = make.review()
    editor = make.editor(review)
    asked = make.format_request(review, due_on=date(2026, 12, 7))
    answered = make.format_request(review, due_on=date(2026, 12, 7))
    answer_asked(answered, by=editor, can_be_done=True, words="Here.")
    at = timezone.now().replace(year=2026, month=12, hour=12)
    told = {day: [chase(at.replace(day=day)) for _again in range(2)] for day in (4, 5, 6, 7, 8, 9)}
    assert told == {4: [0, 0], 5: [1, 0], 6: [0, 0], 7: [0, 0], 8: [1, 0], 9: [0, 0]}
    assert letters(asked) == [("format_request.due", editor.pk, ""), ("format_request.overdue", editor.pk, "")]


def test_a_worker_that_slept_tells_only_that_it_is_late():
    review = make.review()
    make.editor(review)
    make.format_request(review, due_on=timezone.localdate() - timedelta(days=30))
    assert (chase(), chase()) == (1, 0)
    assert [row[0] for row in letters(None)] == ["format_request.overdue"]


def test_who_asked_is_forgotten_ninety_days_after_the_answer_and_the_counts_stay():
    review, reader = make.review(), make.person()
    editor = make.editor(review)
    asked = ask_for(review, LARGE, key=uuid4(), name="Ann", email="ann@mailbox.example")
    mine = ask_for(review, LARGE, key=uuid4(), by=reader)
    open_still = ask_for(review, LARGE, key=uuid4(), email="bo@mailbox.example")
    for each in (asked, mine):
        answer_asked(each, by=editor, can_be_done=True, words="Dear Ann, here.")
    Letter.objects.filter(channel="mail").update(state="sent", sent_at=timezone.now())
    rule = next(each for each in personal.rules() if each.name == "format-requests")
    assert rule.days == 90
    now = timezone.now()
    assert personal.forget_what_is_old(rule, now + timedelta(days=89)) == 0
    assert personal.forget_what_is_old(rule, now + timedelta(days=91)) == 2
    assert personal.forget_what_is_old(rule, now + timedelta(days=91)) == 0
    for each in (asked, mine):
        each.refresh_from_db()
        assert (each.name, each.email, each.details, each.user, each.answer) == ("", "", "", None, FORGOTTEN)
        assert (each.format, each.state) == ("large_print", "answered")
    assert not Letter.objects.filter(address="ann@mailbox.example").exists()
    assert Letter.objects.filter(address="bo@mailbox.example").exists()
    open_still.refresh_from_db()
    assert open_still.email == "bo@mailbox.example"


def test_who_leaves_takes_back_what_waits_and_their_words():
    review, reader = make.review(), make.person()
    waiting = ask_for(review, LARGE, key=uuid4(), by=reader)
    by_mail = ask_for(review, LARGE, key=uuid4(), email=reader.email)
    close(reader, by=reader)
    for each in (waiting, by_mail):
        each.refresh_from_db()
        assert (each.state, each.user, each.email, each.details) == ("declined", None, "", "")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_wins_and_a_double_press_is_one_request():
    review, key = make.review(), uuid4()
    people = [make.editor(review), make.with_second_factor(make.coordinator(review.programme))]
    presses = at_once(*[lambda: ask_for(review, LARGE, key=key, email="ann@mailbox.example")] * 2)
    assert presses[0] == presses[1] == FormatRequest.objects.get()
    asked = presses[0]
    results = at_once(
        lambda: services.answer_asked(asked, by=people[0], can_be_done=True, words="Yes."),
        lambda: services.answer_asked(asked, by=people[1], can_be_done=False, words="No."),
    )
    assert sorted(type(each).__name__ for each in results) == ["FormatRequest", "Refused"]
    assert Letter.objects.filter(event__startswith="format_request.", address="ann@mailbox.example").count() == 2
