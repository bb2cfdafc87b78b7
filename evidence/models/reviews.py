"""Reviews: what stays the same through all the versions of a text."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from collaborative.core.dated import ends_after_start, holds_on
from collaborative.core.handling import Handling
from collaborative.core.kinds import kind
from collaborative.vocabulary.models import Theme
from partners.models import Membership, Organisation, Programme
from partners.rights import rights_of
from projects.models import Project

PERSON = settings.AUTH_USER_MODEL
RESERVED_SLUGS = (
    *("ask", "desk", "feed", "files", "map", "new", "peer-review"),
    *("practices", "recommendations", "requests", "v"),
)
"""Words that stand, or may come to stand, for other pages below ``/evidence/``."""


class ReviewQuerySet(models.QuerySet):
    """Reads of reviews."""

    def visible_to(self, user, now=None):
        """Return what can be read: PUBLIC to everyone from the end of an embargo, all to the programme's partners."""
        if user is None or not user.is_authenticated:
            return self.published().filter(self._open_at(now))
        rights = rights_of(user)
        if rights.administrator:
            return self.published()
        return self.published().filter(self._open_at(now) | Q(programme_id__in=rights.inside))

    def _open_at(self, now):
        begun = Q(current__public_from=None) | Q(current__public_from__lte=now or timezone.now())
        return begun & Q(current__handling=Handling.PUBLIC)

    def published(self):
        """Return those with a published version."""
        return self.filter(current__isnull=False)

    def manageable_by(self, user):
        """Return those of the programmes the person coordinates."""
        return self.filter(programme__in=Programme.objects.manageable_by(user))

    def run_by(self, user):
        """Return those the person runs: as a coordinator of the programme, or as an editor of the review."""
        edited = ReviewPerson.objects.current().filter(user=user, part=ReviewPerson.Part.EDITOR)
        return self.filter(
            Q(programme__in=Programme.objects.manageable_by(user)) | Q(pk__in=edited.values("review_id"))
        )

    def worked_on_by(self, user):
        """Return those the person runs or writes."""
        own = ReviewPerson.objects.current().filter(user=user).values("review_id")
        return self.filter(Q(programme__in=Programme.objects.manageable_by(user)) | Q(pk__in=own))

    def for_lists(self):
        """Return the rows with what a list shows, newest first."""
        return self.select_related("current", "kind_of", "programme").order_by("-published_at", "-pk")


@kind("review")
class Review(models.Model):
    """A piece of evidence with one permanent address; its text and state belong to its versions.

    How it is catalogued (kind, themes, places, populations, methods) belongs to the review and may change at
    any time; the text does not. A translation is a review of its own that names its original.
    """

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
    terms = models.ManyToManyField(
        "vocabulary.Term",
        verbose_name=_("populations and methods"),
        related_name="+",
        blank=True,
        limit_choices_to={"scheme__in": ["population", "method"]},
    )
    language = models.CharField(
        _("language"), max_length=12, default="en", help_text=_("The code of the language it is written in.")
    )
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="translations",
    )
    current = models.OneToOneField(
        "Version", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    doi = models.CharField(
        _("DOI"),
        max_length=120,
        blank=True,
        help_text=_("Of the review whatever its version, such as 10.5281/zenodo.42."),
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="evidence_newest"),
            models.Index(fields=["programme", "-published_at"], name="evidence_programme"),
            models.Index(fields=["title", "id"], name="evidence_by_title"),
            models.Index(  # all that the library's facets count, without the rows' long texts
                fields=["current"], include=["id", "kind_of", "programme", "year"], name="evidence_counted"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                condition=Q(translation_of__isnull=False),
                name="evidence_one_translation",
                violation_error_message=_("There is a translation into this language already."),
            ),
            models.UniqueConstraint(
                Lower("doi"),
                condition=~Q(doi=""),
                name="evidence_one_doi",
                violation_error_message=_("Another review has this DOI."),
            ),
            models.CheckConstraint(
                condition=Q(translation_of=None) | ~Q(translation_of=models.F("id")),
                name="evidence_no_translation_of_itself",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the review's permanent address."""
        return reverse("evidence:page", args=[self.slug])

    def get_desk_url(self):
        """Return where those who make it work on it."""
        return reverse("evidence:desk", args=[self.slug])


class ReviewTheme(models.Model):
    """A theme that a review is about."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="theme_links")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "theme"], name="evidence_one_theme")]

    def __str__(self):
        return str(self.theme)


class ReviewPlace(models.Model):
    """A place that a review is about: a country, and a region or town in it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="places")
    country = CountryField(_("country"))
    place = models.CharField(_("place"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["country", "place", "pk"]
        constraints = [models.UniqueConstraint(fields=["review", "country", "place"], name="evidence_one_place")]

    def __str__(self):
        return f"{self.place}, {self.country.name}" if self.place else self.country.name


class ReviewPersonQuerySet(models.QuerySet):
    """Reads of those who make reviews."""

    def visible_to(self, user):
        """Return one's own parts, and those in reviews that the person runs."""
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(Q(user=user) | Q(review__in=Review.objects.run_by(user)))

    def current(self, day=None):
        """Return the parts that hold on a day (today); who has left the organisation they had it for has none."""
        staff = Membership.objects.current(day).filter(user=OuterRef("user"), organisation=OuterRef("organisation"))
        return self.filter(holds_on(day)).filter(Q(organisation=None) | Exists(staff))

    def lasting(self):
        """Return the parts that hold today or are still to begin."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=timezone.localdate()))


@kind("review_person")
class ReviewPerson(models.Model):
    """Who makes a review here, from when to when: its editors, and its authors where they have an account.

    The authors that readers see are those of the version; these rows say who may work on the text.
    """

    class Part(models.TextChoices):
        EDITOR = "editor", _("editor")
        AUTHOR = "author", _("author")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(PERSON, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("for"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    part = models.CharField(_("part"), max_length=20, choices=Part)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = ReviewPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person at work")
        verbose_name_plural = _("people at work")
        ordering = ["part", "starts_on", "pk"]
        indexes = [models.Index(fields=["user", "review"], name="evidence_person_review")]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "user", "part"],
                condition=Q(ends_on=None),
                name="evidence_one_part_each",
                violation_error_message=_("This person has this part already."),
            ),
            models.CheckConstraint(condition=Q(part__in=["editor", "author"]), name="evidence_known_part"),
            ends_after_start("evidence_person_dates"),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_part_display()}"

    def get_absolute_url(self):
        """Return where the person works on the review."""
        return self.review.get_desk_url()

    @property
    def lasts(self):
        """True while the part holds, or is still to begin."""
        return self.ends_on is None or self.ends_on > timezone.localdate()
