"""What a version consists of: authors, funders, findings, sections, figures, references, studies."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models.reviews import Review
from evidence.models.versions import Version
from partners.models import Organisation


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
    family = models.CharField(
        _("family name"), max_length=100, blank=True, help_text=_("For citations. Empty for a corporate author.")
    )
    orcid = models.CharField(_("ORCID"), max_length=19, blank=True)
    affiliation = models.CharField(_("affiliation at the time"), max_length=160, blank=True)
    ror = models.CharField(_("ROR of the affiliation"), max_length=9, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="evidence_one_author_position")]

    def __str__(self):
        return self.name


class Funder(models.Model):
    """Who paid for the work, and under which grant."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="funders")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=250)
    ror = models.CharField(_("ROR"), max_length=9, blank=True)
    grant = models.CharField(_("fund or grant"), max_length=160, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="evidence_one_funder_position")]

    def __str__(self):
        return f"{self.name}, {self.grant}" if self.grant else self.name


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


class Numbered(models.Model):
    """A numbered statement of a version, which may rest on one of its sections."""

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
        abstract = True
        ordering = ["number", "pk"]

    def __str__(self):
        return f"{self.number}. {self.text[:60]}"


class Finding(Numbered):
    """A numbered key finding."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="findings")

    class Meta(Numbered.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="evidence_one_finding")]


class ResearchPriority(Numbered):
    """A numbered question that a review leaves for research."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="priorities")

    class Meta(Numbered.Meta):
        verbose_name_plural = _("research priorities")
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="evidence_one_priority")]


class Recommendation(Numbered):
    """A numbered recommendation: what, for whom, by when."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="recommendations")
    title = models.CharField(_("in short"), max_length=160, blank=True)
    whom = models.CharField(_("for whom"), max_length=250, blank=True)
    by_when = models.DateField(_("by when"), null=True, blank=True)

    class Meta(Numbered.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="evidence_one_recommendation")]


class Source(models.Model):
    """Where something is published, as a structured record; what is not known stays empty."""

    authors = models.CharField(_("authors"), max_length=500, blank=True, help_text=_("“Family, Given; Family, Given”"))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    container = models.CharField(_("published in"), max_length=300, blank=True, help_text=_("Journal, book or series."))
    publisher = models.CharField(_("publisher"), max_length=250, blank=True)
    volume = models.CharField(_("volume and issue"), max_length=60, blank=True)
    pages = models.CharField(_("pages"), max_length=60, blank=True)
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    frozen_url = models.URLField(
        _("address of a frozen copy"), max_length=500, blank=True, help_text=_("In a web archive: it stays.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    dead_at = doi_dead_at = None
    """When its addresses were found dead, where a page has read that with it (``reading.dead``)."""

    class Meta:
        abstract = True


class Reference(Source):
    """A source that the text cites as ``[@key]``; ``note`` says when our copy has no full reference."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="references")
    key = models.SlugField(_("key"), max_length=60)
    short = models.CharField(_("short citation"), max_length=160)
    full = models.TextField(_("full reference, as one text"), blank=True)
    review = models.ForeignKey(
        Review,
        verbose_name=_("the same text in this library"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cited_as",
    )

    class Meta:
        ordering = ["short", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="evidence_one_reference_key")]

    def __str__(self):
        return self.short


class Study(Source):
    """A study that the review includes: what was done where, with whom, and what came out."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="studies")
    number = models.PositiveSmallIntegerField(_("number"))
    short = models.CharField(_("short citation"), max_length=160)
    reference = models.ForeignKey(
        Reference,
        verbose_name=_("its reference in this text"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    design = models.CharField(_("design"), max_length=160, blank=True)
    setting = models.CharField(_("where and with whom"), max_length=300, blank=True)
    result = models.TextField(_("what came out"), blank=True)

    class Meta:
        verbose_name = _("included study")
        verbose_name_plural = _("included studies")
        ordering = ["number", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="evidence_one_study")]

    def __str__(self):
        return self.short


class File(models.Model):
    """A figure or an attachment of a version, checked by its content, kept outside the web root.

    A new version has rows of its own that point at the same stored file. ``key`` is how the text places a
    figure: ``![](key)``.
    """

    class Use(models.TextChoices):
        FIGURE = "figure", _("figure")
        ATTACHMENT = "attachment", _("attachment")

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="files")
    use = models.CharField(_("use"), max_length=20, choices=Use)
    key = models.SlugField(_("key"), max_length=60)
    name = models.CharField(_("file name"), max_length=160)
    title = models.CharField(_("title or caption"), max_length=250)
    alt = models.TextField(
        _("alternative text"), blank=True, help_text=_("What the figure shows, for who cannot see it.")
    )
    credit = models.CharField(_("source and licence"), max_length=250, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    stored = models.CharField(max_length=120, editable=False)
    media_type = models.CharField(_("type"), max_length=100, editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["use", "position", "pk"]
        indexes = [models.Index(fields=["stored"], name="evidence_stored")]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="evidence_one_file_key"),
            models.CheckConstraint(
                condition=~Q(use="figure") | ~Q(alt=""), name="evidence_figure_has_alternative_text"
            ),
        ]

    def __str__(self):
        return self.title


class FileWords(models.Model):
    """The words of an attachment, read out of it by a job so that they are found; one row for each content."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being read")
        READ = "read", _("Read")
        NONE = "none", _("Holds no words that can be read")

    sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    text = models.TextField(_("words"), blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(_("what went wrong"), max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("words of a file")
        verbose_name_plural = _("words of files")
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "asked_at"], name="evidence_words_waiting")]

    def __str__(self):
        return self.sha256
