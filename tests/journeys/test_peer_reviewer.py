"""A reviewer answers a request, comments on a part and sends in; an editor reads it, an author answers the comment."""

import os

import pytest
from django.urls import reverse

from evidence.models import Comment, PeerReview
from evidence.states import PeerReviewState, VersionState
from tests import factories as make
from tests.journeys.conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("PEER_REVIEW_SHOTS")


def look(page, name, axe):
    """Hear axe's objections, see that nothing is wider than the page, and keep a picture where one is wanted."""
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_reviewer_comments_and_an_author_answers(page_at, signed_in, axe, width):
    def looked_at(page, name):
        look(page, name, axe)

    programme = make.programme()
    review = make.review(programme, state=VersionState.PEER_REVIEW)
    version = review.versions.get()
    version.sections.create(position=1, anchor="methods", heading="Methods", body="We asked two hundred officers.")
    version.authors.create(position=1, name="Ada Author")
    author, editor, reviewer = make.author(review), make.editor(review), make.reviewer(programme)
    make.reviewer(programme, make.person(name="Cora Quick"))
    asked = make.peer_review(version, reviewer)
    page = page_at(width)

    signed_in(page, reviewer)
    page.goto(asked.get_absolute_url())
    looked_at(page, "asked")
    page.get_by_label("Yes, by the day given").check()
    page.get_by_role("button", name="Send your answer").click()
    looked_at(page, "wrong")
    page.get_by_role("group", name="Do you have a conflict of interests?").get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Send your answer").click()
    looked_at(page, "reading")
    page.get_by_role("link", name="Comment part by part").click()
    page.locator("#part-methods").get_by_role("link", name="Comment on this").click()
    page.get_by_label("Your comment").fill("Which officers?")
    page.get_by_role("button", name="Keep the comment").click()
    looked_at(page, "comments")
    page.get_by_role("link", name="Go on to your opinion").click()
    page.get_by_label("Publish it after small changes").check()
    page.get_by_label("For the authors").fill("A clear text.")
    page.get_by_role("button", name="Send in your review").click()
    looked_at(page, "sent")
    assert PeerReview.objects.get().state == PeerReviewState.SUBMITTED

    signed_in(page, editor)
    page.goto(reverse("evidence:reviewers", args=[review.slug]))
    looked_at(page, "reviewers")
    page.goto(asked.get_absolute_url())
    looked_at(page, "read-by-editor")

    signed_in(page, author)
    page.goto(reverse("evidence:comments", args=[review.slug]))
    page.locator("summary", has_text="Answer").click()
    looked_at(page, "answers")
    page.get_by_label("Your answer").fill("Those of one force.")
    page.get_by_role("button", name="Keep the answer").click()
    assert Comment.objects.get().answer == "Those of one force."
    page.goto(review.get_desk_url())
    looked_at(page, "desk")
