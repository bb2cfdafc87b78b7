"""Programmes, who takes part in them, and who leads their themes."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import check_time_zone
from collaborative.core.dated import ends_after_start
from collaborative.core.kinds import kind
from collaborative.vocabulary.models import Theme
from partners.models.dated import Dated, DatedRoleQuerySet
from partners.models.organisations import Organisation
from partners.rights import rights_of

PERSON = settings.AUTH_USER_MODEL


class ProgrammeQuerySet(models.QuerySet):
    """Reads of programmes."""

    def visible_to(self, user):
        """Return all of them: programmes are public."""
        return self.all()

    def manageable_by(self, user):
        """Return those the person coordinates; all to an administrator."""
        rights = rights_of(user)
        return self.all() if rights.administrator else self.filter(pk__in=rights.coordinator_of)


@kind("programme")
class Programme(models.Model):
    """A research collaborative that partners run together."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=40)
    summary = models.TextField(_("summary"))
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown works."))
    region = models.CharField(_("region"), max_length=80, blank=True)
    contact = models.CharField(_("contact"), max_length=160, blank=True, help_text=_("A role, not a name."))
    time_zone = models.CharField(
        _("time zone"), max_length=60, default=settings.READER_TIME_ZONE, validators=[check_time_zone]
    )
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    organisations = models.ManyToManyField(Organisation, through="ProgrammePartner", related_name="programmes")
    themes = models.ManyToManyField(Theme, through="ProgrammeTheme", related_name="programmes")

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name", "pk"]
        constraints = [ends_after_start("partners_programme_dates")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the programme's page."""
        return reverse("programmes:page", args=[self.slug])

    @property
    def past(self):
        """True when it has ended."""
        return self.ends_on is not None and self.ends_on <= timezone.localdate()


class ProgrammePartnerQuerySet(DatedRoleQuerySet):
    """Reads of what belongs to one programme."""

    def visible_to(self, user):
        """Return all of them: who takes part, and who coordinates, is public."""
        return self.all()

    def manageable_by(self, user):
        """Return those of the programmes the person coordinates."""
        return self.filter(programme__in=Programme.objects.manageable_by(user))


@kind("partnership")
class ProgrammePartner(Dated):
    """An organisation's part in a programme, from a day until another."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    role = models.ForeignKey(
        "vocabulary.Term", on_delete=models.PROTECT, related_name="+", limit_choices_to={"scheme": "programme_role"}
    )
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = ProgrammePartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["programme", "organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation"],
                condition=models.Q(ends_on=None),
                name="partners_one_open_part",
                violation_error_message=_("This organisation takes part in this programme already."),
            ),
            ends_after_start("partners_part_dates"),
        ]

    def get_absolute_url(self):
        """Return the page on which the partnership stands."""
        return self.programme.get_absolute_url()


class ProgrammeTheme(models.Model):
    """A theme that a programme works on."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("theme of the programme")
        verbose_name_plural = _("themes of the programme")
        ordering = ["theme__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["programme", "theme"], name="partners_one_theme")]

    def __str__(self):
        return str(self.theme)


class ThemeLead(Dated):
    """One half of the pair that leads a theme in a programme: operational or academic."""

    class Side(models.TextChoices):
        OPERATIONAL = "operational", _("Operational lead")
        ACADEMIC = "academic", _("Academic lead")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="theme_leads")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="leads")
    side = models.CharField(_("side"), max_length=20, choices=Side)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("role title"), max_length=120)
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="theme_leads")
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = ProgrammePartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme lead")
        verbose_name_plural = _("theme leads")
        ordering = ["theme", "-side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "theme", "side"],
                condition=models.Q(ends_on=None),
                name="partners_one_open_lead",
                violation_error_message=_("This theme has a lead on this side already."),
            ),
            ends_after_start("partners_lead_dates"),
        ]

    def __str__(self):
        return f"{self.get_side_display()}: {self.title}"
