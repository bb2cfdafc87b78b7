"""What has outlived its purpose is forgotten by itself, and nothing that has not."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.utils import timezone
from django.utils.html import escape

from collaborative.accounts.models import User
from collaborative.core import personal
from collaborative.notifications.models import Letter
from collaborative.portal.care import forget_what_is_old
from collaborative.portal.models import ProblemReport
from partners.models import Invitation, MembershipRequest, Profile
from projects.models import JoinRequest
from tests import factories as make
from tests.accounts.ways import join

pytestmark = pytest.mark.django_db


def ago(days):
    """Return a moment some days ago."""
    return timezone.now() - timedelta(days=days)


def rule(name):
    """Return a registered rule."""
    return next(each for each in personal.rules() if each.name == name)


def before_and_after(name):
    """Return moments a day before and a day after the end of a rule's time."""
    return ago(rule(name).days + 1), ago(rule(name).days - 1)


def test_words_and_addresses_of_problems_after_a_year():
    old, new = before_and_after("problems")
    for at in (old, new):
        report = ProblemReport.objects.create(message="Broken", email="a@people.example", reporter=make.person())
        ProblemReport.objects.filter(pk=report.pk).update(reported_at=at)
    assert personal.forget_what_is_old(rule("problems")) == 1
    assert personal.forget_what_is_old(rule("problems")) == 0
    first, second = ProblemReport.objects.order_by("reported_at")
    assert (first.message, first.email, first.reporter) == ("", "", None)
    assert second.message == "Broken"


def test_words_of_answered_requests_after_two_years_and_never_of_waiting_ones():
    old, new = before_and_after("membership-requests")
    for state, at in (("accepted", old), ("declined", new), ("pending", None)):
        MembershipRequest.objects.create(
            user=make.person(),
            organisation=make.organisation(),
            message="Hello",
            answer="Yes",
            title="Analyst",
            state=state,
            answered_at=at,
            created_at=old,
        )
    assert personal.forget_what_is_old(rule("membership-requests")) == 1
    assert dict(MembershipRequest.objects.values_list("state", "message")) == {
        "accepted": "",
        "declined": "Hello",
        "pending": "Hello",
    }


def test_words_of_answered_requests_to_join_projects():
    old, new = before_and_after("join-requests")
    for at in (old, new):
        JoinRequest.objects.create(
            project=make.project(),
            user=make.person(),
            organisation=make.organisation(),
            message="Hello",
            state="accepted",
            answered_at=at,
        )
    assert personal.forget_what_is_old(rule("join-requests")) == 1
    assert sorted(JoinRequest.objects.values_list("message", flat=True)) == ["", "Hello"]


def test_addresses_of_invitations_ninety_days_after_they_end_and_of_their_letters():
    old, new = before_and_after("invitations")
    body, by = make.organisation(), make.person()
    made = [
        Invitation.objects.create(
            organisation=body,
            email=f"{state}@people.example",
            name="Asha",
            message="Come",
            invited_by=by,
            state=state,
            created_at=ago(200),
            expires_at=at,
        )
        for state, at in (("expired", old), ("declined", new))
    ]
    for each in made:
        Letter.objects.create(
            key="invitation.sent",
            event=f"sent {each.pk}",
            address=each.email,
            channel="mail",
            state="sent",
            sent_at=timezone.now(),
            kind_of="invitation",
            object_id=each.pk,
        )
    assert personal.forget_what_is_old(rule("invitations")) == 1
    assert sorted(Invitation.objects.values_list("email", "name", "message")) == [
        ("", "", ""),
        ("declined@people.example", "Asha", "Come"),
    ]
    assert sorted(Letter.objects.values_list("address", flat=True)) == ["", "declined@people.example"]


def test_letters_after_two_years_unless_they_still_wait():
    old, new = before_and_after("letters")
    person = make.person()
    for n, (at, state) in enumerate([(old, "sent"), (new, "sent"), (old, "queued")]):
        sent = {"sent_at": at} if state == "sent" else {}
        Letter.objects.create(
            key="x", event=str(n), recipient=person, channel="mail", state=state, kind_of="project", object_id=1, **sent
        )
        Letter.objects.filter(event=str(n)).update(created_at=at)
    assert personal.forget_what_is_old(rule("letters")) == 1
    assert sorted(Letter.objects.values_list("event", flat=True)) == ["1", "2"]


