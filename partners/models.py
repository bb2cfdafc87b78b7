"""Organisations, programmes, and dated memberships and roles."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import ends_after_start, holds_on
from collaborative.core.kinds import kind
from collaborative.vocabulary.models import Theme
from partners.rights import rights_of

PERSON = settings.AUTH_USER_MODEL


class OrganisationQuerySet(models.QuerySet):
    """Reads of organisations."""

    def visible_to(self, user):
        """Return all of them: the directory is public, past organisations too."""
        return self.all()

    def current(self, on=None):
        """Return those that exist on a day (today)."""
        day = on or timezone.localdate()
        begun = models.Q(valid_from=None) | models.Q(valid_from__lte=day)
        return self.filter(begun & (models.Q(valid_to=None) | models.Q(valid_to__gt=day)))

    def manageable_by(self, user):
        """Return the partners of the programmes that the person coordinates."""
        rights = rights_of(user)
        if rights.administrator:
            return self.all()
        mine = ProgrammePartner.objects.filter(programme_id__in=rights.coordinator_of)
        return self.filter(pk__in=mine.values("organisation_id"))


@kind("organisation")
class Organisation(models.Model):
    """A body that takes part: dated, and perhaps succeeded by another."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    name_cy = models.CharField(_("name in Welsh"), max_length=160, blank=True)
    kind_of = models.ForeignKey(
        "vocabulary.Term",
        verbose_name=_("kind"),
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"scheme": "organisation_kind"},
    )
    region = models.CharField(_("region"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="GB", help_text=_("Two letters, as in ISO 3166."))
    web_domain = models.CharField(_("web domain"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    valid_from = models.DateField(_("exists from"), null=True, blank=True)
    valid_to = models.DateField(_("existed until"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            ends_after_start("partners_organisation_dates", starts="valid_from", ends="valid_to"),
            models.CheckConstraint(
                condition=models.Q(successor=None) | ~models.Q(successor=models.F("pk")),
                name="partners_not_its_own_successor",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the organisation's page."""
        return reverse("partners:page", args=[self.slug])


class OrganisationAlias(models.Model):
    """Another name that people look for, such as “GMP”."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=160)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="partners_one_alias")]

    def __str__(self):
        return self.name


class OrganisationLink(models.Model):
    """How one organisation stands to another: a unit to its parents, a commissioner to the force."""

    class Kind(models.TextChoices):
        UNIT_OF = "unit_of", _("unit of")
        OVERSEES = "oversees", _("oversees")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="linked_from")
    kind_of = models.CharField(_("how"), max_length=20, choices=Kind)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "other", "kind_of"], name="partners_one_link"),
            models.CheckConstraint(
                condition=~models.Q(organisation=models.F("other")), name="partners_no_link_to_itself"
            ),
        ]

    def __str__(self):
        return f"{self.organisation_id} {self.kind_of} {self.other_id}"


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
    time_zone = models.CharField(_("time zone"), max_length=60, default=settings.READER_TIME_ZONE)
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


class DatedRoleQuerySet(models.QuerySet):
    """Reads of anything that holds from a day until another."""

    def current(self, on=None):
        """Return those that hold on a day (today)."""
        return self.filter(holds_on(on))


class ProgrammePartnerQuerySet(DatedRoleQuerySet):
    """Reads of partnerships."""

    def manageable_by(self, user):
        """Return the partnerships of the programmes the person coordinates."""
        return self.filter(programme__in=Programme.objects.manageable_by(user))


class ProgrammePartner(models.Model):
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
        ordering = ["programme", "organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "organisation"], condition=models.Q(ends_on=None), name="partners_one_open_part"
            ),
            ends_after_start("partners_part_dates"),
        ]

    def __str__(self):
        return f"{self.organisation_id} in {self.programme_id}"


class ProgrammeTheme(models.Model):
    """A theme that a programme works on."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "theme"], name="partners_one_theme")]

    def __str__(self):
        return f"{self.programme_id} {self.theme_id}"


class MembershipQuerySet(DatedRoleQuerySet):
    """Reads of memberships."""

    def manageable_by(self, user):
        """Return the memberships of the organisations the person manages."""
        return self.filter(organisation__in=Organisation.objects.manageable_by(user))


class Membership(models.Model):
    """A person's place in an organisation, from a day until another."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        LEAD = "lead", _("Organisation lead")

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation__name", "pk"]
        indexes = [models.Index(fields=["user", "ends_on"], name="partners_membership_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=models.Q(ends_on=None), name="partners_one_open_membership"
            ),
            ends_after_start("partners_membership_dates"),
        ]

    def __str__(self):
        return f"{self.user_id} at {self.organisation_id}"


class ProgrammeRole(models.Model):
    """A person's office in a programme, from a day until another."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("Coordinator")

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="programme_roles")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.COORDINATOR)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = ProgrammePartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme role")
        verbose_name_plural = _("programme roles")
        ordering = ["programme", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme", "role"], condition=models.Q(ends_on=None), name="partners_one_open_role"
            ),
            ends_after_start("partners_role_dates"),
        ]

    def __str__(self):
        return f"{self.user_id} {self.role} of {self.programme_id}"


class ThemeLead(models.Model):
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

    objects = DatedRoleQuerySet.as_manager()

    class Meta:
        ordering = ["theme", "-side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "theme", "side"], condition=models.Q(ends_on=None), name="partners_one_open_lead"
            ),
            ends_after_start("partners_lead_dates"),
        ]

    def __str__(self):
        return f"{self.get_side_display()}: {self.title}"
