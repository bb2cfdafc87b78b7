"""Sending: a real conversation with a mail server, what is looked at again, and what goes wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone

from collaborative.core.handling import Handling
from collaborative.notifications import sending, services, tasks
from collaborative.notifications.models import Letter
from partners.models import Membership
from projects.models import Project
from projects.states import Stage
from tests import factories
from tests.smtp_sink import html, plain

pytestmark = pytest.mark.django_db


def tell(*people, project=None, event="told:1", **more):
    """Tell people about a project that everyone sees; return it."""
    project = project or factories.project(title="Sergeants & * their _nights_")
    services.tell("test.told", project, to=[person.pk for person in people], event=event, **more)
    return project


def mail():
    """Return the one letter on mail."""
    return Letter.objects.get(channel="mail")


def make_due():
    """Let the waiting of every letter be over."""
    Letter.objects.filter(channel="mail").update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_letter_arrives_with_title_date_link_and_why(told, smtp_sink):
    person = factories.person()
    project = tell(person)
    assert sending.deliver() is False
    [message] = smtp_sink.to(person.email)
    letter = mail()
    assert (letter.state, letter.attempts, letter.reason) == ("sent", 1, "")
    assert letter.sent_at is not None
    assert message["Subject"] == "Something happened: Sergeants & * their _nights_"
    for part in (plain(message), html(message).replace("&amp;", "&")):
        assert project.title in part
        assert f"http://testserver{project.get_absolute_url()}" in part
        assert timezone.localtime(letter.created_at).strftime("%B %Y") in part
        assert "because" in part
        assert "http://testserver/me/preferences/" in part


def test_a_letter_says_what_mail_programs_must_know(told, smtp_sink):
    person = factories.person()
    project = tell(person)
    tell(person, project=project, event="told:2")
    sending.deliver()
    first, second = smtp_sink.messages
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Id"] == "decisions <decisions.testserver>"
    assert first["Content-Language"] == "en-gb"
    assert first["References"] == second["References"] == first["In-Reply-To"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["To"] == person.email
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]


def test_a_batch_is_one_conversation(told, smtp_sink):
    tell(*(factories.person() for _number in range(5)))
    sending.deliver()
    assert (len(smtp_sink.messages), smtp_sink.connections) == (5, 1)


def test_more_than_a_batch_is_sent_by_asking_again(told, smtp_sink, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    tell(*(factories.person() for _number in range(3)))
    assert sending.deliver() is True
    assert sending.deliver() is False
    assert len(smtp_sink.messages) == 3


def test_words_come_in_the_recipients_language_and_time_zone(registered, smtp_sink):
    from django.utils.timezone import localtime
    from django.utils.translation import get_language

    def context(letter, project):
        return {"facts": [(get_language(), f"{localtime(letter.created_at):%H:%M %Z}")]}

    registered(context=context)
    welsh = factories.person(language="cy", time_zone="America/New_York")
    tell(welsh)
    sending.deliver()
    [message] = smtp_sink.to(welsh.email)
    assert message["Content-Language"] == "cy"
    written = localtime(mail().created_at)
    from zoneinfo import ZoneInfo

    assert f"cy: {written.astimezone(ZoneInfo('America/New_York')):%H:%M %Z}" in plain(message)
    assert '<html lang="cy">' in html(message)


def test_a_letter_about_what_the_recipient_may_no_longer_see_is_suppressed(told, smtp_sink):
    programme = factories.programme()
    member = factories.member(factories.partner(programme))
    stranger = factories.person()
    project = factories.project(programme, stage=Stage.PROPOSED, handling=Handling.OFFICIAL)
    tell(member, stranger, project=project)
    sending.deliver()
    assert smtp_sink.envelopes == [[member.email]]
    unsent = Letter.objects.get(channel="mail", recipient=stranger)
    assert (unsent.state, unsent.reason, unsent.sent_at) == ("suppressed", "no longer visible", None)


def test_someone_who_lost_the_right_between_event_and_sending_gets_nothing(told, smtp_sink):
    programme = factories.programme()
    member = factories.member(factories.partner(programme))
    tell(member, project=factories.project(programme, stage=Stage.PROPOSED))
    Membership.objects.filter(user=member).update(ends_on=timezone.localdate())
    sending.deliver()
    assert smtp_sink.messages == []
    assert (mail().state, mail().reason) == ("suppressed", "no longer visible")


def test_a_letter_about_something_deleted_is_suppressed(told, smtp_sink):
    project = tell(factories.person())
    Project.objects.filter(pk=project.pk).delete()
    sending.deliver()
    assert (mail().state, mail().reason, smtp_sink.messages) == ("suppressed", "no longer visible", [])


def test_what_no_longer_holds_is_not_sent(registered, smtp_sink):
    registered(still_true=lambda letter, project: project.stage == Stage.ACTIVE)
    person = factories.person()
    tell(person)
    paused = tell(person, event="told:2")
    Project.objects.filter(pk=paused.pk).update(stage=Stage.PAUSED)
    sending.deliver()
    states = Letter.objects.filter(channel="mail").order_by("pk").values_list("state", "reason")
    assert list(states) == [("sent", ""), ("suppressed", "no longer true")]
    assert len(smtp_sink.messages) == 1


@pytest.mark.parametrize("leaving", [{"is_active": False}, {"anonymised_at": timezone.now()}])
def test_someone_who_left_after_the_event_gets_nothing(told, smtp_sink, leaving):
    person = factories.person()
    tell(person)
    type(person).objects.filter(pk=person.pk).update(**leaving)
    sending.deliver()
    assert (mail().state, mail().reason, smtp_sink.messages) == ("suppressed", "left", [])


def test_a_refused_letter_waits_longer_each_time_and_then_has_failed(told, smtp_sink):
    person = factories.person()
    tell(person)
    smtp_sink.refuse("451 try again later", times=99)
    waits = []
    for _attempt in sending.WAITS:
        sending.deliver()
        letter = mail()
        assert (letter.state, letter.reason) == ("queued", "SMTPDataError 451")
        waits.append(round((letter.due_at - timezone.now()).total_seconds(), -1))
        make_due()
    sending.deliver()
    assert waits == list(sending.WAITS) == sorted(set(waits))
    assert (mail().state, mail().reason, mail().attempts) == ("failed", "SMTPDataError 451", len(sending.WAITS) + 1)
    make_due()
    assert sending.deliver() is False
    assert smtp_sink.messages == []


def test_a_letter_that_waits_is_not_sent_before_its_time(told, smtp_sink):
    tell(factories.person())
    smtp_sink.refuse()
    sending.deliver()
    assert sending.deliver() is False
    assert smtp_sink.messages == []
    make_due()
    tasks.sweep()
    assert [mail().state, len(smtp_sink.messages)] == ["sent", 1]


def test_a_repeat_has_the_same_message_id(told, smtp_sink):
    tell(factories.person())
    sending.deliver()
    Letter.objects.filter(channel="mail").update(state="queued", due_at=timezone.now())
    sending.deliver()
    assert len(smtp_sink.messages) == 2
    assert smtp_sink.repeats() == [smtp_sink.messages[0]["Message-ID"]]


def test_one_refused_letter_does_not_keep_the_others_from_going(told, smtp_sink):
    tell(*(factories.person() for _number in range(3)))
    smtp_sink.refuse()
    sending.deliver()
    assert sorted(Letter.objects.filter(channel="mail").values_list("state", flat=True)) == ["queued", "sent", "sent"]


def test_a_server_that_hangs_up_in_the_middle_costs_one_letter_a_wait_and_the_others_nothing(told, smtp_sink):
    tell(*(factories.person() for _number in range(3)))
    smtp_sink.refuse("421 closing down")
    sending.deliver()
    states = Letter.objects.filter(channel="mail").values_list("state", "reason")
    assert sorted(states) == [("queued", "SMTPDataError 421"), ("sent", ""), ("sent", "")]
    assert smtp_sink.connections == 2


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ("550 no such person", "bounced", "SMTPRecipientsRefused 550"),
        ("450 mailbox busy", "queued", "SMTPRecipientsRefused 450"),
    ],
)
def test_an_address_refused_for_good_is_a_bounce_and_a_busy_one_is_tried_again(told, smtp_sink, answer, state, reason):
    person, other = factories.person(), factories.person()
    smtp_sink.refuse_recipient(person.email, answer)
    tell(person, other)
    sending.deliver()
    letter = Letter.objects.get(channel="mail", recipient=person)
    assert (letter.state, letter.reason) == (state, reason)
    assert smtp_sink.envelopes == [[other.email]]


def test_without_a_mail_server_nothing_is_attempted_and_nothing_lost(told, smtp_sink, settings, caplog):
    tell(factories.person())
    port = smtp_sink.port
    smtp_sink.stop()
    assert sending.deliver() is False
    assert (mail().state, mail().attempts) == ("queued", 0)
    assert "the mail server cannot be reached" in caplog.text
    smtp_sink.start(port)
    tasks.sweep()
    assert (mail().state, len(smtp_sink.messages)) == ("sent", 1)


def test_a_letter_that_cannot_be_made_is_kept_and_the_others_go(registered, smtp_sink, caplog):
    def context(letter, project):
        return {"number": 1 / (0 if letter.data.get("broken") else 1)}

    registered(context=context)
    broken, whole = factories.person(), factories.person()
    tell(broken, data={"broken": 1})
    tell(whole, event="told:2")
    sending.deliver()
    letter = Letter.objects.get(channel="mail", recipient=broken)
    assert (letter.state, letter.reason) == ("queued", "ZeroDivisionError")
    assert smtp_sink.envelopes == [[whole.email]]
    assert "a letter could not be made" in caplog.text
    assert broken.email not in caplog.text


def test_a_lost_workers_letter_is_sent_by_the_sweep_when_its_claim_has_run_out(told, smtp_sink):
    tell(factories.person())
    assert sending.claim(mail()) is True
    tasks.sweep()
    assert (mail().state, smtp_sink.messages) == ("sending", [])
    past = timezone.now() - timedelta(seconds=1)
    Letter.objects.filter(channel="mail").update(due_at=past, claimed_until=past)
    tasks.sweep()
    assert (mail().state, mail().attempts, len(smtp_sink.messages)) == ("sent", 2, 1)


def test_a_worker_whose_claim_ran_out_does_not_overwrite_what_another_wrote(told):
    tell(factories.person())
    slow = mail()
    sending.claim(slow)
    past = timezone.now() - timedelta(seconds=1)
    Letter.objects.filter(channel="mail").update(due_at=past, claimed_until=past)
    quick = mail()
    assert sending.claim(quick) is True
    sending.settle(slow, "failed", "too late")
    assert mail().state == "sending"
    sending.settle(quick, "sent", sent_at=timezone.now())
    assert mail().state == "sent"


def test_a_claim_holds_longer_than_a_mail_conversation_can_last(settings):
    settings.EMAIL_TIMEOUT = 20
    steps = ("connect", "greeting", "EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA")
    assert sending.lease().total_seconds() > len(steps) * settings.EMAIL_TIMEOUT


def test_one_person_more_costs_their_own_claim_and_rights_and_a_letter_more_only_its_claim_and_end(
    told, smtp_sink, django_assert_max_num_queries
):
    person = factories.person()
    for number in range(10):
        tell(person, event=f"told:{number}")
    with django_assert_max_num_queries(10 * 2 + 8):
        sending.deliver()
    assert len(smtp_sink.messages) == 10


def test_an_address_in_a_subject_cannot_add_a_header(told, smtp_sink):
    person = factories.person()
    tell(person, project=factories.project(title="Two\r\nBcc: spy@people.example"))
    sending.deliver()
    [message] = smtp_sink.messages
    assert message["Bcc"] is None
    assert smtp_sink.envelopes == [[person.email]]
    assert message["Subject"] == "Something happened: Two Bcc: spy@people.example"
