"""Practice sheets: how something is done somewhere, told so that others can repeat it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from collaborative.core.kinds import kind
from collaborative.vocabulary.models import Theme
from evidence.models.reviews import PERSON
from evidence.states import PUBLIC_SHEETS, SheetState
from partners.models import Organisation, Programme
from partners.rights import rights_of

SHEET_RESERVED_SLUGS = ("feed", "new", "map", "mine")
"""Words that stand, or may come to stand, for other pages below ``/evidence/practices/``."""


class Tag(models.Model):
    """A free word by which practice sheets are found."""

    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("tag of practices")
        verbose_name_plural = _("tags of practices")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("name"), name="evidence_one_tag")]

    def __str__(self):
        return self.name


class SheetQuerySet(models.QuerySet):
    """Reads of practice sheets."""

    def visible_to(self, user):
        """Return the published ones and the retired ones to everyone, and to each person those they submitted.

        Coordinators also see what waits for them, and tombstones.
        """
        seen = Q(state__in=PUBLIC_SHEETS)
        if user is None or not user.is_authenticated:
            return self.filter(seen)
        rights = rights_of(user)
        sent = ~Q(state=SheetState.DRAFT) | Q(submitted_at__isnull=False)
        seen |= Q(submitted_by=user)
        if rights.administrator:
            return self.filter(seen | sent)
        return self.filter(seen | (sent & Q(programme_id__in=rights.coordinator_of)))

    def withdrawn(self):
        """Return those of which only a tombstone is left, for everyone."""
        return self.filter(state=SheetState.WITHDRAWN)

    def published(self):
        """Return those that everyone reads."""
        return self.filter(state__in=PUBLIC_SHEETS)

    def for_lists(self):
        """Return the rows with what a list shows, newest first."""
        return self.select_related("stage", "programme").order_by("-published_at", "-pk")

    def manageable_by(self, user):
        """Return those of the programmes the person coordinates that have been sent in."""
        sent = ~Q(state=SheetState.DRAFT) | Q(submitted_at__isnull=False)
        return self.filter(sent, programme__in=Programme.objects.manageable_by(user))


@kind("sheet")
class Sheet(models.Model):
    """A practice sheet, as document 003 is built, and what helps others to decide and to repeat it."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    form_key = models.UUIDField(unique=True, null=True, editable=False)
    code = models.CharField(_("code"), max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=250)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="sheets")
    state = models.CharField(_("state"), max_length=20, choices=SheetState, default=SheetState.DRAFT)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), related_name="sheets", blank=True)
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), related_name="sheets", blank=True)
    summary = models.TextField(_("in short"), blank=True)
    why = models.TextField(_("why"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    not_worked = models.TextField(_("what did not work"), blank=True)
    cost = models.TextField(_("cost"), blank=True)
    contact = models.CharField(_("contact"), max_length=250, blank=True)
    stage = models.ForeignKey(
        "vocabulary.Term",
        verbose_name=_("stage of practice"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": "practice_stage"},
    )
    recognised = models.ManyToManyField(
        "vocabulary.Term",
        verbose_name=_("recognised by"),
        related_name="+",
        blank=True,
        limit_choices_to={"scheme": "recognition"},
    )
    provenance = models.TextField(_("where this sheet comes from"), blank=True)
    submitted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    returned_reason = models.TextField(_("why it was returned"), blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_reason = models.TextField(_("why it is no longer practised"), blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_reason = models.TextField(_("reason for withdrawal"), blank=True, editable=False)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice sheet")
        verbose_name_plural = _("practice sheets")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="evidence_newest_sheets"),
            models.Index(fields=["programme", "state"], name="evidence_sheets_of"),
            models.Index(fields=["title", "id"], name="evidence_sheets_by_title"),
            models.Index(fields=["-changed_at", "-id"], name="evidence_changed_sheets"),
            models.Index(fields=["state"], include=["id", "stage", "programme"], name="evidence_counted_sheets"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("code"),
                condition=~Q(code=""),
                name="evidence_one_code",
                violation_error_message=_("Another sheet has this code."),
            ),
            models.CheckConstraint(condition=Q(state__in=SheetState.values), name="evidence_known_sheet_state"),
            models.CheckConstraint(
                condition=~Q(state__in=PUBLIC_SHEETS) | Q(published_at__isnull=False),
                name="evidence_published_sheet_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""), name="evidence_withdrawn_sheet_has_a_reason"
            ),
        ]

    def __str__(self):
        return f"{self.code}. {self.title}" if self.code else self.title

    def get_absolute_url(self):
        """Return the sheet's permanent address."""
        return reverse("practices:page", args=[self.slug])

    @property
    def mark(self):
        """How a list marks it when it is no longer practised, else nothing."""
        return SheetState.RETIRED.label if self.state == SheetState.RETIRED else ""


class Example(models.Model):
    """Where it is done: place, country, who with, and who says so."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="examples")
    position = models.PositiveSmallIntegerField(_("position"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    country = CountryField(_("country"), blank=True)
    partners = models.CharField(_("partners"), max_length=500, blank=True)
    text = models.TextField(_("what was done"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    url = models.URLField(_("address of the source"), max_length=500, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "position"], name="evidence_one_example")]

    def __str__(self):
        return self.text[:60]


class Mode(models.Model):
    """A way to put the practice into effect, under one of the field's terms."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="modes")
    position = models.PositiveSmallIntegerField(_("position"))
    term = models.ForeignKey(
        "vocabulary.Term",
        verbose_name=_("mode of implementation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": "implementation_mode"},
    )
    text = models.TextField(_("how"))

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "position"], name="evidence_one_mode")]

    def __str__(self):
        return self.text[:60]


