"""Files of organisations that coordinators bring in: what was read, what was decided and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.kinds import kind
from partners.models.programmes import Programme
from partners.rights import rights_of

PERSON = settings.AUTH_USER_MODEL


class OrganisationImportQuerySet(models.QuerySet):
    """Reads of imports."""

    def visible_to(self, user):
        """Return those the person manages."""
        return self.manageable_by(user)

    def manageable_by(self, user):
        """Return a coordinator's own, and those into their programmes once done; all to an administrator."""
        rights = rights_of(user)
        if rights.administrator:
            return self.all()
        if not rights.coordinator_of:
            return self.none()
        theirs = Q(programme_id__in=rights.coordinator_of)
        return self.filter(theirs & (Q(by=user) | Q(done_at__isnull=False)))

    def waiting(self):
        """Return those that were looked at and not carried out."""
        return self.filter(done_at=None)


@kind("organisation_import")
class OrganisationImport(models.Model):
    """One file of organisations: looked at first, then carried out as its coordinator says.

    ``table`` holds what was read, line by line, until the import is done or given up.
    """

    class Faulty(models.TextChoices):
        ALL_OR_NOTHING = "all", _("All or nothing: bring nothing in while a row is at fault")
        LEAVE_OUT = "leave_out", _("Leave out the rows at fault and bring in the others")

    class Known(models.TextChoices):
        SKIP = "skip", _("Leave what is there as it is")
        FILL = "fill", _("Fill what is empty there, and change nothing else")
        OVERWRITE = "overwrite", _("Put what the file says in place of what is there")

    by = models.ForeignKey(PERSON, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.ForeignKey(
        "vocabulary.Term",
        verbose_name=_("role"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": "programme_role"},
    )
    file_name = models.CharField(_("file"), max_length=200)
    note = models.CharField(_("how it was read"), max_length=300, blank=True)
    table = models.JSONField(null=True, blank=True, editable=False)
    faulty_rows = models.CharField(_("rows at fault"), max_length=20, choices=Faulty, blank=True)
    known_rows = models.CharField(_("organisations known already"), max_length=20, choices=Known, blank=True)
    created_at = models.DateTimeField(_("looked at"), default=timezone.now)
    done_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    joined = models.PositiveIntegerField(_("new partners"), default=0)
    left_out = models.PositiveIntegerField(_("rows left out"), default=0)

    objects = OrganisationImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of organisations")
        verbose_name_plural = _("imports of organisations")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        """Return the page in the workshop on which it is looked at and carried out."""
        return reverse("admin:partners_organisation_import_check", args=[self.pk])

    @property
    def open(self):
        """True while it can still be carried out."""
        return self.done_at is None and self.table is not None
