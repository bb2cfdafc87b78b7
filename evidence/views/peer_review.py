"""The reviewer's pages: answering, commenting part by part, and sending in."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, act, guard
from evidence.forms.peer_review import YES, AnswerInvitationForm, CommentForm, OpinionForm
from evidence.models import Comment, PeerReview
from evidence.reading import byline
from evidence.reading.peer_review import by_place, knows_names, nickname, remarks_on, said_of
from evidence.services import peer_review_words as words
from evidence.services import peer_reviewers
from evidence.states import PeerReviewState

SHOWN = ("round__version__review__programme", "user", "organisation", "conflict_cleared_by")


class OwnPage(FormPage):
    """A page about one peer review, fetched through ``visible_to``."""

    policy = "signed_in"

    def guarded_thing(self):
        """Fetch the peer review."""
        rows = PeerReview.objects.visible_to(self.request.user).select_related(*SHOWN)
        self.asked = get_object_or_404(rows, pk=self.kwargs["pk"])
        self.version = self.asked.round.version
        self.own = self.asked.user_id == self.request.user.pk
        return self.asked

    @property
    def going_on(self):
        """True while the round is open."""
        return self.asked.round.closed_at is None

    @property
    def writing(self):
        """True while the reviewer may comment and send in."""
        accepted = self.asked.state == PeerReviewState.ACCEPTED
        return self.own and self.going_on and accepted and not self.asked.held_up

    def own_remarks(self):
        """Return the comments of this peer review that the reader may read."""
        own = set(self.asked.comments.values_list("pk", flat=True))
        return [each for each in remarks_on(self.version, self.request.user) if each.pk in own]

    def get_context_data(self, **kwargs):
        """Add the peer review and the text it is about."""
        return super().get_context_data(
            asked=self.asked,
            version=self.version,
            review=self.version.review,
            own=self.own,
            going_on=self.going_on,
            writing=self.writing,
            **kwargs,
        )


class PeerReviewPage(OwnPage):
    """A peer review: its reviewer answers and sends in here; who runs the review sees how it stands."""

    template_name = "evidence/peer_review.html"

    def post(self, request, *args, **kwargs):
        """Answer or send in, if it is one's own."""
        return guard(request, "evidence.peer_review", self.asked) or super().post(request, *args, **kwargs)

    @property
    def answering(self):
        """True where the form says yes or no: by what was sent, else by the state."""
        if self.request.method == "POST":
            return self.request.POST.get("kind") != "opinion"
        return self.asked.state == PeerReviewState.INVITED

    def get_form_class(self):
        """Return the form that comes next."""
        return AnswerInvitationForm if self.answering else OpinionForm

    def get_form_kwargs(self):
        """Fill in what was kept, and say whether it is to be sent in."""
        given = super().get_form_kwargs()
        if self.answering:
            return given
        kept = {name: getattr(self.asked, name) for name in ("opinion", "overall", "confidential")}
        return given | {"initial": {"kind": "opinion", **kept}, "sending": "send" in self.request.POST}

    def act(self, form):
        """Make the one call that the form asks for."""
        values = dict(form.cleaned_data)
        values.pop("kind")
        if self.answering:
            return self._answer(**values)
        if form.sending:
            words.submit(self.asked, by=self.request.user, **values)
            messages.success(self.request, _("Your review is with the editors and the authors. Thank you."))
        else:
            words.save_opinion(self.asked, by=self.request.user, **values)
            messages.success(self.request, _("Kept. Nobody else reads it until you send it in."))
        return self.asked

    def _answer(self, answer, has_conflict, conflict, reason):
        by, declared = self.request.user, has_conflict == YES
        if answer != YES:
            peer_reviewers.decline(self.asked, by=by, reason=reason)
            messages.success(self.request, _("Thank you for your answer. You need not do anything more."))
            return self.asked
        peer_reviewers.accept(self.asked, by=by, has_conflict=declared, conflict=conflict if declared else "")
        waits = _("Thank you. An editor decides about the conflict; you hear when you can read the text.")
        messages.success(self.request, waits if declared else _("Thank you. You can read the text now."))
        return self.asked

    def get_context_data(self, **kwargs):
        """Add what the reader may read: their own words, and after sending in those of the others."""
        user, own = self.request.user, self.own
        typed = self.request.method == "POST"
        return super().get_context_data(
            authors=byline(list(self.version.authors.all())),
            called=nickname(self.asked),
            said=said_of(self.version, user),
            places=by_place(self.version, self._remarks()),
            show_form=typed or (own and self.going_on and (self.answering or self.writing)),
            answering=self.answering,
            runs=not own and knows_names(user, self.version),
            **kwargs,
        )

    def _remarks(self):
        """Return the comments to be shown: of all after sending in, else those of this peer review."""
        if self.own and self.asked.state == PeerReviewState.SUBMITTED:
            return remarks_on(self.version, self.request.user)
        return self.own_remarks()


class OwnComments(OwnPage):
    """A reviewer's comments on the parts of the text; ``?part=`` opens the form of one, ``?comment=`` changes one."""

    policy = "evidence.peer_review"
    template_name = "evidence/peer_review_comments.html"
    form_class = CommentForm

    def get(self, request, *args, **kwargs):
        """Lead to the peer review where nothing can be commented on now."""
        return super().get(request, *args, **kwargs) if self.writing else redirect(self.asked)

    @property
    def changed(self):
        """The comment that is being changed, or None; raises ``Http404`` for one that is not the reviewer's."""
        pk = self.request.GET.get("comment")
        if pk is None:
            return None
        if not pk.isdecimal() or len(pk) > 18:
            raise Http404
        return self.asked.comments.filter(pk=pk, by=self.request.user).first()

    def part(self):
        """Return the part whose form is open."""
        changed = self.changed
        return changed.part if changed else self.request.GET.get("part", "")

    def get_initial(self):
        """Fill in the comment that is changed."""
        changed = self.changed
        return {"text": changed.text} if changed else {}

    def act(self, form):
        """Keep the comment."""
        text, changed = form.cleaned_data["text"], self.changed
        if changed:
            words.change_comment(changed, by=self.request.user, text=text)
        elif "comment" in self.request.GET:
            raise Refused(_("This comment was taken back meanwhile. Choose its part below to write it again."))
        else:
            words.comment(self.version, by=self.request.user, part=self.part(), text=text)
        messages.success(self.request, _("Kept. Others read your comments once you send in your review."))
        query = urlencode({"part": self.part()})
        return f"{reverse('evidence:peer_review_comments', args=[self.asked.pk])}?{query}#part-{self.part() or 'whole'}"

    def get_context_data(self, **kwargs):
        """Add every part with the reviewer's comments on it."""
        places = by_place(self.version, self.own_remarks(), empty=True)
        part, changed = self.part(), self.changed
        known = part in {place.anchor for place in places}
        return super().get_context_data(
            places=places, part=part if known else "", changed=changed, preview=self.version.get_preview_url(), **kwargs
        )


@act("evidence.own_comment", model=Comment, lookup="pk")
def remove_comment(request, comment):
    """Take one's own comment back."""
    words.remove_comment(comment, by=request.user)
    return comment.get_absolute_url(), _("Your comment is taken back.")
