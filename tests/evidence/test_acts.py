"""The acts from a review's desk: what is offered to whom, what each page says, and what becomes of what was typed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evidence import services
from evidence.models import Check, Version
from evidence.states import VersionState
from tests import factories
from tests.evidence.texts import approved, whole

pytestmark = pytest.mark.django_db


def enter(client, user):
    client.force_login(user)


def at(review, name):
    return reverse("evidence:act", args=[review.slug, name])


def offered(client, review):
    """Return the names of the acts that the desk offers."""
    page = client.get(review.get_desk_url()).content.decode()
    start = at(review, "x").removesuffix("x/")
    return [each.split("/")[0] for each in page.split(start)[1:]]


def test_only_what_is_possible_now_is_offered_to_each(client):
    programme = factories.programme()
    review = factories.review(programme, state=VersionState.COMMISSIONED)
    version = review.versions.get()
    editor, author = factories.editor(review), factories.author(review)
    expected = {
        "commissioned": (["protocol", "begin"], ["protocol", "begin"]),
        "protocol": (["begin"], ["begin"]),
        "drafting": (["review"], ["review"]),
        "peer_review": (["approve", "send-back"], []),
        "approved": (["publish", "send-back"], []),
    }
    for state, lists in expected.items():
        Version.objects.filter(pk=version.pk).update(state=state)
        for person, acts in zip((editor, author), lists, strict=True):
            enter(client, person)
            assert offered(client, review) == acts, (state, person)
    public = {
        "published": ["new-version", "correct", "call-update", "supersede", "archive", "withdraw"],
        "update_due": ["new-version", "correct", "reaffirm", "supersede", "archive", "withdraw"],
        "archived": ["new-version", "correct", "restore", "withdraw"],
    }
    for state, acts in public.items():
        made = factories.review(programme, state=state)
        enter(client, factories.editor(made))
        assert offered(client, made) == acts, state
        enter(client, factories.author(made))
        assert offered(client, made) == [], state


def test_an_editor_brings_a_text_from_commission_to_archive(client):
    review = factories.review(state=VersionState.COMMISSIONED)
    version = whole(review.versions.get())
    enter(client, factories.editor(review))
    way = (
        ("begin", {}), ("review", {}), ("send-back", {"reason": "Say where."}), ("review", {}),
        ("approve", {"reason": "Nobody could be found."}), ("publish", {"when": "now"}), ("call-update", {}),
        ("reaffirm", {"current_as_of": timezone.localdate().isoformat()}), ("correct", {"text": "Two, not three."}),
        ("archive", {"reason": "The law has changed."}), ("restore", {}), ("new-version", {}),
        ("withdraw", {"reason": "Two studies were one."}),
    )  # fmt: skip
    for name, sent in way:
        assert client.get(at(review, name)).status_code == 200, name
        answer = client.post(at(review, name), sent)
        assert (answer.status_code, answer["Location"]) == (302, review.get_desk_url()), name
        assert client.get(review.get_desk_url()).status_code == 200, name
    version.refresh_from_db()
    assert (version.state, version.withdrawn_reason) == ("withdrawn", "Two studies were one.")
    assert client.get(at(review, "archive")).status_code == 409


def test_what_was_typed_stays_and_the_fault_stands_beside_its_field(client):
    review = approved(factories.programme()).review
    enter(client, factories.editor(review))
    past = (timezone.now() - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    for sent, field in (
        ({}, "when"), ({"when": "later"}, "at"), ({"when": "later", "at": past}, "at"),
        ({"when": "embargo", "at": "tomorrow"}, "at"), ({"when": "later", "at": "9999-12-31T23:59"}, "at"),
        ({"when": "later", "at": "2027-03-28T01:30"}, "at"), ({"when": "later", "at": "0001-01-01T00:00"}, "at"),
    ):  # fmt: skip
        answer = client.post(at(review, "publish"), sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field]), sent
        assert answer.context["form"]["at"].value() == sent.get("at")
    assert client.post(at(review, "send-back"), {"reason": " "}).status_code == 422
    answer = client.post(at(review, "publish"), {"when": "now", "at": "nonsense"})
    assert answer.status_code == 302


def test_a_time_and_an_embargo_are_set_and_said_on_the_desk(client):
    programme = factories.programme()
    first, second = approved(programme).review, approved(programme).review
    day = (timezone.localdate() + timedelta(days=9)).strftime("%Y-%m-%d")
    for review, when in ((first, "later"), (second, "embargo")):
        enter(client, factories.editor(review))
        assert client.post(at(review, "publish"), {"when": when, "at": f"{day}T09:30"}).status_code == 302
    assert "Under embargo: only partners of the programme read it until" in client.get(
        second.get_desk_url()
    ).content.decode().replace("\n", " ")
    enter(client, factories.editor(first))
    page = client.get(first.get_desk_url()).content.decode()
    assert "It is published by itself on" in page
    assert offered(client, first) == ["unschedule", "send-back"]
    client.post(at(first, "unschedule"))
    assert first.versions.get().publish_at is None


def test_an_author_may_not_publish_and_a_stranger_finds_no_desk(client):
    review = approved(factories.programme()).review
    enter(client, factories.author(review))
    assert client.get(at(review, "publish")).status_code == 403
    assert client.post(at(review, "publish"), {"when": "now"}).status_code == 403
    for stranger in (factories.person(), factories.coordinator(factories.programme())):
        enter(client, stranger)
        assert client.get(at(review, "publish")).status_code == 404
    client.logout()
    assert client.post(at(review, "publish"), {"when": "now"}).status_code == 404
    enter(client, factories.editor(review))
    assert client.get(at(review, "dance")).status_code == 404


def test_an_editor_shows_the_second_factor_first(client):
    review = approved(factories.programme()).review
    without = factories.editor(review, factories.person())
    client.force_login(without)
    assert client.get(at(review, "publish")).status_code == 302
    client.force_login(factories.editor(review))
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    answer = client.post(at(review, "publish"), {"when": "now"})
    assert answer.status_code == 302
    assert answer["Location"] != review.get_desk_url()
    assert review.versions.get().state == "approved"


def test_lines_of_the_checklist_are_ticked_once_and_taken_back(client):
    review = factories.review(state=VersionState.DRAFTING)
    version, line = review.versions.get(), Check.objects.filter(kind_of=None).first()
    other = Check.objects.exclude(kind_of=None).exclude(kind_of=review.kind_of).first()
    address = reverse("evidence:tick", args=[review.slug, version.pk])
    enter(client, factories.author(review))
    assert client.post(address, {"line": line.pk, "done": "yes"}).status_code == 403
    enter(client, factories.editor(review))
    assert line.words in client.get(review.get_desk_url()).content.decode()
    for _each in range(2):
        assert client.post(address, {"line": line.pk, "done": "yes"}).status_code == 302
    assert version.ticks.count() == 1
    assert client.post(address, {"line": other.pk, "done": "yes"}).status_code == 409
    assert client.post(address, {"line": "x" * 30, "done": "yes"}).status_code == 404
    client.post(address, {"line": line.pk, "done": "no"})
    assert version.ticks.count() == 0


def test_a_review_is_superseded_by_one_that_its_readers_can_read(client):
    programme = factories.programme()
    review, other = services.publish(approved(programme), by=factories.coordinator(programme)).review, None
    hidden = factories.review(state=VersionState.DRAFTING)
    official = factories.review(programme)
    Version.objects.filter(review=official).update(handling="OFFICIAL")
    other = factories.review()
    enter(client, factories.with_second_factor(factories.coordinator(programme)))
    for wrong in (review, hidden, official):
        answer = client.post(at(review, "supersede"), {"other": wrong.get_absolute_url()})
        assert answer.status_code == 422, wrong
    address = f"https://portal.example{other.get_absolute_url()}?q=1#cite"
    assert client.post(at(review, "supersede"), {"other": address}).status_code == 302
    assert review.versions.get().superseded_by == other
    client.logout()
    assert client.get(review.get_absolute_url()).status_code == 200
