"""Peer review at the desk: asking reviewers for those who run a review, reading and answering for all who make it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborative.accounts.second_factor import with_second_factor
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, act
from evidence.forms.peer_review import AnswerCommentForm, CommentForm, InviteForm
from evidence.models import Comment, PeerReview, Review
from evidence.reading.peer_review import by_place, remarks_on, said_of
from evidence.services import peer_review_time, peer_reviewers
from evidence.services import peer_review_words as words


def version_in_review(user, slug):
    """Return the version of which peer review tells: the newest. Raises ``Http404`` for those who do not make it."""
    if not user.is_authenticated:
        raise Http404
    rows = Review.objects.worked_on_by(user).select_related("programme")
    review = get_object_or_404(rows, slug=slug)
    version = review.versions.order_by("-number").first()
    if version is None:
        raise Http404
    version.review = review
    return version


class DeskPage(FormPage):
    """A page about the peer review of the newest version."""

    def guarded_thing(self):
        """Fetch the version, for those who make it."""
        self.version = version_in_review(self.request.user, self.kwargs["slug"])
        return self.version

    def get_context_data(self, **kwargs):
        """Add the text."""
        return super().get_context_data(version=self.version, review=self.version.review, **kwargs)


@with_second_factor
class Reviewers(DeskPage):
    """Who was asked in which round and how it stands; while a round is open, asking somebody."""

    policy = "evidence.reviewers"
    template_name = "evidence/peer_reviewers.html"
    form_class = InviteForm

    @property
    def current(self):
        """The open round, or None."""
        if not hasattr(self, "_current"):
            self._current = self.version.rounds.filter(closed_at=None).first()
            if self._current:
                self._current.version = self.version
        return self._current

    @property
    def q(self):
        """The name that is searched for."""
        return self.request.GET.get("q", "").replace("\x00", "").strip()[:100]

    def get_form_kwargs(self):
        """Hand over who can be asked, narrowed by what was searched for."""
        people = peer_reviewers.eligible(self.current) if self.current else None
        if people is None:
            raise Refused(_("No round of peer review is open, so nobody can be asked."))
        return super().get_form_kwargs() | {"people": people, "q": self.q}

    def get_form(self, form_class=None):
        """Return the form, or None on a page that only shows."""
        if self.current is None and self.request.method == "GET":
            return None
        return super().get_form(form_class)

    def act(self, form):
        """Ask."""
        values = form.cleaned_data
        peer_reviewers.invite(self.current, by=self.request.user, user=values["user"], part=values["part"])
        messages.success(self.request, _("%(name)s is asked.") % {"name": values["user"]})
        return reverse("evidence:reviewers", args=[self.version.review.slug])

    def get_context_data(self, **kwargs):
        """Add the rounds with those who were asked, and how many of each kind are wanted and there."""
        rows = PeerReview.objects.filter(round__version=self.version).select_related("round", "user", "organisation")
        rounds = {}
        for row in rows.order_by("-round__number", "number"):
            rounds.setdefault(row.round, []).append(row)
        if self.current:
            rounds = {self.current: [], **rounds}
        return super().get_context_data(rounds=list(rounds.items()), current=self.current, q=self.q, **kwargs)


class Comments(DeskPage):
    """What reviewers and those who make the text say of it, part by part, with room for an answer to each."""

    policy = "evidence.desk"
    template_name = "evidence/peer_review_answers.html"

    def _number(self):
        """Return the id of the comment that is answered, or None where a note is written."""
        pk = self.request.GET.get("answer", "")
        return int(pk) if pk.isdecimal() and len(pk) < 18 else None

    def get_form_class(self):
        """Return the form for an answer or for a note."""
        return CommentForm if self._number() is None else AnswerCommentForm

    def get_form_kwargs(self):
        """Name the fields of an answer by its comment, so that the page can hold many."""
        pk = self._number()
        return super().get_form_kwargs() | ({} if pk is None else {"prefix": f"c{pk}"})

    def act(self, form):
        """Keep the answer or the note."""
        pk, by, values = self._number(), self.request.user, form.cleaned_data
        here = reverse("evidence:comments", args=[self.version.review.slug])
        if pk is None:
            words.comment(self.version, by=by, part=self.request.GET.get("part", ""), text=values["text"])
            messages.success(self.request, _("Your note is kept. Those who make the text read it."))
            return here
        comment = get_object_or_404(Comment.objects.visible_to(by), pk=pk, version=self.version)
        words.answer(comment, by=by, text=values["text"], instead_of=values["before"])
        messages.success(self.request, _("Your answer is kept."))
        return f"{here}#comment-{pk}"

    def get_context_data(self, **kwargs):
        """Add what was sent in, the comments by part, and a form for the answer to each."""
        context = super().get_context_data(**kwargs)
        user, version = self.request.user, self.version
        remarks = remarks_on(version, user)
        form, pk = context.pop("form"), self._number()
        forms = {each.pk: self._empty(each) for each in remarks} if version.working else {}
        if self.request.method == "POST" and pk is not None:
            forms[pk] = form
        note = form if self.request.method == "POST" and pk is None else CommentForm()
        places = by_place(version, remarks)
        return context | {
            "said": said_of(version, user),
            "places": [(place, [(each, forms.get(each.pk)) for each in place.remarks]) for place in places],
            "form": form if self.request.method == "POST" else None,
            "note": note if version.working else None,
            "runs": policies.offers("evidence.reviewers", user, version),
            "current": version.rounds.filter(closed_at=None).first(),
        }

    def _empty(self, remark):
        filled = {"text": remark.answer, "before": remark.answer}
        return AnswerCommentForm(prefix=f"c{remark.pk}", initial=filled)


def _reviewers(peer_review):
    return reverse("evidence:reviewers", args=[peer_review.round.version.review.slug])


@act("evidence.reviewers", model=PeerReview, lookup="pk")
@with_second_factor
def release(request, peer_review):
    """Let a reviewer go."""
    peer_reviewers.release(peer_review, by=request.user)
    return _reviewers(peer_review), _("They hear that the review is no longer needed.")


@act("evidence.reviewers", model=PeerReview, lookup="pk")
@with_second_factor
def clear_conflict(request, peer_review):
    """Let a reviewer go on in spite of a conflict of interests."""
    peer_reviewers.clear_conflict(peer_review, by=request.user)
    return _reviewers(peer_review), _("They hear that they can read the text.")


@act("evidence.reviewers", model=PeerReview, lookup="pk")
@with_second_factor
def chase(request, peer_review):
    """Remind a reviewer at once."""
    peer_review_time.chase_now(peer_review, by=request.user)
    return _reviewers(peer_review), _("A reminder is on its way.")