class Resource(models.Model):
    """Something to read or use, with an address and that of a frozen copy."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="resources")
    position = models.PositiveSmallIntegerField(_("position"))
    citation = models.TextField(_("what it is"))
    doi = models.CharField(_("DOI"), max_length=120, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    frozen_url = models.URLField(_("address of a frozen copy"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    dead_at = doi_dead_at = None
    """When its addresses were found dead, where a page has read that with it (``reading.dead``)."""

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "position"], name="evidence_one_resource")]

    def __str__(self):
        return self.citation[:60]


class TriedQuerySet(models.QuerySet):
    """Reads of notes by those who tried a practice."""

    def visible_to(self, user):
        """Return those of sheets the person may see that are not hidden, and one's own."""
        rows = self.filter(sheet__in=Sheet.objects.visible_to(user))
        shown = Q(hidden_at=None)
        if user is not None and user.is_authenticated:
            rights = rights_of(user)
            if rights.administrator:
                return rows
            shown |= Q(user=user) | Q(sheet__programme_id__in=rights.coordinator_of)
        return rows.filter(shown)


@kind("tried")
class Tried(models.Model):
    """“We tried this”: another partner tells where, and with what result."""

    class Result(models.TextChoices):
        WORKED = "worked", _("It worked")
        PARTLY = "partly", _("It worked in part")
        NOT = "not", _("It did not work")
        EARLY = "early", _("Too early to say")

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="tried")
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(_("where"), max_length=120)
    result = models.CharField(_("result"), max_length=20, choices=Result)
    text = models.TextField(_("what happened"))
    at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hidden_reason = models.TextField(_("why it is hidden"), blank=True)

    objects = TriedQuerySet.as_manager()

    class Meta:
        verbose_name = _("note by who tried it")
        verbose_name_plural = _("notes by who tried it")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["sheet", "-at"], name="evidence_tried_of")]

    def __str__(self):
        return f"{self.organisation}, {self.place}"

    def get_absolute_url(self):
        """Return where the note stands on its sheet."""
        return f"{self.sheet.get_absolute_url()}#tried-{self.pk}"