def test_where_somebody_was_signed_in_once_the_session_has_run_out():
    old, new = before_and_after("sessions")
    for key, at in (("old", old), ("new", new)):
        UserSession.objects.create(user=make.person(), session_key=key, ip="203.0.113.7", last_seen_at=at)
    assert personal.forget_what_is_old(rule("sessions")) == 1
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["new"]


def account(*, joined, verified=False, **fields):
    """Make an account as joining leaves it."""
    user = User.objects.create_user(f"joiner{make.number()}@people.example", "a password that is long", **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    User.objects.filter(pk=user.pk).update(joined_at=joined)
    return user


class TestAccountsThatWereNeverConfirmed:
    def test_go_after_thirty_days(self):
        old, new = before_and_after("unconfirmed-accounts")
        gone, stays = account(joined=old), account(joined=new)
        assert personal.forget_what_is_old(rule("unconfirmed-accounts")) == 1
        assert set(User.objects.values_list("pk", flat=True)) == {stays.pk}
        assert not EmailAddress.objects.filter(email=gone.email).exists()

    def test_are_what_joining_leaves_until_the_code_is_typed(self, client):
        join(client, "asha@people.example")
        User.objects.update(joined_at=ago(31))
        assert personal.forget_what_is_old(rule("unconfirmed-accounts")) == 1
        assert not User.objects.exists()

    def test_stay_once_confirmed_or_appointed_or_signed_in(self):
        old, _new = before_and_after("unconfirmed-accounts")
        account(joined=old, verified=True)
        account(joined=old, last_login=old)
        User.objects.filter(pk=make.administrator().pk).update(joined_at=old)
        assert personal.forget_what_is_old(rule("unconfirmed-accounts")) == 0
        assert User.objects.count() == 3

    def test_are_emptied_when_something_points_at_them(self):
        old, _new = before_and_after("unconfirmed-accounts")
        user = account(joined=old)
        MembershipRequest.objects.create(user=user, organisation=make.organisation())
        assert personal.forget_what_is_old(rule("unconfirmed-accounts")) == 1
        assert personal.forget_what_is_old(rule("unconfirmed-accounts")) == 0
        assert User.objects.get(pk=user.pk).email == f"closed-{user.pk}@closed.invalid"


def test_pictures_to_which_no_profile_points_go_after_a_day(settings):
    folder = Path(settings.MEDIA_ROOT) / "people"
    folder.mkdir(parents=True)
    for name, days in (("lost.webp", 2), ("just-made.webp", 0), ("kept.webp", 2)):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (ago(days).timestamp(),) * 2)
    Profile.objects.create(user=make.person(), slug="asha", picture="people/kept.webp")
    forget_what_is_old()
    assert sorted(path.name for path in folder.iterdir()) == ["just-made.webp", "kept.webp"]


def test_more_than_one_batch(monkeypatch):
    monkeypatch.setattr(personal, "BATCH", 3)
    for _ in range(8):
        ProblemReport.objects.create(message="Broken")
    ProblemReport.objects.update(reported_at=ago(400))
    assert personal.forget_what_is_old(rule("problems")) == 8
    assert not ProblemReport.objects.exclude(message="").exists()


def test_a_rule_that_fails_leaves_the_others_at_work(monkeypatch, caplog):
    def broken(before):
        raise RuntimeError("no")

    rules = [personal.Rule("broken", "Broken", 1, broken, None), rule("problems")]
    monkeypatch.setattr(personal, "rules", lambda: rules)
    ProblemReport.objects.create(message="Broken")
    ProblemReport.objects.update(reported_at=ago(400))
    forget_what_is_old()
    assert ProblemReport.objects.get().message == ""
    assert [record.rule for record in caplog.records if record.levelname == "ERROR"] == ["broken"]


def test_the_privacy_page_names_every_table_and_every_rule(client):
    page = client.get("/privacy/")
    assert page.context["tables"] == personal.listed()
    text = page.content.decode()
    for each in personal.rules():
        assert f"after {each.days} days" in text
    assert [table.name for table in personal.listed() if escape(str(table.label)) not in text] == []
    assert [each.name for each in personal.rules() if escape(str(each.label)) not in text] == []
