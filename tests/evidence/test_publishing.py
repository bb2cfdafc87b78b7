"""From commission to tombstone: who may move a text on, what the public sees, and who is told."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter, News
from collaborative.search.queries import matching
from evidence import services, states
from evidence.models import Review, Version
from evidence.states import VersionState
from projects.models import ProjectPerson
from tests import factories
from tests.evidence.texts import approved, ticked, whole
from tests.house.world import world
from tests.races import at_once

pytestmark = pytest.mark.django_db

STEPS = {
    states.BEGIN: lambda version, by: services.move(version, states.BEGIN, by=by),
    states.SEND_TO_REVIEW: lambda version, by: services.move(version, states.SEND_TO_REVIEW, by=by),
    states.SEND_BACK: lambda version, by: services.send_back(version, by=by, reason="The table is wrong."),
    states.APPROVE: lambda version, by: services.approve(version, by=by, reason="Nobody could be found."),
    states.PUBLISH: lambda version, by: services.publish(version, by=by),
    states.WITHDRAW: lambda version, by: services.withdraw(version, by=by, reason="Found wrong."),
}


def read(client, review):
    """Return the review's page without the tokens of its forms, which differ each time."""
    page = client.get(review.get_absolute_url()).content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def outcome(act):
    """Run an act and take it back; return how it ended."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except (Refused, PermissionDenied) as error:
        return type(error).__name__
    return "done"


def test_a_text_goes_all_the_way():
    scene = world()
    by = scene.people["coordinator"]
    review = factories.review(scene.programme, state=VersionState.COMMISSIONED)
    version = whole(review.versions.get(), title="Trust in two towns")
    for step in (states.BEGIN, states.SEND_TO_REVIEW, states.SEND_BACK, states.SEND_TO_REVIEW, states.APPROVE):
        version = STEPS[step](version, by)
    version = services.publish(version, by=by)
    review.refresh_from_db()
    assert (review.current, review.title, review.summary) == (version, "Trust in two towns", "What is known.")
    assert review.published_at == version.published_at
    assert list(matching("towns", "review", None).values_list("object_id", flat=True)) == [review.pk]
    services.withdraw(version, by=by, reason=" Two studies were one. ")
    review.refresh_from_db()
    version.refresh_from_db()
    assert (review.current, version.withdrawn_reason) == (None, "Two studies were one.")
    assert not matching("towns", "review", None).exists()
    assert list(Event.objects.about(version).values_list("verb", "actor", "to_state")) == [
        ("version.begun", by.pk, "drafting"),
        ("version.sent_to_review", by.pk, "peer_review"),
        ("version.sent_back", by.pk, "drafting"),
        ("version.sent_to_review", by.pk, "peer_review"),
        ("version.approved", by.pk, "approved"),
        ("version.published", by.pk, "published"),
        ("version.withdrawn", by.pk, "withdrawn"),
    ]


def test_nothing_unfinished_is_published():
    programme = factories.programme()
    by = factories.coordinator(programme)
    version = factories.review(programme, state=VersionState.APPROVED).versions.get()
    ticked(version)
    version.sections.create(position=1, anchor="a", heading="A", body="As shown [@nobody-2001].")
    with pytest.raises(Refused) as refused:
        services.publish(version, by=by)
    assert str(refused.value) == (
        "Write the summary for lists. Write the plain-language summary. Name at least one author. "
        "In “A”, line 1: There is no reference “nobody-2001”. Add it to the references, or correct its key."
    )
    assert not Review.objects.published().exists()
    assert not Letter.objects.exists()


def test_what_everyone_reads_is_not_silently_replaced_by_what_they_may_not():
    programme = factories.programme()
    by = factories.coordinator(programme)
    review = services.publish(approved(programme), by=by).review
    newer = services.new_version(review, by=by)
    Version.objects.filter(pk=newer.pk).update(handling="OFFICIAL", state="approved")
    with pytest.raises(Refused, match="Withdraw the version that everyone reads first"):
        services.publish(newer, by=by)


def test_a_withdrawal_needs_a_reason():
    programme = factories.programme()
    version = factories.review(programme).current
    with pytest.raises(Refused, match="Say why"):
        services.withdraw(version, by=factories.coordinator(programme), reason=" \n ")


def test_a_new_version_has_the_whole_text_and_the_old_stays_public(client):
    programme = factories.programme()
    by = factories.coordinator(programme)
    first = services.publish(approved(programme), by=by)
    review = first.review
    before = read(client, review)
    second = services.new_version(review, by=by)
    assert (second.number, second.state, second.published_at) == (2, "commissioned", None)
    for parts in ("authors", "sections", "findings", "priorities", "references"):
        left_out = {"id", "version_id", "section_id"}
        old, new = (
            [{key: row[key] for key in row if key not in left_out} for row in getattr(each, parts).values()]
            for each in (first, second)
        )
        assert old == new != []
    assert second.findings.get().section == second.sections.get()
    assert first.findings.get().section == first.sections.get()
    second.sections.update(body="Changed beyond knowing.")
    Version.objects.filter(pk=second.pk).update(title="Changed", summary="Changed")
    assert read(client, review) == before
    with pytest.raises(Refused, match="already being made"):
        services.new_version(review, by=by)
    Version.objects.filter(pk=second.pk).update(state="approved")
    ticked(second)
    services.publish(second, by=by)
    review.refresh_from_db()
    first.refresh_from_db()
    assert (review.current_id, review.title, first.state) == (second.pk, "Changed", "replaced")
    assert "Changed beyond knowing." in read(client, review)


def test_a_first_version_begins_empty_and_only_for_the_programmes_own_coordinator():
    scene = world()
    review = factories.review(scene.programme, state=VersionState.COMMISSIONED)
    review.versions.all().delete()
    answers = {
        kind: outcome(lambda by=user: services.new_version(review, by=by)) for kind, user in scene.people.items()
    }
    assert {kind for kind, answer in answers.items() if answer == "done"} == {"coordinator", "administrator"}
    version = services.new_version(review, by=scene.people["coordinator"])
    assert (version.number, version.title, version.state) == (1, review.title, "commissioned")


def test_those_concerned_are_told_once_and_followers_hear_of_it():
    scene = world()
    by, other = scene.people["coordinator"], factories.coordinator(scene.programme)
    review = factories.review(scene.programme, state=VersionState.APPROVED, project=scene.project, themes=[scene.theme])
    services.publish(whole(review.versions.get()), by=by)
    people = ProjectPerson.objects.staff().filter(project=scene.project).values_list("user_id", flat=True)
    told = Letter.objects.filter(key="review.published", channel="portal").values_list("recipient_id", flat=True)
    assert sorted(told) == sorted({other.pk, *people})
    topics = News.objects.get().topics.order_by("kind_of").values_list("kind_of", "object_id")
    assert list(topics) == [("programme", scene.programme.pk), ("theme", scene.theme.pk)]


def test_who_has_left_the_organisation_of_the_project_is_not_concerned():
    run = factories.programme()
    force = factories.partner(run)
    stayed, left = factories.member(force), factories.member(force)
    parts = [(stayed, force, ProjectPerson.Part.POLICE_LEAD), (left, force, ProjectPerson.Part.ACADEMIC_LEAD)]
    review = factories.review(run, project=factories.project(run, lead_organisation=force, leads=parts))
    left.memberships.update(ends_on=timezone.localdate())
    assert services.concerned(review) == [stayed.pk]


def test_the_database_keeps_one_published_and_one_working_version():
    review = factories.review()
    for state, date in (("update_due", review.published_at), ("published", review.published_at)):
        with pytest.raises(IntegrityError, match="evidence_one_published_version|UNIQUE"), transaction.atomic():
            Version.objects.create(review=review, number=2, title="Two", state=state, published_at=date)
    Version.objects.create(review=review, number=2, title="Two", state="drafting")
    with pytest.raises(IntegrityError, match="evidence_one_working_version|UNIQUE"), transaction.atomic():
        Version.objects.create(review=review, number=3, title="Three", state="approved")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_does():
    programme = factories.programme()
    version = approved(programme)
    pair = [factories.coordinator(programme) for _each in range(2)]
    results = at_once(*(lambda by=by: services.publish(version, by=by) for by in pair))
    assert sorted(type(each).__name__ for each in results) == ["Refused", "Version"]
    assert str(next(each for each in results if isinstance(each, Refused))) == (
        "This cannot be done now: it is already “Published”."
    )
    assert Version.objects.filter(review=version.review, state="published").count() == 1
    assert Event.objects.filter(verb="version.published").count() == 1
    assert News.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_a_version_at_once_one_does():
    programme = factories.programme()
    review = factories.review(programme)
    by = factories.coordinator(programme)
    results = at_once(*[lambda: services.new_version(review, by=by)] * 2)
    assert sorted(type(each).__name__ for each in results) == ["Refused", "Version"]
    assert connection.in_atomic_block is False
    assert review.versions.count() == 2
