"""Reviews, their versions, and what a version consists of."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collaborative.core.handling import Handling
from collaborative.core.kinds import kind
from collaborative.vocabulary.models import Theme
from evidence.states import PUBLIC_STATES, WORKING_STATES, VersionState
from partners.models import Organisation, Programme
from partners.rights import rights_of
from projects.models import Project

PERSON = settings.AUTH_USER_MODEL
RESERVED_SLUGS = ("map", "practices", "recommendations", "feed", "new")


class ReviewQuerySet(models.QuerySet):
    """Reads of reviews."""

    def visible_to(self, user):
        """Return the published ones: PUBLIC to everyone, OFFICIAL to the programme's partners."""
        seen = models.Q(current__handling=Handling.PUBLIC)
        if user is not None and user.is_authenticated:
            rights = rights_of(user)
            if rights.administrator:
                return self.published()
            seen |= models.Q(programme_id__in=rights.inside)
        return self.published().filter(seen)

    def withdrawn(self, user):
        """Return those that the person could once read, no longer can, and whose tombstone they therefore see."""
        gone = Version.objects.filter(state=VersionState.WITHDRAWN).visible_to(user)
        return self.filter(pk__in=gone.values("review_id")).exclude(pk__in=Review.objects.visible_to(user).values("pk"))

    def published(self):
        """Return those with a published version."""
        return self.filter(current__isnull=False)

    def manageable_by(self, user):
        """Return those of the programmes the person coordinates."""
        return self.filter(programme__in=Programme.objects.manageable_by(user))

    def for_lists(self):
        """Return the rows with what a list shows, newest first."""
        return self.select_related("current", "kind_of", "programme").order_by("-published_at", "-pk")


@kind("review")
class Review(models.Model):
    """A piece of evidence with one permanent address; its text and state belong to its versions."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=250, help_text=_("Once published, that of the published version."))
    summary = models.TextField(_("summary"), blank=True, editable=False)
    kind_of = models.ForeignKey(
        "vocabulary.Term",
        verbose_name=_("kind"),
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"scheme": "review_kind"},
    )
    series = models.CharField(_("series"), max_length=160, blank=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="reviews")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="reviews")
    themes = models.ManyToManyField(Theme, through="ReviewTheme", related_name="reviews")
    current = models.OneToOneField(
        "Version", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="evidence_newest"),
            models.Index(fields=["programme", "-published_at"], name="evidence_programme"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the review's permanent address."""
        return reverse("evidence:page", args=[self.slug])


class ReviewTheme(models.Model):
    """A theme that a review is about."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="theme_links")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "theme"], name="evidence_one_theme")]

    def __str__(self):
        return str(self.theme)


class VersionQuerySet(models.QuerySet):
    """Reads of versions."""

    def visible_to(self, user):
        """Return what was published, tombstones too: PUBLIC to everyone, OFFICIAL to the programme's partners.

        Coordinators also see the texts that they have in the making.
        """
        once = models.Q(state__in=(*PUBLIC_STATES, VersionState.REPLACED, VersionState.WITHDRAWN))
        seen = models.Q(handling=Handling.PUBLIC)
        if user is None or not user.is_authenticated:
            return self.filter(once, seen)
        rights = rights_of(user)
        if rights.administrator:
            return self.all()
        seen |= models.Q(review__programme_id__in=rights.inside)
        return self.filter((once & seen) | models.Q(review__programme_id__in=rights.coordinator_of))

    def manageable_by(self, user):
        """Return those of the programmes the person coordinates."""
        return self.filter(review__in=Review.objects.manageable_by(user))


@kind("version")
class Version(models.Model):
    """One numbered text of a review; never changed once published."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=20, choices=VersionState, default=VersionState.COMMISSIONED)
    handling = models.CharField(_("handling"), max_length=20, choices=Handling, default=Handling.PUBLIC)
    title = models.CharField(_("title"), max_length=250)
    summary = models.TextField(_("summary"), blank=True, help_text=_("One paragraph for lists, without marks."))
    plain_summary = models.TextField(_("plain-language summary"), blank=True, help_text=_("Up to 700 words."))
    background = models.TextField(_("background"), blank=True)
    provenance = models.TextField(_("where this copy comes from"), blank=True)
    funder = models.CharField(_("funder"), max_length=250, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    current_as_of = models.DateField(_("current as of"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_reason = models.TextField(_("reason for withdrawal"), blank=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["review", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="evidence_one_number"),
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(state__in=("published", "update_due")),
                name="evidence_one_published_version",
            ),
            models.UniqueConstraint(
                fields=["review"],
                condition=models.Q(state__in=("commissioned", "protocol", "drafting", "peer_review", "approved")),
                name="evidence_one_working_version",
            ),
            models.CheckConstraint(condition=models.Q(state__in=VersionState.values), name="evidence_known_state"),
            models.CheckConstraint(
                condition=~models.Q(state__in=("published", "update_due")) | models.Q(published_at__isnull=False),
                name="evidence_published_has_a_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | ~models.Q(withdrawn_reason=""),
                name="evidence_withdrawn_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"

    def get_absolute_url(self):
        """Return the review's address; versions get their own with the library."""
        return self.review.get_absolute_url()

    def get_preview_url(self):
        """Return where coordinators read it as the public will."""
        return reverse("evidence:preview", args=[self.review.slug])

    @property
    def working(self):
        """True while the text may still change."""
        return self.state in WORKING_STATES


class Author(models.Model):
    """An author in order, with the affiliation at the time; ``with`` as in “A and B with C”."""

    class Part(models.TextChoices):
        AUTHOR = "author", _("author")
        WITH = "with", _("with")
        CORPORATE = "corporate", _("corporate author")

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="authors")
    position = models.PositiveSmallIntegerField(_("position"))
    part = models.CharField(_("part"), max_length=20, choices=Part, default=Part.AUTHOR)
    name = models.CharField(_("name"), max_length=160)
    affiliation = models.CharField(_("affiliation"), max_length=160, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="evidence_one_author_position")]

    def __str__(self):
        return self.name


class Section(models.Model):
    """A section of the text, with a heading that can be linked to."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(_("position"))
    anchor = models.SlugField(_("anchor"), max_length=80)
    heading = models.CharField(_("heading"), max_length=200)
    body = models.TextField(_("text"), help_text=_("Markdown; cite a reference as [@key]."))

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="evidence_one_section_position"),
            models.UniqueConstraint(fields=["version", "anchor"], name="evidence_one_anchor"),
        ]

    def __str__(self):
        return self.heading


class Finding(models.Model):
    """A numbered key finding."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="findings")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    section = models.ForeignKey(
        Section,
        verbose_name=_("section it rests on"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="evidence_one_finding")]

    def __str__(self):
        return f"{self.number}. {self.text[:60]}"


class ResearchPriority(models.Model):
    """A numbered question that a review leaves for research."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="priorities")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    section = models.ForeignKey(
        Section,
        verbose_name=_("section it rests on"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name_plural = _("research priorities")
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="evidence_one_priority")]

    def __str__(self):
        return f"{self.number}. {self.text[:60]}"


class Reference(models.Model):
    """A source that the text cites as ``[@key]``; ``note`` says when our copy has no full reference."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="references")
    key = models.SlugField(_("key"), max_length=60)
    short = models.CharField(_("short citation"), max_length=160)
    full = models.TextField(_("full reference"), blank=True)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["short", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="evidence_one_reference_key")]

    def __str__(self):
        return self.short
