"""Readers report problems: kept, read by administrators alone, as typed, and not without end."""

import pytest
from django.urls import reverse

from collaborative.notifications import sending
from collaborative.notifications.models import Letter
from collaborative.portal.models import ProblemReport
from tests import factories as make

pytestmark = pytest.mark.django_db
PAGE = reverse("report_problem")


def report(client, **values):
    """Post the form; return the answer."""
    return client.post(PAGE, {"message": "The table is cut off.", "page": "/evidence/"} | values)


def test_the_letter_leads_an_administrator_to_the_report_and_nobody_else(client):
    administrator = make.with_second_factor(make.administrator())
    coordinator = make.with_second_factor(make.coordinator(make.programme()))
    report(client, email="reader@mailbox.example")
    where = ProblemReport.objects.get().get_absolute_url()
    for user, status in ((administrator, 200), (coordinator, 403)):
        client.force_login(user)
        answer = client.get(where)
        assert answer.status_code == status
        for told in ("The table is cut off.", "reader@mailbox.example"):
            assert (told in answer.content.decode()) is (user is administrator)


def test_a_stranger_s_words_stand_in_the_letter_as_typed(client, smtp_sink):
    """Not as a link or a heading of ours: the administrators would trust it."""
    administrator = make.administrator()
    message = "# Your session has ended\r\n[Sign in again](https://evil.example)\r\n\r\n<b>now</b>\r\n==="
    report(client, message=message, email="reader@mailbox.example")
    sending.deliver()
    [letter] = smtp_sink.to(administrator.email)
    plain, html = (part.get_content() for part in letter.iter_parts())
    assert "https://evil.example" in html
    assert 'href="https://evil.example' not in html
    assert "<blockquote>" in html
    assert "<h1>Your session" not in html
    assert "<h2" not in html
    assert "<b>now" not in html
    assert "> [Sign in again](https://evil.example)" in plain.replace("\r\n", "\n")
    assert "reader@mailbox.example" in plain


def test_nobody_floods_the_administrators_with_mail(client):
    make.administrator()
    answers = [report(client, message=f"Report {number}").status_code for number in range(22)]
    assert answers == [302] * 20 + [422] * 2
    assert ProblemReport.objects.count() == Letter.objects.filter(channel="mail").count() == 20
    last = report(client, message="One more").content.decode()
    assert "Many problems were reported just now. Please try again in an hour." in last
    assert "One more" in last
