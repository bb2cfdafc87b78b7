"""Terms, themes and the aspects of a theme."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import ends_after_start, exists_on
from collaborative.core.kinds import kind
from collaborative.core.reader import scope_of
from collaborative.core.text import plain


class DatedQuerySet(models.QuerySet):
    """Reads of dated words."""

    def current(self):
        """Return what holds today."""
        return self.filter(exists_on())

    def visible_to(self, user):
        """Return everything: words are public."""
        return self.all()

    def manageable_by(self, user):
        """Return everything to whoever enters the admin: coordinators choose among words."""
        scope = scope_of(user)
        return self.all() if scope.everything or scope.coordinated_programme_ids else self.none()


def in_language(row, field):
    """Return ``field`` of a row in the reader's language, or in English."""
    language = (get_language() or "en")[:2]
    return getattr(row, f"{field}_{language}", "") or getattr(row, field)


class Scheme(models.TextChoices):
    """The lists that terms belong to."""

    ORGANISATION_KIND = "organisation_kind", _("Kind of organisation")
    PROGRAMME_ROLE = "programme_role", _("Role in a programme")
    PROJECT_KIND = "project_kind", _("Kind of project")
    PROJECT_ROLE = "project_role", _("Role in a project")
    RESEARCH_LEVEL = "research_level", _("Level of research")
    METHOD = "method", _("Method")
    REVIEW_KIND = "review_kind", _("Kind of evidence")
    POPULATION = "population", _("Population")
    PRACTICE_STAGE = "practice_stage", _("Stage of practice")
    RECOGNITION = "recognition", _("Recognition of practices")
    IMPLEMENTATION_MODE = "implementation_mode", _("Mode of implementation")
    TRAINING_KIND = "training_kind", _("Kind of training")
    LANGUAGE = "language", _("Language")
    OFFER = "offer", _("What people are listed for")


class Term(models.Model):
    """A word of a list that changes within years, with its source and its dates."""

    scheme = models.CharField(_("list"), max_length=40, choices=Scheme)
    code = models.SlugField(_("code"), max_length=60)
    label = models.CharField(_("label"), max_length=120)
    label_cy = models.CharField(_("label in Welsh"), max_length=120, blank=True)
    label_fr = models.CharField(_("label in French"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["scheme", "position", "label", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="vocabulary_one_term"),
            ends_after_start("vocabulary_term_dates", starts="valid_from", ends="valid_to"),
        ]

    def __str__(self):
        return in_language(self, "label")


@kind("theme")
class Theme(models.Model):
    """A subject that partners work on together."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_cy = models.CharField(_("name in Welsh"), max_length=120, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    summary = models.TextField(_("summary"), help_text=_("Plain words; Markdown works."))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["name", "pk"]
        constraints = [ends_after_start("vocabulary_theme_dates", starts="valid_from", ends="valid_to")]

    def __str__(self):
        return in_language(self, "name")

    def get_absolute_url(self):
        """Return the theme's page."""
        return reverse("themes:page", args=[self.slug])

    @property
    def past(self):
        """True when it was given up."""
        return self.valid_to is not None and self.valid_to <= timezone.localdate()

    @property
    def opening(self):
        """The summary's first paragraph, which can stand alone, without its marks."""
        return plain(self.summary.strip().partition("\n\n")[0])

    @property
    def more(self):
        """What the summary says after its first paragraph, as Markdown."""
        return self.summary.strip().partition("\n\n")[2]


class Aspect(models.Model):
    """A numbered part of a theme that its leads want explored."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="aspects")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("aspect")
        verbose_name_plural = _("aspects")
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["theme", "number"], name="vocabulary_one_aspect_number")]

    def __str__(self):
        return f"{self.number}. {self.title}"
