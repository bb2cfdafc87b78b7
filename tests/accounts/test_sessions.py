"""Where one is signed in: the list in plain words, and its end, one by one or all at once."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.accounts import services, sessions
from collaborative.accounts.devices import device
from collaborative.portal.care import care_for_database
from tests.accounts.test_looking_after_people import verbs
from tests.accounts.test_pages import check
from tests.accounts.ways import sign_in
from tests.factories import PASSWORD, administrator, person

pytestmark = pytest.mark.django_db
LIST, OTHERS = reverse("account_sessions"), reverse("account_end_other_sessions")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
EDGE = CHROME.replace("X11; Linux x86_64", "Windows NT 10.0; Win64; x64") + " Edg/126.0.0.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
SAMSUNG = ANDROID.replace("Chrome/", "SamsungBrowser/25.0 Chrome/")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (CHROME, "Chrome on Linux"),
        (EDGE, "Edge on Windows"),
        (SAFARI, "Safari on iPhone"),
        (MAC, "Safari on Mac"),
        (ANDROID, "Chrome on Android"),
        (SAMSUNG, "Samsung Internet on Android"),
        (CHROME + " OPR/112.0", "Opera on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
        ("curl/8.5.0", "An unknown browser"),
        ("", "An unknown browser"),
        ("<b>[click](https://evil.example)</b>" * 50, "An unknown browser"),
    ],
)
def test_a_browser_is_named_in_plain_words(said, words):
    assert device(said) == words


def browser(user, said=FIREFOX, address="192.0.2.7"):
    """Return a browser in which somebody has signed in."""
    client = Client(HTTP_USER_AGENT=said, REMOTE_ADDR=address)
    sign_in(client, user.email)
    return client


def lines(page):
    """Return the devices of the list, in their order."""
    return [row["device"] for row in page.context["rows"]]


class TestTheList:
    def test_it_names_each_browser_this_one_first(self):
        user = person()
        phone, desk = browser(user, SAFARI, "198.51.100.4"), browser(user)
        browser(person(), CHROME)
        page = phone.get(LIST)
        check(page)
        assert lines(page) == ["Safari on iPhone", "Firefox on Windows"]
        assert lines(desk.get(LIST)) == ["Firefox on Windows", "Safari on iPhone"]
        for words in ("This browser", "From 198.51.100.4.", "From 192.0.2.7.", "Sign out everywhere else"):
            assert words in page.text

    def test_alone_there_is_nothing_to_end(self):
        page = browser(person()).get(LIST)
        assert lines(page) == ["Firefox on Windows"]
        assert "Sign out everywhere else" not in page.text
        assert "Sign out there" not in page.text

    def test_sessions_that_ended_or_no_longer_hold_are_not_in_it(self):
        user = person()
        here, left, expired = browser(user), browser(user, SAFARI), browser(user, CHROME)
        left.post(reverse("account_logout"))
        Session.objects.filter(pk=expired.session.session_key).update(expire_date=timezone.now() - timedelta(minutes=1))
        assert lines(here.get(LIST)) == ["Firefox on Windows"]

    def test_a_new_password_leaves_only_the_browser_in_which_it_was_chosen(self):
        user = person()
        here, other = browser(user), browser(user, SAFARI)
        new = "forty lanterns beside a sleeping harbour"
        here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert lines(here.get(LIST)) == ["Firefox on Windows"]
        assert other.get(LIST).status_code == 302

    def test_reading_it_writes_nothing_and_costs_the_same_for_many(self):
        user = person()
        here = browser(user)
        counts = []
        for many in (1, 12):
            for _ in range(many):
                browser(user, SAFARI)
            with CaptureQueriesContext(connection) as queries:
                here.get(LIST)
            counts.append(len(queries))
            assert [each["sql"] for each in queries if not each["sql"].lstrip("(").startswith("SELECT")] == []
        assert counts[0] == counts[1] <= 20

    def test_the_account_page_leads_there_and_says_how_many(self):
        user = person()
        browser(user, SAFARI)
        page = browser(user).get(reverse("account_index")).text
        assert "In 2 browsers" in page
        assert f'href="{LIST}"' in page


class TestSigningOut:
    def test_in_one_other_browser(self):
        user = person()
        here, phone, desk = browser(user), browser(user, SAFARI), browser(user, CHROME)
        row = UserSession.objects.get(session_key=phone.session.session_key)
        answer = here.post(reverse("account_end_session", args=[row.pk]), follow=True)
        assert "You are signed out there." in answer.text
        assert [each.get(LIST).status_code for each in (here, phone, desk)] == [200, 302, 200]
        assert verbs(user)[-1] == "account.signed_out_elsewhere"

    def test_everywhere_else_listed_or_not(self):
        user = person()
        here, phone, unlisted = browser(user), browser(user, SAFARI), Client()
        unlisted.force_login(user)
        assert unlisted.get(LIST).status_code == 200
        key = here.session.session_key
        answer = here.post(OTHERS, follow=True)
        assert "You are signed out everywhere but here." in answer.text
        assert lines(answer) == ["Firefox on Windows"]
        assert here.session.session_key != key
        assert [each.get(LIST).status_code for each in (here, phone, unlisted)] == [200, 302, 302]

    def test_it_takes_a_button_and_nobody_ends_another_s(self):
        user, other = person(), person()
        here, theirs = browser(user), browser(other, SAFARI)
        row = UserSession.objects.get(user=other)
        assert here.get(OTHERS).status_code == 405
        assert here.get(reverse("account_end_session", args=[row.pk])).status_code == 405
        for pk in (row.pk, 99999999, UserSession.objects.get(user=user).pk):
            answer = here.post(reverse("account_end_session", args=[pk]))
            assert answer.status_code == 409
            assert "You are no longer signed in there." in answer.text
        assert [each.get(LIST).status_code for each in (here, theirs)] == [200, 200]
        for page in (OTHERS, reverse("account_end_session", args=[row.pk])):
            assert Client().post(page).url.startswith(reverse("account_login"))

    def test_whatever_takes_rights_away_ends_all_at_once(self):
        user = person()
        here, unlisted = browser(user), Client()
        unlisted.force_login(user)
        services.end_sessions(user)
        assert [each.get(LIST).status_code for each in (here, unlisted)] == [302, 302]
        assert not UserSession.objects.filter(user=user).exists()
        assert lines(browser(user).get(LIST)) == ["Firefox on Windows"]

    def test_stopping_an_account_does(self):
        user = person()
        here = browser(user)
        services.stop_sign_in(user, by=administrator())
        services.restore_sign_in(user, by=administrator())
        assert here.get(LIST).status_code == 302


class TestForgetting:
    def test_signing_out_takes_the_browser_off_the_list(self):
        user = person()
        here, other = browser(user), browser(user, SAFARI)
        here.post(reverse("account_logout"))
        assert [each.user_agent for each in UserSession.objects.filter(user=user)] == [SAFARI]
        assert other.get(LIST).status_code == 200

    def test_what_expired_is_forgotten_daily(self):
        user = person()
        expired, good = browser(user), browser(user, SAFARI)
        Session.objects.filter(pk=expired.session.session_key).update(expire_date=timezone.now() - timedelta(days=1))
        care_for_database()
        assert [each.user_agent for each in UserSession.objects.filter(user=user)] == [SAFARI]
        assert good.get(LIST).status_code == 200


class TestLastSeen:
    def later(self, client, minutes):
        """Let a session have begun some minutes ago; return its row."""
        session = client.session
        for each in session["account_authentication_methods"]:
            each["at"] -= minutes * 60
        session.save()
        rows = UserSession.objects.filter(session_key=session.session_key)
        rows.update(last_seen_at=timezone.now() - timedelta(minutes=minutes))
        return rows.get()

    def test_it_is_noted_now_and_then_with_the_address(self):
        client = browser(person())
        row = self.later(client, 20)
        client.get("/accounts/", REMOTE_ADDR="203.0.113.9")
        row.refresh_from_db()
        assert timezone.now() - row.last_seen_at < timedelta(minutes=1)
        assert row.ip == "203.0.113.9"
        with CaptureQueriesContext(connection) as queries:
            client.get("/accounts/")
        assert [each["sql"] for each in queries if each["sql"].startswith("UPDATE")] == []

    def test_a_fresh_session_is_left_alone(self):
        client = browser(person())
        row = self.later(client, 10)
        client.get("/accounts/")
        seen = row.last_seen_at
        row.refresh_from_db()
        assert row.last_seen_at == seen

    def test_when_it_cannot_be_noted_the_page_comes_all_the_same(self, monkeypatch, caplog):
        client = browser(person())
        self.later(client, 20)

        class Broken:
            def filter(self, **fields):
                """Fail as a database does that is being moved."""
                raise DatabaseError("read only")

        monkeypatch.setattr(sessions.UserSession, "objects", Broken())
        assert client.get("/evidence/").status_code == 200
        assert "a session that was used could not be noted" in caplog.text

    def test_a_process_does_not_remember_without_end(self, monkeypatch):
        monkeypatch.setattr(sessions, "KEPT", 3)
        middleware = sessions.LastSeenMiddleware(lambda request: None)
        user = person()
        for _ in range(5):
            client = browser(user)
            self.later(client, 20)
            request = client.get("/accounts/").wsgi_request
            middleware.note(request)
        assert len(middleware.noted) == 3
