"""The numbered versions of a review, their made PDF, and the notes that correct them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.handling import Handling
from collaborative.core.kinds import kind
from collaborative.core.reader import scope_of
from evidence.models.reviews import PERSON, Review, ReviewPerson
from evidence.states import (
    MARKS,
    PUBLIC_STATES,
    READ_STATES,
    STILL_REVIEWING,
    WORKING_STATES,
    WRITING_STATES,
    VersionState,
)
from partners.rights import rights_of


class VersionQuerySet(models.QuerySet):
    """Reads of versions."""

    def visible_to(self, user, now=None):
        """Return what was published, tombstones too: PUBLIC to everyone from the end of an embargo, all to partners.

        Those who run or write the review also see the text in the making, and reviewers the one they are asked about.
        """
        now = now or timezone.now()
        once = Q(state__in=(*READ_STATES, VersionState.WITHDRAWN))
        begun = Q(public_from=None) | (
            Q(public_from__lte=now) & (Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("public_from")))
        )
        seen = Q(handling=Handling.PUBLIC) & begun
        if user is None or not user.is_authenticated:
            return self.filter(once & seen)
        rights = rights_of(user)
        if rights.administrator:
            return self.all()
        seen |= Q(review__programme_id__in=rights.inside)
        own = ReviewPerson.objects.current().filter(user=user).values("review_id")
        makes = (
            Q(review__programme_id__in=rights.coordinator_of) | Q(review__in=own) | Q(pk__in=self._asked_about(user))
        )
        return self.filter((once & seen) | makes)

    def _asked_about(self, user):
        """Return the ids of those that the person is asked to review, reviews, or has reviewed."""
        asked = {"rounds__peer_reviews__user": user, "rounds__peer_reviews__state__in": STILL_REVIEWING}
        return self.model.objects.filter(**asked).values("pk")

    def readable_by(self, user, now=None):
        """Return those among the visible ones whose text stands at its own address: no draft and no tombstone."""
        return self.visible_to(user, now).filter(state__in=READ_STATES)

    def manageable_by(self, user):
        """Return those of the programmes the person coordinates."""
        return self.filter(review__in=Review.objects.manageable_by(user))

    def run_by(self, user):
        """Return those of the reviews the person runs."""
        return self.filter(review__in=Review.objects.run_by(user))


def withdrawn_reviews(user):
    """Return the reviews that the person could once read, no longer can, and whose tombstone they therefore see."""
    gone = Version.objects.filter(state=VersionState.WITHDRAWN).visible_to(user)
    seen = Review.objects.visible_to(user)
    return Review.objects.filter(pk__in=gone.values("review_id")).exclude(pk__in=seen.values("pk"))


@kind("version")
class Version(models.Model):
    """One numbered text of a review; never changed once published, only corrected by dated notes."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=20, choices=VersionState, default=VersionState.COMMISSIONED)
    handling = models.CharField(_("handling"), max_length=20, choices=Handling, default=Handling.PUBLIC)
    title = models.CharField(_("title"), max_length=250)
    summary = models.TextField(_("summary"), blank=True, help_text=_("One paragraph for lists, without marks."))
    plain_summary = models.TextField(_("plain-language summary"), blank=True, help_text=_("Up to 700 words."))
    background = models.TextField(_("background"), blank=True)
    provenance = models.TextField(_("where this copy comes from"), blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    changes = models.TextField(_("what is new in this version"), blank=True)
    current_as_of = models.DateField(_("current as of"), null=True, blank=True)
    update_due_on = models.DateField(_("to be updated by"), null=True, blank=True)
    methods_wanted = models.PositiveSmallIntegerField(_("reviewers of methods"), default=1)
    subject_wanted = models.PositiveSmallIntegerField(_("reviewers of the subject"), default=2)
    approved_without = models.TextField(_("why it was approved with fewer reviews"), blank=True, editable=False)
    sent_back_because = models.TextField(_("why it was last sent back"), blank=True, editable=False)
    publish_at = models.DateTimeField(_("to be published at"), null=True, blank=True, editable=False)
    publish_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    public_from = models.DateTimeField(_("embargo ends at"), null=True, blank=True, editable=False)
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    superseded_by = models.ForeignKey(
        Review, on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes", editable=False
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_reason = models.TextField(_("reason for archiving"), blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_reason = models.TextField(_("reason for withdrawal"), blank=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["review", "-number"]
        indexes = [
            models.Index(fields=["id"], include=["handling", "public_from"], name="evidence_open_versions"),
            models.Index(fields=["publish_at"], condition=Q(publish_at__isnull=False), name="evidence_to_publish"),
            models.Index(
                fields=["public_from"],
                condition=Q(public_from__isnull=False, announced_at__isnull=True),
                name="evidence_embargoed",
            ),
            models.Index(fields=["state", "update_due_on"], name="evidence_update_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="evidence_one_number"),
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(state__in=PUBLIC_STATES),
                name="evidence_one_published_version",
            ),
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(state__in=WORKING_STATES),
                name="evidence_one_working_version",
            ),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="evidence_known_state"),
            models.CheckConstraint(
                condition=~Q(state__in=READ_STATES) | Q(published_at__isnull=False),
                name="evidence_published_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (~Q(withdrawn_reason="") & Q(withdrawn_at__isnull=False)),
                name="evidence_withdrawn_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="archived") | (~Q(archived_reason="") & Q(archived_at__isnull=False)),
                name="evidence_archived_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="superseded") | Q(superseded_by__isnull=False), name="evidence_superseded_by_one"
            ),
            models.CheckConstraint(
                condition=Q(publish_at=None) | Q(state="approved"), name="evidence_only_approved_are_scheduled"
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"

    def get_absolute_url(self):
        """Return the version's own permanent address; while it is being made, the page where it is read."""
        if self.working:
            return self.get_preview_url()
        return reverse("evidence:version", args=[self.review.slug, self.number])

    def get_preview_url(self):
        """Return where those who make it read it as the public will."""
        return reverse("evidence:preview", args=[self.review.slug])

    @property
    def working(self):
        """True while the version is being made."""
        return self.state in WORKING_STATES

    @property
    def writing(self):
        """True while the text may still change."""
        return self.state in WRITING_STATES

    @property
    def readable(self):
        """True when it stands at its own address."""
        return self.state in READ_STATES

    @property
    def mark(self):
        """How a list marks it when it is out of date, else nothing."""
        return MARKS.get(self.state, "")

    checklist_read = content_read = None
    """What a page has read of it and hands on: its ``checks.checklist`` and its ``reading.content_of``."""

    def embargoed(self, now=None):
        """Say whether only partners may read it yet."""
        return self.public_from is not None and self.public_from > (now or timezone.now())

    def open_to_everyone(self, now=None):
        """Say whether everyone may read it: only then is it spoken of to machines and kept by caches of others."""
        return self.readable and self.handling == Handling.PUBLIC and not self.embargoed(now)


class Pdf(models.Model):
    """The PDF of a version, made from its HTML by a job; a row for each, so that a lost job is found again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        MADE = "made", _("Made")
        FAILED = "failed", _("Could not be made")

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="pdf")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    stored = models.CharField(max_length=120, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(_("what went wrong"), max_length=500, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("PDF")
        verbose_name_plural = _("PDFs")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["state", "asked_at"], name="evidence_pdf_waiting")]
        constraints = [
            models.CheckConstraint(condition=~Q(state="made") | ~Q(stored=""), name="evidence_made_pdf_is_stored")
        ]

    def __str__(self):
        return f"{self.version}: {self.get_state_display()}"


class Correction(models.Model):
    """A dated note that corrects a published version, whose text stays as it was."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField(_("what was wrong, and what is right"))
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.text[:60]


class CheckQuerySet(models.QuerySet):
    """Reads of the checklist."""

    def manageable_by(self, user):
        """Return everything to whoever enters the admin: coordinators read it."""
        scope = scope_of(user)
        return self.all() if scope.everything or scope.coordinated_programme_ids else self.none()


class Check(models.Model):
    """A line of the checklist that a text of one kind, or of any, goes through before it is published."""

    kind_of = models.ForeignKey(
        "vocabulary.Term",
        verbose_name=_("kind"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": "review_kind"},
        help_text=_("Empty: for every kind."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    words = models.CharField(_("what is checked"), max_length=200)
    hint = models.CharField(_("how"), max_length=300, blank=True)
    required = models.BooleanField(_("needed before publication"), default=True)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the checklist")
        verbose_name_plural = _("checklist")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.words


class Tick(models.Model):
    """A line of the checklist that somebody has seen done for one version."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="ticks")
    check_of = models.ForeignKey(Check, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("checked line")
        verbose_name_plural = _("checked lines")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "check_of"], name="evidence_one_tick")]

    def __str__(self):
        return str(self.check_of_id)
