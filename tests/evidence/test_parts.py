"""Who makes a review: parts are given, end, are handed on and go with the organisation; and what waits for them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from collaborative.core import holdings, policies
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from evidence import services
from evidence.models import ReviewPerson, Version
from evidence.panels.reviews import of_theme
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return factories.programme()


def editing(review, body, part="editor"):
    """Make a member of a body an editor of a review for it; return the part."""
    user = factories.with_second_factor(factories.member(body))
    more = {"organisation": body, "starts_on": factories.yesterday()}
    return ReviewPerson.objects.create(review=review, user=user, part=part, **more)


def test_a_part_is_given_once_by_a_coordinator_and_told(run):
    review, by, user = factories.review(run, state="drafting"), factories.coordinator(run), factories.person()
    part = services.give_part(review, user, "author", by=by)
    with pytest.raises(Refused, match="has this part already"):
        services.give_part(review, user, "author", by=by)
    with pytest.raises(PermissionDenied):
        services.give_part(review, factories.person(), "author", by=factories.editor(review))
    assert Letter.objects.filter(key="review.part_given", recipient=user, channel="mail").count() == 1
    assert policies.ask("evidence.edit", user, review.versions.get())
    services.end_part(part, by=by)
    assert not policies.ask("evidence.edit", user, review.versions.get())
    with pytest.raises(Refused, match="ended already"):
        services.end_part(part, by=by)


def test_who_has_left_the_portal_gets_no_part(run):
    review, gone = factories.review(run, state="drafting"), factories.person()
    type(gone).objects.filter(pk=gone.pk).update(anonymised_at=timezone.now())
    with pytest.raises(Refused, match="has left the portal"):
        services.give_part(review, gone, "editor", by=factories.coordinator(run))


def test_whoever_leaves_the_organisation_they_edit_for_has_no_rights_and_a_colleague_takes_over(run):
    body = factories.partner(run)
    review = factories.review(run, state="approved")
    part, version = editing(review, body), review.versions.get()
    colleague = factories.with_second_factor(factories.member(body))
    assert policies.ask("evidence.publish", part.user, version)
    assert [each.key for each in holdings.held(part.user, body.pk)] == [f"review_editor-{part.pk}"]
    part.user.memberships.update(ends_on=timezone.localdate())
    assert not policies.ask("evidence.publish", part.user, version)
    held = holdings.find("review_editor")
    row = held.row(part.pk)
    assert held.needed(row)
    assert list(held.eligible(row)) == [colleague]
    assert list(held.named([part.pk], colleague)) == []
    held.hand_over(row, colleague, factories.coordinator(run))
    assert policies.ask("evidence.publish", colleague, version)
    assert not held.needed(held.read(part.pk))
    assert Letter.objects.filter(key="review.part_given", recipient=colleague, channel="portal").exists()


def test_an_author_who_leaves_no_longer_writes_and_parts_go_on_in_a_successor(run):
    body, successor = factories.partner(run), factories.partner(run)
    review = factories.review(run, state="drafting")
    author, editor = editing(review, body, "author"), editing(review, body)
    holdings.has_left(author.user, body.pk, by=None)
    author.refresh_from_db()
    assert not author.lasts
    factories.member(successor, user=editor.user)
    carried = next(each for each in holdings.all_carried() if "reviews" in str(each.label))
    assert carried.count(body) == 1
    moved = carried.carry(body, successor, on=timezone.localdate())
    begun = ReviewPerson.objects.get(pk=moved["review_editor"][editor.pk])
    assert (begun.organisation, begun.user, begun.part) == (successor, editor.user, "editor")


def test_what_waits_for_an_editor_leads_to_its_desk(client, run):
    reviews = [factories.review(run, state=state) for state in ("peer_review", "approved", "update_due", "drafting")]
    editor = factories.editor(reviews[0])
    for review in reviews[1:]:
        factories.editor(review, editor)
    client.force_login(editor)
    page = client.get(reverse("me")).content.decode()
    shown = [f'href="{review.get_desk_url()}"' in page for review in reviews[:3]]
    assert shown == [True, True, True]
    assert "nobody reads it until you publish it" in page


def test_what_is_out_of_date_stands_last_and_says_so(rf, run):
    theme = factories.theme()
    old = factories.review(run, state="archived", themes=[theme])
    new = factories.review(run, themes=[theme])
    Version.objects.filter(review=new).update(published_at=timezone.now())
    newest = factories.review(run, state="superseded", themes=[theme])
    request = rf.get("/")
    request.user = factories.person()
    _template, context = of_theme(theme, request)
    assert [review.pk for review in context["reviews"]] == [new.pk, newest.pk, old.pk]
    assert [review.current.mark for review in context["reviews"]] == ["", "Superseded", "Archived"]
