"""The pages of peer review, without a script: the reviewer's, the editors', the authors', and one's own page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evidence import services
from evidence.models import Comment, PeerReview, ReviewPerson
from evidence.services import peer_review_words as words
from evidence.states import PeerReviewState, VersionState
from tests import factories as make

pytestmark = pytest.mark.django_db


class Round:
    """A text in peer review with an editor, an author and a reviewer."""

    def __init__(self, state="accepted", **fields):
        self.programme = make.programme()
        self.review = make.review(self.programme, state=VersionState.PEER_REVIEW)
        self.version = self.review.versions.get()
        self.version.sections.create(position=1, anchor="methods", heading="Methods", body="We asked.")
        self.version.authors.create(position=1, name="Ada Author")
        self.editor, self.author = make.editor(self.review), make.author(self.review)
        self.reviewer = make.reviewer(self.programme)
        self.asked = make.peer_review(self.version, self.reviewer, state=state, **fields)
        self.page = reverse("evidence:peer_review", args=[self.asked.pk])
        self.own = reverse("evidence:peer_review_comments", args=[self.asked.pk])
        self.comments = reverse("evidence:comments", args=[self.review.slug])
        self.reviewers = reverse("evidence:reviewers", args=[self.review.slug])

    def comment(self, text="Which sample?", part="methods"):
        return Comment.objects.create(
            version=self.version, peer_review=self.asked, by=self.reviewer, part=part, text=text
        )

    def submit(self):
        return words.submit(self.asked, by=self.reviewer, opinion="minor", overall="Good.", confidential="Between us.")

    def close(self):
        services.send_back(self.version, by=self.editor, reason="More on methods, please.")


def shown(response):
    return response.content.decode()


def test_a_reviewer_sees_what_is_asked_declares_and_reads(client):
    here = Round("invited")
    client.force_login(here.reviewer)
    assert here.version.title in shown(client.get("/me/"))
    page = shown(client.get(here.page))
    assert "Ada Author" in page and here.version.title in page
    assert client.get(here.version.get_preview_url()).status_code == 403
    said = client.post(here.page, {"kind": "answer", "answer": "yes"})
    assert said.status_code == 422 and "Say whether you have a conflict of interests" in shown(said)
    sent = {"kind": "answer", "answer": "yes", "has_conflict": "yes", "reason": "Kept words."}
    said = client.post(here.page, sent)
    assert said.status_code == 422 and "Describe the conflict" in shown(said) and "Kept words." in shown(said)
    page = client.post(here.page, {"kind": "answer", "answer": "yes", "has_conflict": "no"}, follow=True)
    assert "You can read the text now." in shown(page)
    assert client.get(here.version.get_preview_url()).status_code == 200
    assert here.own in shown(client.get(here.version.get_preview_url()))


def test_a_conflict_keeps_the_text_closed_until_an_editor_decides(client):
    here = Round("invited")
    client.force_login(here.reviewer)
    declared = {"kind": "answer", "answer": "yes", "has_conflict": "yes", "conflict": "We share an office."}
    page = client.post(here.page, declared, follow=True)
    assert "An editor decides first" in shown(page)
    assert client.get(here.version.get_preview_url()).status_code == 403
    assert client.get(here.own).url == here.page
    client.force_login(here.editor)
    assert "Conflict to decide" in shown(client.get(here.reviewers))
    assert "We share an office." in shown(client.get(here.page))
    assert client.post(reverse("evidence:clear_conflict", args=[here.asked.pk])).url == here.reviewers
    client.force_login(here.reviewer)
    assert client.get(here.own).status_code == 200


def test_a_no_is_one_press(client):
    here = Round()
    client.force_login(here.reviewer)
    client.post(here.page, {"kind": "answer", "answer": "no"})
    here.asked.refresh_from_db()
    assert here.asked.state == PeerReviewState.DECLINED
    assert "You said no" in shown(client.get(here.page))


def test_comments_are_written_part_by_part_changed_and_taken_back(client):
    here = Round()
    client.force_login(here.reviewer)
    page = shown(client.get(f"{here.own}?part=methods"))
    assert 'id="part-methods"' in page and f"{here.version.get_preview_url()}#methods" in page
    empty = client.post(f"{here.own}?part=methods", {"text": " "})
    assert empty.status_code == 422 and "Write a comment" in shown(empty)
    long = client.post(f"{here.own}?part=methods", {"text": "x" * 5001})
    assert long.status_code == 422 and "x" * 5001 in shown(long)
    assert client.post(f"{here.own}?part=methods", {"text": "Which sample?"}).status_code == 302
    comment = Comment.objects.get()
    assert (comment.part, comment.peer_review) == ("methods", here.asked)
    assert "Which sample?" in shown(client.get(f"{here.own}?comment={comment.pk}"))
    client.post(f"{here.own}?comment={comment.pk}", {"text": "How large?"})
    comment.refresh_from_db()
    assert comment.text == "How large?"
    client.post(reverse("evidence:remove_comment", args=[comment.pk]))
    assert not Comment.objects.exists()
    gone = client.post(f"{here.own}?comment={comment.pk}", {"text": "Once more."})
    assert gone.status_code == 422 and "Once more." in shown(gone)
    assert client.post(f"{here.own}?part=nowhere", {"text": "Kept."}).status_code == 422
    assert client.get(f"{here.own}?comment=x").status_code == 404


def test_an_opinion_is_kept_resumed_and_sent_in(client):
    here = Round()
    here.comment()
    client.force_login(here.reviewer)
    client.post(here.page, {"kind": "opinion", "overall": "So far.", "keep": "yes"})
    assert "So far." in shown(client.get(here.page))
    missing = client.post(here.page, {"kind": "opinion", "overall": "Nearly.", "send": "yes"})
    assert missing.status_code == 422 and "Choose your opinion" in shown(missing) and "Nearly." in shown(missing)
    whole = {"kind": "opinion", "opinion": "minor", "overall": "Good.", "confidential": "Between us.", "send": "yes"}
    assert client.post(here.page, whole).status_code == 302
    page = shown(client.get(here.page))
    assert "Your review is in" in page and "Between us." in page and "Which sample?" in page
    again = client.post(here.page, whole | {"overall": "Sent twice."})
    assert again.status_code == 422 and "stays as it is" in shown(again) and "Sent twice." in shown(again)
    assert PeerReview.objects.get().overall == "Good."


def test_what_was_typed_when_the_round_closed_is_still_there(client):
    here = Round()
    client.force_login(here.reviewer)
    here.close()
    late = client.post(here.page, {"kind": "opinion", "opinion": "minor", "overall": "Too late.", "send": "yes"})
    assert late.status_code == 422 and "closed" in shown(late) and "Too late." in shown(late)
    late = client.post(f"{here.own}?part=methods", {"text": "Also late."})
    assert late.status_code == 422 and "Also late." in shown(late)
    assert "This round is closed" in shown(client.get(here.page))


def test_an_editor_asks_reminds_and_releases(client):
    here = Round()
    others = [make.reviewer(here.programme, make.person(name=name)) for name in ("Bela Ferenc", "Cora Quick")]
    client.force_login(here.editor)
    assert here.reviewers in shown(client.get(here.review.get_desk_url()))
    page = shown(client.get(f"{here.reviewers}?q=cora"))
    assert "Cora Quick" in page and "Bela Ferenc" not in page and here.reviewer.name in page
    empty = client.post(here.reviewers, {})
    assert empty.status_code == 422 and "Choose somebody to ask" in shown(empty)
    client.post(f"{here.reviewers}?q=cora", {"part": "methods", "user": others[1].pk})
    asked = PeerReview.objects.get(user=others[1])
    assert (asked.part, asked.number) == ("methods", 2)
    wrong = client.post(here.reviewers, {"part": "methods", "user": here.author.pk})
    assert wrong.status_code == 422
    for number in ("0", "9" * 30, "x"):
        assert client.post(here.reviewers, {"part": "methods", "user": number}).status_code == 422
    client.post(reverse("evidence:chase_reviewer", args=[here.asked.pk]))
    here.asked.refresh_from_db()
    assert here.asked.chased == 1
    assert client.post(reverse("evidence:chase_reviewer", args=[here.asked.pk])).status_code == 409
    client.post(reverse("evidence:release_reviewer", args=[here.asked.pk]))
    here.asked.refresh_from_db()
    assert here.asked.state == PeerReviewState.RELEASED
    here.close()
    assert client.get(here.reviewers).status_code == 200
    assert client.post(here.reviewers, {"part": "methods", "user": others[0].pk}).status_code == 409


def test_authors_answer_each_comment_and_nothing_they_type_is_lost(client):
    here = Round()
    comment = here.comment()
    here.submit()
    client.force_login(here.author)
    page = shown(client.get(here.comments))
    assert "Reviewer 1 (subject)" in page and "Which sample?" in page
    assert "1 comment has no answer yet." in shown(client.get(here.review.get_desk_url()))
    url, field = f"{here.comments}?answer={comment.pk}", f"c{comment.pk}-"
    empty = client.post(url, {f"{field}text": "", f"{field}before": ""})
    assert empty.status_code == 422 and "Write an answer" in shown(empty)
    client.post(url, {f"{field}text": "Two hundred.", f"{field}before": ""})
    late = client.post(url, {f"{field}text": "Three hundred.", f"{field}before": ""})
    assert late.status_code == 422 and "Two hundred." in shown(late) and "Three hundred." in shown(late)
    client.post(here.comments, {"text": "A note to all."})
    assert "A note to all." in shown(client.get(here.comments))
    here.close()
    assert "More on methods, please." in shown(client.get(here.comments))
    client.post(url, {f"{field}text": "Three hundred.", f"{field}before": "Two hundred."})
    comment.refresh_from_db()
    assert comment.answer == "Three hundred."
    client.force_login(here.reviewer)
    assert "Three hundred." in shown(client.get(here.page))


def everything_seen(client, here, user):
    """Return all that a person reads on every page that tells of a peer review, and what each was answered."""
    client.force_login(user)
    urls = (here.page, here.own, here.comments, here.reviewers, here.review.get_desk_url(), "/me/")
    answers = [client.get(url) for url in (*urls, here.version.get_preview_url())]
    return [each.status_code for each in answers], "".join(shown(each) for each in answers)


def test_no_page_tells_anybody_what_is_not_for_them(client):
    here = Round()
    here.comment("Remark of one.")
    PeerReview.objects.update(overall="Overall of one.", confidential="Secret of one.", conflict="Conflict of one.")
    second = make.peer_review(here.version, make.reviewer(here.programme), state="accepted")
    both = make.editor(here.review, make.with_second_factor(make.author(here.review)))
    said, hidden = ["Remark of one.", "Overall of one."], ["Secret of one.", "Conflict of one."]
    named = [here.reviewer.name, here.reviewer.email, second.user.name]
    outside = (make.person(), make.reviewer(here.programme), make.member(make.partner(here.programme)))

    def read(user):
        statuses, page = everything_seen(client, here, user)
        return statuses, [each for each in (*said, *hidden, *named) if each in page]

    # the states of the reviewer's own page, their comments, the text's comments, reviewers, desk, me, preview
    assert read(here.author) == ([404, 404, 200, 403, 200, 200, 200], [])
    assert read(both) == ([404, 404, 200, 403, 200, 200, 200], [])
    assert read(second.user) == ([404, 404, 404, 404, 404, 200, 200], [second.user.name])
    assert read(here.editor)[1] == ["Conflict of one.", here.reviewer.name, second.user.name]
    sent = {"overall": "Overall of one.", "confidential": "Secret of one."}
    words.submit(here.asked, by=here.reviewer, opinion="minor", **sent)
    assert read(here.author) == ([404, 404, 200, 403, 200, 200, 200], said)
    assert read(both) == ([404, 404, 200, 403, 200, 200, 200], said)
    assert read(second.user)[1] == [second.user.name]
    assert read(here.editor)[1] == [*said, *hidden, here.reviewer.name, second.user.name]
    words.submit(second, by=second.user, opinion="ready", overall="Fine.")
    own = reverse("evidence:peer_review", args=[second.pk])
    client.force_login(second.user)
    page = shown(client.get(own))
    assert [each for each in (*said, *hidden, *named[:2]) if each in page] == said
    here.close()
    for user in outside:
        assert read(user) == ([404, 404, 404, 404, 404, 200, 404], [])
    ReviewPerson.objects.filter(user=here.author).update(ends_on=timezone.localdate())
    assert read(here.author) == ([404, 404, 404, 404, 404, 200, 404], [])


def test_nobody_acts_on_the_peer_review_of_others(client):
    here = Round()
    comment = here.comment()
    acts = [reverse(f"evidence:{name}", args=[here.asked.pk]) for name in ("release_reviewer", "clear_conflict")]
    acts += [reverse("evidence:remove_comment", args=[comment.pk]), here.own]
    for user, expected in (
        (None, [404, 404, 404, 404]),
        (here.author, [404, 404, 404, 404]),
        (here.reviewer, [403, 403]),
        (here.editor, [302, 409, 404, 403]),
    ):
        client.logout()
        if user:
            client.force_login(user)
        got = [client.post(url, {"text": "Mine."}).status_code for url in acts[: len(expected)]]
        assert got == expected
    assert client.get(acts[0]).status_code == 405


def test_pages_cost_the_same_however_many_comments_and_reviewers(client, django_assert_max_num_queries):
    here = Round()
    here.comment()
    for number in range(30):
        here.comment(f"Remark {number}.")
    make.peer_review(here.version, state="submitted", overall="Fine.")
    run = (here.comments, here.reviewers, here.page)
    for user, urls in ((here.reviewer, (here.page, here.own)), (here.editor, run)):
        client.force_login(user)
        for url in urls:
            with django_assert_max_num_queries(20):
                client.get(url)
    for _more in range(20):
        make.peer_review(here.version, make.reviewer(here.programme), state="submitted", overall="Fine.")
        make.reviewer(here.programme)
    for url in run:
        with django_assert_max_num_queries(20):
            client.get(url)


def test_due_days_stand_on_ones_own_page(client):
    here = Round()
    PeerReview.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(here.reviewer)
    assert "Wanted by" in shown(client.get("/me/"))
    here.submit()
    assert "You are asked to review" not in shown(client.get("/me/"))
