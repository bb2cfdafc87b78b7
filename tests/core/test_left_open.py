"""Forms left open: what was typed is not lost, is sent by nobody but its writer, and is shown to nobody else."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from collaborative.core import left_open
from tests import factories

pytestmark = pytest.mark.django_db

FORM = reverse("mine:profile")
KEPT = reverse("left_open")
LOGIN = reverse("account_login")
OURS = {"HTTP_ORIGIN": "http://testserver"}
WORDS = "Typed all night, in many words."


def browser(user=None):
    """Return a browser that is checked as in real use."""
    client = Client(enforce_csrf_checks=True)
    if user:
        client.force_login(user)
    return client


def hidden(page, name):
    """Return the hidden values of one name on a page."""
    return re.findall(rf'name="{name}" value="([^"]+)"', page.content.decode())


def opened(client, url=FORM):
    """Open a form; return what it sends along by itself."""
    page = client.get(url)
    return {name: hidden(page, name)[-1] for name in ("csrfmiddlewaretoken", "filled_by")}


def sign_in(client, user):
    """Sign in by the page for it, as people do."""
    token = hidden(client.get(LOGIN), "csrfmiddlewaretoken")[-1]
    data = {"csrfmiddlewaretoken": token, "login": user.email, "password": factories.PASSWORD, "next": KEPT}
    answer = client.post(LOGIN, data, **OURS)
    assert (answer.status_code, answer["Location"]) == (302, KEPT)


def sent_back(page):
    """Return what the first form of a page of kept forms sends."""
    (form,) = page.context["forms"]
    token = hidden(page, "csrfmiddlewaretoken")[-1]
    marks = {"csrfmiddlewaretoken": token, "filled_by": hidden(page, "filled_by")[-1], "left_open": form.number}
    return dict(form.fields) | marks


def left(user, client=None, **typed):
    """Let somebody open a form, and their session end before they send it; return browser and answer."""
    client = client or browser(user)
    data = opened(client) | {"audience": "nobody", "about": WORDS} | typed
    Session.objects.all().delete()
    return client, client.post(FORM, data, **OURS)


def test_what_is_sent_after_the_session_ended_can_be_sent_once_signed_in_again():
    user = factories.person()
    client, answer = left(user, password="never kept", file_name="")
    assert (answer.status_code, "You were signed out" in answer.content.decode()) == (403, True)
    assert WORDS not in answer.content.decode()
    sign_in(client, user)
    page = client.get(KEPT)
    assert WORDS in page.content.decode()
    assert "never kept" not in page.content.decode()
    assert not hasattr(user, "profile") or user.profile.about != WORDS
    done = client.post(FORM, sent_back(page), **OURS)
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.profile.about == WORDS
    assert client.get(KEPT).context["forms"] == []


def test_nobody_else_sees_what_was_typed():
    user, other = factories.person(), factories.person()
    client, _answer = left(user)
    client.force_login(other)
    assert client.get(KEPT).context["forms"] == []
    elsewhere = browser()
    elsewhere.force_login(user)
    assert elsewhere.get(KEPT).context["forms"] == []


def test_a_form_of_a_thing_that_visitors_do_not_see_is_kept_too():
    review = factories.review(state="drafting")
    user = factories.author(review)
    url = reverse("evidence:write_text", args=[review.slug])
    client = browser(user)
    data = opened(client, url) | {"title": "A title", "background": WORDS}
    Session.objects.all().delete()
    assert client.post(url, data, **OURS).status_code == 403
    client.force_login(user)
    assert [each.path for each in client.get(KEPT).context["forms"]] == [url]


def test_what_was_typed_is_kept_for_a_day_and_can_be_thrown_away(monkeypatch):
    user = factories.person()
    client, _answer = left(user)
    client.force_login(user)
    page = client.get(KEPT)
    assert client.post(KEPT, sent_back(page), **OURS).status_code == 302
    assert client.get(KEPT).context["forms"] == []
    client, _answer = left(user)
    client.force_login(user)
    later = time.time() + left_open.HOURS * 3600 + 1
    monkeypatch.setattr(left_open.time, "time", lambda: later)
    assert client.get(KEPT).context["forms"] == []


def test_what_visitors_may_send_is_simply_done():
    user = factories.person()
    client = browser(user)
    page = reverse("report_problem")
    data = opened(client, page) | {"message": WORDS}
    Session.objects.all().delete()
    assert client.post(page, data, **OURS).status_code == 302


def test_what_has_no_words_is_too_large_or_names_nobody_is_answered_as_ever():
    user = factories.person()
    for typed in ({"audience": "", "about": ""}, {"about": "x" * (left_open.MOST_BYTES + 1)}):
        client, answer = left(user, **typed)
        assert (answer.status_code, answer["Location"].startswith(LOGIN)) == (302, True)
    for name in ("", f"{user.pk}:nonsense", str(user.pk)):
        client, answer = left(user, filled_by=name)
        assert answer.status_code == 302
        assert left_open.KEPT not in client.session


def test_an_old_token_is_renewed_for_the_same_person_who_then_sends_it_themselves():
    user = factories.person()
    client = browser(user)
    data = opened(client) | {"audience": "nobody", "about": WORDS}
    client.cookies.clear()
    client.force_login(user)
    page = client.post(FORM, data, **OURS)
    assert (page.status_code, WORDS in page.content.decode()) == (403, True)
    assert not hasattr(user, "profile")
    assert client.post(FORM, sent_back(page), **OURS).status_code == 302
    user.refresh_from_db()
    assert user.profile.about == WORDS


def test_an_old_token_from_elsewhere_or_of_somebody_else_shows_nothing():
    user, other = factories.person(), factories.person()
    client = browser(user)
    data = opened(client) | {"audience": "nobody", "about": WORDS}
    client.cookies.clear()
    client.force_login(user)
    for headers in (
        {},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_REFERER": "https://evil.example/http://testserver/"},
    ):
        answer = client.post(FORM, data, **headers)
        assert (answer.status_code, WORDS in answer.content.decode()) == (403, False)
    client.cookies.clear()
    client.force_login(other)
    answer = client.post(FORM, data, **OURS)
    assert (answer.status_code, WORDS in answer.content.decode()) == (403, False)
    assert "Nothing was saved." in answer.content.decode()


def test_a_visitor_from_elsewhere_leaves_nothing_behind():
    client = browser()
    data = {"about": WORDS, "filled_by": left_open.mark(factories.person())}
    assert client.post(FORM, data, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert left_open.KEPT not in client.session


def test_nothing_of_the_pages_for_signing_in_is_kept():
    client = browser(factories.person())
    url = reverse("account_change_password")
    data = opened(client, url) | {"oldpassword": factories.PASSWORD, "new": "words of a secret kind"}
    Session.objects.all().delete()
    assert client.post(url, data, **OURS).status_code == 302
    assert left_open.KEPT not in client.session


def test_only_the_newest_few_forms_are_kept_and_a_second_press_keeps_one():
    user = factories.person()
    client, _answer = left(user)
    data = {"filled_by": left_open.mark(user), "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    for number in range(left_open.MOST_FORMS + 2):
        for _again in range(2):
            client.post(FORM, data | {"about": f"Text number {number}"}, **OURS)
    client.force_login(user)
    texts = [dict(each.fields)["about"] for each in client.get(KEPT).context["forms"]]
    assert texts == [f"Text number {number}" for number in range(left_open.MOST_FORMS + 1, 1, -1)]


def test_what_was_typed_waits_while_its_person_is_asked_for_the_second_factor():
    lead = factories.with_second_factor(factories.person())
    force = factories.partner(factories.programme())
    factories.member(force, role="lead", user=lead)
    client = browser(lead)
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    url = reverse("partners:invite", args=[force.slug])
    data = {"emails": "ben@force.example", "message": WORDS, "filled_by": left_open.mark(lead)}
    data["csrfmiddlewaretoken"] = hidden(client.get(FORM), "csrfmiddlewaretoken")[-1]
    answer = client.post(url, data, **OURS)
    assert answer["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fme%2Fnot-sent%2F"
    assert [each.path for each in client.get(KEPT).context["forms"]] == [url]
