"""Letters about one's account: sent at once, in text and HTML, and safe whatever is put into them."""

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collaborative.accounts.models import User
from collaborative.portal.adapter import AccountAdapter
from tests.accounts.ways import join, prove, sign_in
from tests.factories import PASSWORD, person

ACCOUNT = [
    "account_already_exists",
    "account_closed",
    "data_downloaded",
    "email_changed",
    "email_confirm",
    "email_confirmation",
    "email_confirmation_signup",
    "email_deleted",
    "login_code",
    "new_device",
    "password_changed",
    "password_reset",
    "password_reset_code",
    "password_set",
    "unknown_account",
]
FACTOR = ["recovery_codes_generated", "totp_activated", "totp_deactivated", "webauthn_added", "webauthn_removed"]
SIGN_ON = ["account_connected", "another_person", "confirm_address"]
PREFIXES = [f"account/email/{name}" for name in ACCOUNT] + [f"mfa/email/{name}" for name in FACTOR]
PREFIXES += [f"socialaccount/email/{name}" for name in SIGN_ON]
CONTEXT = {
    "code": "BCDF-GHJK",
    "email": "a@people.example",
    "service": "<b>[click](https://evil.example)</b> `x`",
    "from_email": "a@people.example",
    "to_email": "b@people.example",
    "deleted_email": "c@people.example",
    "timestamp": timezone.now(),
    "device": "Firefox on Windows",
    "ip": "192.0.2.1",
    "user_agent": "<b>[click](https://evil.example)</b> `x`",
    "site_name": settings.SITE_NAME,
    "site_url": settings.SITE_URL,
    "operator_contact": settings.OPERATOR_CONTACT,
}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_letter_is_ours_in_text_and_html(prefix, rf):
    for ending in ("_subject.txt", "_message.txt"):
        assert "site-packages" not in get_template(prefix + ending).origin.name
    letter = AccountAdapter(rf.get("/")).render_mail(prefix, "a@people.example", CONTEXT)
    assert isinstance(letter, EmailMultiAlternatives)
    assert settings.SITE_NAME in letter.subject
    assert "[" not in letter.subject
    assert "&" not in letter.body
    assert "\n\n\n" not in letter.body
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    assert "evil.example</a>" not in html
    assert 'href="https://evil' not in html
    assert "<b>" not in html
    assert "{{" not in letter.body + html


def test_subjects_differ(rf):
    subjects = [AccountAdapter(rf.get("/")).render_mail(each, "a@people.example", CONTEXT).subject for each in PREFIXES]
    assert len(set(subjects)) == len(subjects)


@pytest.mark.django_db
def test_a_letter_is_in_the_language_its_reader_chose(client, mailoutbox):
    join(client, "a@people.example")
    html = mailoutbox[0].alternatives[0][0]
    assert '<html lang="en-gb">' in html


class TestWithoutAMailServer:
    @pytest.fixture(autouse=True)
    def _nobody_listens(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1

    @pytest.mark.django_db
    def test_a_code_that_cannot_be_sent_is_said_so(self, client):
        answer = client.post(reverse("account_reset_password"), {"email": person(email="a@people.example").email})
        assert answer.status_code == 409
        assert "We could not send mail to this address just now." in answer.content.decode()

    @pytest.mark.django_db
    def test_known_and_unknown_addresses_get_the_same_refusal(self):
        person(email="a@people.example")
        answers = [
            Client().post(reverse("account_reset_password"), {"email": email}).status_code
            for email in ("a@people.example", "b@people.example")
        ]
        assert answers == [409, 409]

    @pytest.mark.django_db
    def test_an_account_made_meanwhile_is_entered_by_signing_in(self, client, settings, mailoutbox):
        assert join(client, "a@people.example").status_code == 409
        assert User.objects.filter(email="a@people.example").exists()
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        from django.core.cache import cache

        cache.clear()
        later = Client()
        assert sign_in(later, "a@people.example").url.startswith("/accounts/confirm-email/")
        assert len(mailoutbox) == 1

    @pytest.mark.django_db
    def test_a_change_that_happened_stays_although_nobody_could_be_told(self, client):
        user = person()
        sign_in(client, user.email)
        page, new = reverse("account_change_password"), "forty lanterns beside a sleeping harbour"
        answer = client.post(page, {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert answer.status_code == 302
        user.refresh_from_db()
        assert user.check_password(new)


@pytest.mark.django_db
def test_a_letter_goes_through_a_real_mail_server(client, smtp_sink):
    user = person()
    client.force_login(user)
    prove(client, reverse("account_email"))
    client.post(reverse("account_email"), {"action_add": "", "email": "new@people.example"})
    assert len(smtp_sink.messages) == 1


@pytest.mark.django_db
def test_an_address_that_a_mail_server_refuses_is_in_no_log(client, smtp_sink, caplog):
    smtp_sink.refuse_recipient("a@people.example")
    assert join(client, "a@people.example").status_code == 409
    assert [record.error for record in caplog.records if "security letter" in record.message] == [
        "SMTPRecipientsRefused"
    ]
    ours = [record for record in caplog.records if not record.name.startswith("mail.")]
    assert "a@people.example" not in str([vars(record) for record in ours if record.name != "django.request"])
