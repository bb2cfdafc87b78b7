"""The pages of asking for another format or language: for everybody who may read, with or without an account."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from collaborative.accounts.models import User
from evidence.models import File, FormatRequest, Review
from evidence.states import VersionState
from tests import factories as make
from tests.demonstration import client_of

pytestmark = pytest.mark.django_db


def ask_url(review):
    return reverse("evidence:ask", args=[review.slug])


def typed(**fields):
    """Return what a reader without an account fills in."""
    usual = {"form_key": str(uuid4()), "wanted": "format", "format": "braille", "email": "ann@mailbox.example"}
    return usual | {"details": "Grade 2, please.", "name": "Ann", "language": "", "website": ""} | fields


def errors_of(page):
    return {name: [str(each) for each in found] for name, found in page.context["form"].errors.items()}


def test_anybody_asks_and_is_told_the_day_and_what_the_address_is_for(client):
    review = make.review()
    page = client.get(ask_url(review) + "?wanted=translation")
    html = page.content.decode()
    assert page.status_code == 200 and page.context["form"].initial["wanted"] == "translation"
    for words in ("used for nothing else", "Ninety days after the answer", "answer by", str(review)):
        assert words in html
    offered = dict(page.context["form"].fields["language"].choices)
    assert offered["cy"] == "Welsh" and "en" not in offered
    sent = client.post(ask_url(review), typed(), follow=True)
    asked = FormatRequest.objects.get()
    assert sent.redirect_chain == [(review.get_absolute_url(), 302)]
    assert "They answer by" in sent.content.decode()
    assert (asked.format, asked.email, asked.details, asked.name) == (
        "braille", "ann@mailbox.example", "Grade 2, please.", "Ann",
    )  # fmt: skip
    assert asked.due_on == page.context["due_on"] > timezone.localdate()


def test_somebody_with_an_account_types_no_address_and_lands_on_their_request():
    review, reader = make.review(), make.person()
    client = client_of(reader)
    page = client.get(ask_url(review))
    assert {"name", "email"} & set(page.context["form"].fields) == set()
    data = typed(wanted="translation", format="", language="cy")
    sent = client.post(ask_url(review), data)
    asked = FormatRequest.objects.get()
    assert sent.headers["Location"] == asked.get_absolute_url()
    assert (asked.user, asked.email, asked.name) == (reader, "", "")
    client.post(ask_url(review), data)
    assert FormatRequest.objects.count() == 1
    own = client.get(asked.get_absolute_url())
    assert own.status_code == 200 and "a translation into Welsh" in own.content.decode()
    assert not own.context["may_answer"]
    assert "Texts you asked for in another form" in client.get("/me/").content.decode()


def test_bad_input_is_told_beside_the_field_and_nothing_typed_is_lost(client):
    review = make.review()
    cases = [
        ({"wanted": ""}, {"wanted": ["Say whether you need another format or a translation."]}),
        ({"wanted": "gold"}, {"wanted": ["Choose another format or a translation."]}),
        ({"format": ""}, {"format": ["Choose the format you need."]}),
        ({"format": "clay"}, {"format": ["Choose a format from the list."]}),
        ({"format": "other", "details": "  "}, {"details": ["Say which format would help you."]}),
        ({"wanted": "translation"}, {"language": ["Choose the language you need."]}),
        ({"wanted": "translation", "language": "en"}, {"language": ["Choose a language from the list."]}),
        ({"wanted": "translation", "language": "tlh"}, {"language": ["Choose a language from the list."]}),
        ({"email": ""}, {"email": ["Enter an address like name@example.org"]}),
        ({"email": "ann at home"}, {"email": ["Enter an address like name@example.org"]}),
        ({"email": "a" * 260 + "@x.example"}, {"email": None}),
        ({"details": "x" * 2001}, {"details": ["Use 2000 characters or fewer (it has 2001)."]}),
        ({"name": "x" * 161}, {"name": ["Use 160 characters or fewer (it has 161)."]}),
        ({"name": "A\x00nn"}, {"name": None}),
        ({"form_key": "zero"}, {"form_key": ["Open this page again, then send it."]}),
        ({"website": "http://spam.example"}, {"website": ["Leave this empty."]}),
    ]
    for change, expected in cases:
        page = client.post(ask_url(review), typed(**change))
        assert page.status_code == 422, change
        found = errors_of(page)
        assert list(found) == list(expected), change
        for name, words in expected.items():
            assert words is None or found[name] == words
        html = page.content.decode()
        if "details" not in change:
            assert "Grade 2, please." in html
    assert not FormatRequest.objects.exists()


def test_a_translation_that_is_there_is_named_instead(client):
    original = make.review()
    welsh = make.review(original.programme, title="Yr adolygiad", language="cy", translation_of=original)
    page = client.post(ask_url(original), typed(wanted="translation", language="cy"))
    assert page.status_code == 422 and f"“{welsh.title}”" in errors_of(page)["language"][0]


def test_what_one_may_not_see_is_not_there_to_be_asked_about():
    programme = make.programme()
    outside, inside = client_of(None), client_of(make.member(make.partner(programme)))
    seen = {
        VersionState.PUBLISHED: 200,
        VersionState.UPDATE_DUE: 200,
        VersionState.ARCHIVED: 200,
        VersionState.SUPERSEDED: 200,
    }
    for state in VersionState.values:
        review = make.review(programme, state=state)
        expected = seen.get(state, 404)
        for client in (outside, inside):
            assert client.get(ask_url(review)).status_code == expected, state
            assert client.post(ask_url(review), typed()).status_code == (302 if expected == 200 else 404), state
    embargoed = make.review(programme)
    embargoed.versions.update(public_from=timezone.now() + timedelta(days=3))
    assert outside.get(ask_url(embargoed)).status_code == 404
    assert inside.get(ask_url(embargoed)).status_code == 200
    assert outside.get("/evidence/nothing-of-the-kind/ask/").status_code == 404


def test_who_runs_the_review_answers_once_and_others_find_nothing():
    review = make.review()
    editor, coordinator = make.editor(review), make.with_second_factor(make.coordinator(review.programme))
    asked = make.format_request(review, email="ann@mailbox.example", name="Ann", details="Larger <b>type</b>")
    url = asked.get_absolute_url()
    for person in (make.person(), make.author(review), make.with_second_factor(make.coordinator(make.programme()))):
        assert client_of(person).get(url).status_code == 404
        assert client_of(person).post(url, {"can_be_done": "yes", "words": "x"}).status_code == 404
    assert client_of(None).get(url).status_code == 302
    assert client_of(None).post(url).status_code == 302
    client = client_of(editor)
    html = client.get(url).content.decode()
    assert "Ann, ann@mailbox.example" in html and "Larger &lt;b&gt;type&lt;/b&gt;" in html
    for sent, where in (
        ({}, ["can_be_done", "words"]),
        ({"can_be_done": "maybe", "words": "On Monday"}, ["can_be_done"]),
    ):
        page = client.post(url, sent)
        assert page.status_code == 422 and list(errors_of(page)) == where
    assert client.post(url, {"can_be_done": "yes", "words": "On Monday."}).status_code == 302
    second = client_of(coordinator).post(url, {"can_be_done": "no", "words": "Never."})
    assert second.status_code == 422 and "already" in second.content.decode()
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.answered_by) == ("answered", "On Monday.", editor)
    assert "On Monday." in client_of(coordinator).get(url).content.decode()


def test_an_editor_shows_the_second_factor_before_reading_who_asked():
    review = make.review()
    asked = make.format_request(review, email="ann@mailbox.example")
    bare = make.editor(review, make.person())
    for answer in (client_of(bare).get(asked.get_absolute_url()), client_of(bare).post(asked.get_absolute_url())):
        assert answer.status_code == 302 and "second" in answer.headers["Location"]
    asked.refresh_from_db()
    assert asked.waiting


def test_an_answer_points_to_a_translation_and_to_an_attachment():
    review = make.review()
    Review.objects.filter(pk=review.pk).update(title="Original")
    welsh = make.review(review.programme, title="Yr adolygiad", language="cy", translation_of=review)
    values = {"stored": "x", "media_type": "application/pdf", "size": 3, "sha256": "0" * 64}
    File.objects.create(
        version=review.current, use="attachment", key="large-print", name="l.pdf", title="In large print", **values
    )
    client = client_of(make.editor(review))
    asked = make.format_request(review, email="ann@mailbox.example")
    sent = {"can_be_done": "yes", "words": "Both.", "translation": welsh.pk, "attachment": "large-print"}
    assert client.post(asked.get_absolute_url(), sent | {"attachment": "other"}).status_code == 422
    assert client.post(asked.get_absolute_url(), sent).status_code == 302
    asked.refresh_from_db()
    assert re.sub(r"http://[^/]+", "", asked.answer) == (
        f"Both.\n\nYr adolygiad: {welsh.get_absolute_url()}\n\n"
        f"In large print: {review.current.get_absolute_url()}files/large-print/"
    )
    found = resolve(re.search(r"http://[^/]+(\S+large-print/)", asked.answer)[1])
    assert (found.view_name, found.kwargs["key"]) == ("evidence:file", "large-print")


def test_the_list_stands_by_the_day_counts_and_narrows():
    programme = make.programme()
    review = make.review(programme)
    elsewhere = make.format_request(make.review(), due_on=timezone.localdate())
    editor = make.editor(review)
    today = timezone.localdate()
    late = make.format_request(review, due_on=today - timedelta(days=1))
    later = make.format_request(
        review, due_on=today + timedelta(days=5), wanted="translation", format="", language="cy"
    )
    done = make.format_request(review, state="answered", answer="Here.", answered_at=timezone.now())
    client = client_of(editor)
    page = client.get(reverse("evidence:asked"))
    assert [each.pk for each in page.context["requests"]] == [late.pk, later.pk, done.pk]
    assert page.context["counts"] == [
        {"what": "Large print", "together": 2, "open": 1, "answered": 1, "declined": 0},
        {"what": "Welsh", "together": 1, "open": 1, "answered": 0, "declined": 0},
    ]
    assert "Late: was due" in page.content.decode()
    answered = client.get(reverse("evidence:asked") + "?state=answered")
    assert [each.pk for each in answered.context["requests"]] == [done.pk]
    assert len(client.get(reverse("evidence:asked") + "?state=%00").context["requests"]) == 3
    assert elsewhere.pk not in {each.pk for each in page.context["requests"]}
    reader = client_of(make.person()).get(reverse("evidence:asked"))
    assert reader.status_code == 200 and not reader.context["requests"] and not reader.context["counts"]
    assert "2 requests for another format or language" in client.get("/me/").content.decode()


def test_the_list_costs_the_same_however_long():
    review = make.review()
    user = make.editor(review)
    client, costs = client_of(user), []
    for more in (1, 29):
        for _each in range(more):
            make.format_request(review, wanted="translation", format="", language="cy")
        client.get(reverse("evidence:asked"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("evidence:asked"))
        costs.append(len(queries))
    assert costs[0] <= 20 and costs[1] <= costs[0] + 1  # the second has another page, and so a count of its own
    visitor = client_of(None)
    with CaptureQueriesContext(connection) as queries:
        visitor.get(ask_url(review))
    assert len(queries) <= 12


def test_too_many_requests_for_one_address_are_told_and_keep_what_was_typed(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"ask_format": "2/d/key"}
    cache.clear()
    review = make.review()
    answers = [client.post(ask_url(review), typed()) for _each in range(3)]
    assert [each.status_code for each in answers] == [302, 302, 422]
    assert "Please try again in an hour" in answers[2].content.decode()
    assert "Grade 2, please." in answers[2].content.decode()
    assert client.post(ask_url(review), typed(email="bo@mailbox.example")).status_code == 302
    cache.clear()


def test_the_page_says_the_same_whether_an_address_has_an_account_or_not(client):
    review, owner = make.review(), make.person()
    pages = []
    for email in (owner.email, "nobody@mailbox.example"):
        page = client.post(ask_url(review), typed(email=email), follow=True)
        pages.append((page.redirect_chain, [str(each) for each in page.context["messages"]]))
    assert pages[0] == pages[1]
    assert User.objects.filter(email=owner.email).exists()
