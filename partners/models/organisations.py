"""Organisations, their other names and their ties."""

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import ends_after_start, exists_on
from collaborative.core.kinds import kind
from partners.rights import rights_of

ACADEMIC_KINDS = ("university", "research_institute")
"""Kinds of organisation on the academic side of a pair; all others are on the side of policing."""


def partnerships():
    """Return the partnerships, which are written further down."""
    return apps.get_model("partners", "ProgrammePartner").objects


class OrganisationQuerySet(models.QuerySet):
    """Reads of organisations."""

    def visible_to(self, user):
        """Return all of them: the directory is public, past organisations too."""
        return self.all()

    def current(self, on=None):
        """Return those that exist on a day (today)."""
        return self.filter(exists_on(on))

    def past(self, on=None):
        """Return those that no longer existed on a day (today)."""
        return self.filter(valid_to__lte=on or timezone.localdate())

    def manageable_by(self, user):
        """Return the partners, present and to come, of the programmes that the person coordinates."""
        rights = rights_of(user)
        if rights.administrator:
            return self.all()
        mine = partnerships().lasting().filter(programme_id__in=rights.coordinator_of)
        return self.filter(pk__in=mine.values("organisation_id"))

    def with_programmes(self):
        """Fetch what ``programmes_now`` reads, in one query for all."""
        parts = partnerships().current().select_related("programme").order_by("programme__short_name", "pk")
        return self.prefetch_related(models.Prefetch("partnerships", queryset=parts, to_attr="parts_now"))


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
    ror = models.CharField(
        _("ROR"),
        max_length=9,
        blank=True,
        help_text=_("The identifier of the Research Organization Registry, such as 01kj2bm70, or its whole address."),
    )
    ons_code = models.CharField(_("ONS code"), max_length=9, blank=True, help_text=_("Of a police force area."))
    police_uk_id = models.CharField(_("data.police.uk identifier"), max_length=60, blank=True)
    provenance = models.CharField(_("where this record is from"), max_length=200, blank=True)
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
            models.UniqueConstraint(
                fields=["ror"],
                condition=~models.Q(ror=""),
                name="partners_one_ror",
                violation_error_message=_("Another organisation has this ROR identifier."),
            ),
            models.UniqueConstraint(
                fields=["ons_code"],
                condition=~models.Q(ons_code=""),
                name="partners_one_ons_code",
                violation_error_message=_("Another organisation has this ONS code."),
            ),
            models.UniqueConstraint(
                fields=["police_uk_id"],
                condition=~models.Q(police_uk_id=""),
                name="partners_one_police_uk_id",
                violation_error_message=_("Another organisation has this identifier of data.police.uk."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the organisation's page."""
        return reverse("partners:page", args=[self.slug])

    @property
    def past(self):
        """True when it no longer exists."""
        return self.valid_to is not None and self.valid_to <= timezone.localdate()

    def now(self):
        """Return what it is today: itself, or the organisation at the end of its successors; one query a step."""
        here, met = self, {self.pk}
        while here.past and here.successor_id and here.successor_id not in met:
            here = here.successor
            met.add(here.pk)
        return here

    @property
    def academic(self):
        """True for the academic side of a pair; reads ``kind_of``."""
        return self.kind_of.code in ACADEMIC_KINDS

    parts_read = None
    """All its partnerships, where a page has read them for several questions."""

    def takes_part(self):
        """Say whether it takes part in a programme today."""
        if self.parts_read is None:
            return self.partnerships.current().exists()
        return any(part.holds for part in self.parts_read)

    def lasts_in(self, programme_ids):
        """Say whether it takes part, today or later, in one of some programmes."""
        if self.parts_read is None:
            return self.partnerships.lasting().filter(programme_id__in=programme_ids).exists()
        return any(part.programme_id in programme_ids and not part.ended for part in self.parts_read)

    @property
    def programmes_now(self):
        """The short names of the programmes it takes part in, after ``with_programmes()``."""
        return ", ".join(part.programme.short_name for part in self.parts_now)


class OrganisationAlias(models.Model):
    """Another name that people look for, such as “GMP”."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(_("name"), max_length=160)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
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
        verbose_name = _("tie to another organisation")
        verbose_name_plural = _("ties to other organisations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "other", "kind_of"], name="partners_one_link"),
            models.CheckConstraint(
                condition=~models.Q(organisation=models.F("other")), name="partners_no_link_to_itself"
            ),
        ]

    def __str__(self):
        return self.get_kind_of_display()


class FormerAddress(models.Model):
    """An address that an organisation's page once had; it leads to the page for ever."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="former_addresses")
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.slug
