"""Peer review: rounds, who reviews in them, and what they say section by section."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.kinds import kind
from evidence.models.reviews import PERSON, Review, ReviewPerson
from evidence.models.versions import Version
from evidence.states import OPEN_PEER_REVIEWS, PeerReviewState
from partners.models import Organisation


class RoundQuerySet(models.QuerySet):
    """Reads of rounds."""

    def visible_to(self, user):
        """Return those of the texts that the person makes or whose programme the person coordinates."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(version__review__in=Review.objects.worked_on_by(user))


@kind("peer_review_round")
class Round(models.Model):
    """One round of peer review of a version; the text stands still while it is open."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("round"))
    opened_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("reviews wanted by"))
    closed_at = models.DateTimeField(null=True, blank=True)
    letter = models.TextField(_("what the authors say about this round"), blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["version", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="evidence_one_round"),
            models.UniqueConstraint(fields=["version"], condition=Q(closed_at=None), name="evidence_one_open_round"),
        ]

    def __str__(self):
        return f"{self.version}, {self.number}"

    def get_absolute_url(self):
        """Return the page on which those who make the text read what its reviewers say."""
        return reverse("evidence:comments", args=[self.version.review.slug])


class PeerReviewQuerySet(models.QuerySet):
    """Reads of peer reviews."""

    def visible_to(self, user):
        """Return the person's own, and those of the texts that the person runs without being an author of them."""
        if user is None or not user.is_authenticated:
            return self.none()
        written = ReviewPerson.objects.current().filter(user=user, part=ReviewPerson.Part.AUTHOR)
        run = Version.objects.run_by(user).exclude(review__in=written.values("review_id"))
        return self.filter(Q(user=user) | Q(round__version__in=run))

    def words_visible_to(self, user):
        """Return those whose words the person reads: their own, and what was sent in to those who make the text.

        A reviewer reads what others sent in, of this round and of those before it, after sending in their own;
        somebody who still has to is treated as a reviewer, whatever else they are.
        """
        if user is None or not user.is_authenticated:
            return self.none()
        own = PeerReview.objects.filter(user=user, round__version=OuterRef("round__version"))
        sent = own.filter(state=PeerReviewState.SUBMITTED, round__number__gte=OuterRef("round__number"))
        owed = own.filter(state__in=OPEN_PEER_REVIEWS, round__closed_at=None)
        made = Q(round__version__review__in=Review.objects.worked_on_by(user)) & ~Exists(owed)
        return self.filter(Q(user=user) | (Q(state=PeerReviewState.SUBMITTED) & (made | Exists(sent))))

    def with_text_open(self):
        """Return those whose reviewer reads the text: said yes, no conflict stands in the way, the round is open."""
        free = Q(has_conflict=False) | Q(conflict_cleared_by__isnull=False)
        reading = (PeerReviewState.ACCEPTED, PeerReviewState.SUBMITTED)
        return self.filter(free, state__in=reading, round__closed_at=None)

    def waiting_for(self, user):
        """Return the person's own that wait for them."""
        return self.filter(user=user, state__in=OPEN_PEER_REVIEWS)


@kind("peer_review")
class PeerReview(models.Model):
    """What one person says about a version in one round: of its methods or of its subject."""

    class Part(models.TextChoices):
        METHODS = "methods", _("methods")
        SUBJECT = "subject", _("subject")

    class Opinion(models.TextChoices):
        READY = "ready", _("Publish it as it is")
        MINOR = "minor", _("Publish it after small changes")
        MAJOR = "major", _("It needs large changes and another look")
        UNFIT = "unfit", _("It should not be published")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="peer_reviews")
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("How the authors know the reviewer."))
    user = models.ForeignKey(PERSON, verbose_name=_("reviewer"), on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    part = models.CharField(_("part"), max_length=20, choices=Part)
    state = models.CharField(_("state"), max_length=20, choices=PeerReviewState, default=PeerReviewState.INVITED)
    due_on = models.DateField(_("wanted by"))
    invited_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    has_conflict = models.BooleanField(_("has a conflict of interests"), null=True, blank=True)
    conflict = models.TextField(_("conflict of interests"), blank=True)
    conflict_cleared_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_because = models.TextField(_("why it was declined"), blank=True)
    opinion = models.CharField(_("opinion"), max_length=20, choices=Opinion, blank=True)
    overall = models.TextField(_("for the authors"), blank=True)
    confidential = models.TextField(_("for the editors alone"), blank=True)
    chased = models.PositiveSmallIntegerField(default=0)

    objects = PeerReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("peer review")
        verbose_name_plural = _("peer reviews")
        ordering = ["round", "number"]
        indexes = [
            models.Index(fields=["user", "state"], name="evidence_reviewer"),
            models.Index(fields=["state", "due_on"], name="evidence_review_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "user"], name="evidence_one_review_each"),
            models.UniqueConstraint(fields=["round", "number"], name="evidence_one_reviewer_number"),
            models.CheckConstraint(
                condition=~Q(state="submitted") | (~Q(opinion="") & Q(submitted_at__isnull=False)),
                name="evidence_submitted_has_an_opinion",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "submitted"]) | Q(has_conflict__isnull=False),
                name="evidence_conflict_is_declared",
            ),
        ]

    def __str__(self):
        return f"{self.get_part_display()}, {self.number}"

    def get_absolute_url(self):
        """Return the page on which the reviewer answers and writes."""
        return reverse("evidence:peer_review", args=[self.pk])

    @property
    def open(self):
        """True while it waits for its reviewer."""
        return self.state in OPEN_PEER_REVIEWS

    @property
    def held_up(self):
        """True while a declared conflict waits for an editor's decision."""
        declared = self.state == PeerReviewState.ACCEPTED and self.has_conflict
        return bool(declared and self.conflict_cleared_by_id is None)


class CommentQuerySet(models.QuerySet):
    """Reads of comments."""

    def visible_to(self, user):
        """Return those of the peer reviews whose words the person reads; notes go to those who make the text."""
        if user is None or not user.is_authenticated:
            return self.none()
        read = PeerReview.objects.words_visible_to(user).values("pk")
        notes = Q(peer_review=None, version__review__in=Review.objects.worked_on_by(user))
        return self.filter(Q(peer_review__in=read) | notes)


class Comment(models.Model):
    """A remark on one part of a version, by a reviewer or by somebody who makes it, and what became of it.

    ``part`` is the anchor of the part on the page, or empty for the whole.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments")
    peer_review = models.ForeignKey(
        PeerReview, on_delete=models.CASCADE, null=True, blank=True, related_name="comments"
    )
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("part of the text"), max_length=120, blank=True)
    text = models.TextField(_("comment"))
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "pk"]

    def __str__(self):
        return self.text[:60]

    def get_absolute_url(self):
        """Return where its writer finds it: among a reviewer's own comments, else among those of the text."""
        if self.peer_review_id:
            return reverse("evidence:peer_review_comments", args=[self.peer_review_id])
        return reverse("evidence:comments", args=[self.version.review.slug])
