"""Letters to addresses without an account: who gets what, what is looked at again, and how addresses are forgotten."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.core.errors import Refused
from collaborative.notifications import sending, services
from collaborative.notifications.models import Letter
from projects.models import Project
from projects.states import Stage
from tests import factories
from tests.races import at_once
from tests.smtp_sink import html, plain

pytestmark = pytest.mark.django_db
BARE = "nobody.yet@people.example"
ADDRESSED = "because somebody who uses it gave us your address."


@pytest.fixture
def addressed(registered):
    """The letter ``test.told``, which may go to a bare address while its project is active."""
    return registered(for_address=lambda rows, address: rows.filter(stage=Stage.ACTIVE))


def tell(address=BARE, event="told:1", project=None, **more):
    """Tell an address about a project; return the project."""
    project = project or factories.project()
    services.tell_address("test.told", project, address=address, event=event, **more)
    return project


def ledger():
    """Return (recipient, address, channel, state) of every letter."""
    return sorted(
        Letter.objects.values_list("recipient_id", "address", "channel", "state"), key=lambda row: (row[2], row[0] or 0)
    )


def test_an_address_without_an_account_gets_one_letter_by_mail(addressed, smtp_sink):
    project = tell("  Nobody.Yet@People.Example ")
    assert ledger() == [(None, BARE, "mail", "queued")]
    sending.deliver()
    [message] = smtp_sink.to(BARE)
    assert Letter.objects.get().state == "sent"
    assert message["Content-Language"] == "en-gb"
    for part in (plain(message), html(message)):
        assert f"http://testserver{project.get_absolute_url()}" in part
        assert ADDRESSED in part
        assert "/me/preferences/" not in part


def test_the_address_of_an_account_gets_the_usual_letter_by_mail_and_in_the_portal(addressed, smtp_sink):
    person = factories.person()
    tell(person.email.upper())
    assert ledger() == [(person.pk, "", "mail", "queued"), (person.pk, "", "portal", "sent")]
    sending.deliver()
    assert ADDRESSED not in plain(smtp_sink.to(person.email)[0])


def test_an_account_that_never_confirmed_the_address_is_no_owner_of_it(addressed):
    person = factories.person()
    EmailAddress.objects.update(verified=False)
    tell(person.email)
    assert ledger() == [(None, person.email, "mail", "queued")]


def test_somebody_whose_sign_in_was_stopped_gets_nothing_though_it_looks_the_same(addressed, smtp_sink):
    person = factories.person(is_active=False)
    tell(person.email)
    sending.deliver()
    assert [row[2:] for row in ledger()] == [("mail", "suppressed"), ("portal", "sent")]
    assert smtp_sink.messages == []


def test_known_and_unknown_addresses_cost_the_same_statements(addressed):
    person, costs = factories.person(), []
    project = factories.project()
    for address in (person.email, BARE, person.email, BARE):
        with CaptureQueriesContext(connection) as queries:
            tell(address, project=project)
        costs.append([query["sql"].split()[0] for query in queries])
    assert costs[0] == costs[1] == costs[2] == costs[3]


def test_no_address_is_told_the_same_event_twice(addressed):
    project = tell()
    tell(project=project)
    tell(event="told:2", project=project)
    assert Letter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_event_told_by_two_at_once_is_told_once(addressed):
    project = factories.project()
    assert at_once(*[lambda: tell(project=project)] * 3) == [project] * 3
    assert Letter.objects.count() == 1


def test_only_letters_that_say_how_may_go_to_an_address(told):
    with pytest.raises(ValueError, match="does not go to an address"):
        tell()


def test_what_the_owner_of_the_address_may_not_be_told_is_not_sent(addressed, smtp_sink):
    project = tell()
    Project.objects.filter(pk=project.pk).update(stage=Stage.DRAFT)
    sending.deliver()
    letter = Letter.objects.get()
    assert (letter.state, letter.reason, smtp_sink.messages) == ("suppressed", "no longer visible", [])


def test_what_no_longer_holds_is_not_sent(registered, smtp_sink):
    registered(for_address=lambda rows, address: rows, still_true=lambda letter, project: False)
    tell()
    sending.deliver()
    assert (Letter.objects.get().reason, smtp_sink.messages) == ("no longer true", [])


def test_a_server_that_is_busy_is_asked_again_with_the_same_message_id(addressed, smtp_sink):
    tell()
    smtp_sink.refuse("451 later")
    sending.deliver()
    assert Letter.objects.get().state == "queued"
    Letter.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    sending.deliver()
    sent = Letter.objects.get()
    assert (sent.state, sent.attempts, len(smtp_sink.to(BARE))) == ("sent", 2, 1)


def test_an_address_that_does_not_exist_bounces_and_leaves_no_address_in_the_reason(addressed, smtp_sink):
    tell()
    smtp_sink.refuse_recipient(BARE)
    sending.deliver()
    letter = Letter.objects.get()
    assert (letter.state, letter.reason) == ("bounced", "SMTPRecipientsRefused 550")


@pytest.mark.parametrize(
    "broken",
    [{"address": ""}, {"channel": "portal"}, {"address": "", "state": "sending", "claimed_until": timezone.now()}],
)
def test_the_database_refuses_a_letter_to_nobody_and_one_in_a_portal_without_a_person(addressed, broken):
    tell()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(**broken)


def test_the_database_refuses_a_letter_to_a_person_and_an_address_at_once(addressed):
    tell()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(recipient=factories.person())


def test_a_forgotten_address_is_gone_and_what_waited_for_it_is_not_sent(addressed, smtp_sink):
    tell(event="sent")
    sending.deliver()
    tell(event="waiting")
    tell(event="in hands")
    Letter.objects.filter(event="in hands").update(state="sending", claimed_until=timezone.now())
    assert services.forget_addresses(Letter.objects.all()) == 2
    kept = Letter.objects.order_by("event").values_list("event", "address", "state")
    assert list(kept) == [("in hands", BARE, "sending"), ("sent", "", "sent"), ("waiting", "", "suppressed")]
    assert services.forget_addresses(Letter.objects.all()) == 0


def test_what_failed_is_sent_again_unless_the_address_is_forgotten(addressed):
    tell()
    Letter.objects.update(state="failed", reason="SMTPDataError 451")
    administrator = factories.administrator()
    services.requeue(Letter.objects.get(), by=administrator)
    Letter.objects.update(state="failed", reason="SMTPDataError 451", address="")
    with pytest.raises(Refused):
        services.requeue(Letter.objects.get(), by=administrator)


def test_the_ledger_shows_the_address_to_administrators_alone(addressed, client):
    tell()
    where = "/admin/notifications/letter/"
    client.force_login(factories.with_second_factor(factories.administrator()))
    assert BARE in client.get(where).content.decode()
    coordinator = factories.with_second_factor(factories.coordinator(factories.programme()))
    client.force_login(coordinator)
    assert client.get(where).status_code == 403
    for person in (coordinator, factories.person()):
        assert list(Letter.objects.manageable_by(person)) == list(Letter.objects.visible_to(person)) == []
