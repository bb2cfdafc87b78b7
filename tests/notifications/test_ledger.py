"""The ledger in the admin: who sees it, and sending again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.notifications import sending, services
from collaborative.notifications.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db
LEDGER = "/admin/notifications/letter/"


@pytest.fixture
def failed(told):
    """A letter that failed."""
    services.tell("test.told", factories.project(), to=[factories.person().pk], event="told:1")
    Letter.objects.filter(channel="mail").update(state="failed", reason="SMTPDataError 451", attempts=8)
    return Letter.objects.get(channel="mail")


def people():
    """Return someone of each kind who is not an administrator."""
    programme = factories.programme()
    body = factories.partner(programme)
    return [
        factories.person(),
        factories.member(body),
        factories.member(body, role="lead"),
        factories.coordinator(programme),
    ]


def test_only_administrators_see_the_ledger(failed, client):
    assert list(Letter.objects.manageable_by(factories.administrator()).filter(pk=failed.pk)) == [failed]
    for person in people():
        assert list(Letter.objects.manageable_by(person)) == []
    coordinator = factories.with_second_factor(factories.coordinator(factories.programme()))
    client.force_login(coordinator)
    assert client.get(LEDGER).status_code == 403


def test_a_failed_letter_is_sent_again_once_an_administrator_says_so(failed, smtp_sink):
    administrator = factories.administrator()
    services.requeue(failed, by=administrator)
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.reason) == ("queued", 0, "")
    sending.deliver()
    assert len(smtp_sink.messages) == 1
    recorded = Event.objects.get(verb="letter.requeued")
    kept = (recorded.actor, recorded.object_id, recorded.from_state, recorded.to_state)
    assert kept == (administrator, failed.pk, "failed", "queued")


def test_nobody_else_may_send_again(failed):
    for person in people():
        with pytest.raises(PermissionDenied):
            services.requeue(failed, by=person)


@pytest.mark.parametrize("state", ["queued", "sent", "suppressed"])
def test_what_did_not_fail_is_not_sent_again(failed, state):
    Letter.objects.filter(pk=failed.pk).update(state=state, sent_at=timezone.now())
    with pytest.raises(Refused):
        services.requeue(failed, by=factories.administrator())


def test_the_admin_lists_the_ledger_and_sends_again_what_failed(failed, client, django_assert_max_num_queries):
    client.force_login(factories.with_second_factor(factories.administrator()))
    with django_assert_max_num_queries(25):
        page = client.get(LEDGER, {"q": "told:1"})
    assert page.status_code == 200
    assert "test.told" in page.content.decode()
    assert client.get(f"{LEDGER}{failed.pk}/change/").status_code == 200
    chosen = list(Letter.objects.values_list("pk", flat=True))
    answer = client.post(LEDGER, {"action": "send_again", "_selected_action": chosen}, follow=True)
    assert "1 letter will be sent again." in answer.content.decode()
    failed.refresh_from_db()
    assert failed.state == "queued"


def test_nothing_in_the_ledger_is_written_deleted_or_changed_by_hand(failed, client):
    client.force_login(factories.with_second_factor(factories.administrator()))
    assert client.get(f"{LEDGER}add/").status_code == 403
    assert client.post(f"{LEDGER}{failed.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{LEDGER}{failed.pk}/change/", {"state": "sent"})
    failed.refresh_from_db()
    assert failed.state == "failed"
