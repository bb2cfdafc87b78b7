"""What the roof keeps: problems that readers report."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from collaborative.core.kinds import kind
from partners.rights import rights_of


class ProblemReportQuerySet(models.QuerySet):
    """Reads of reports."""

    def visible_to(self, user):
        """Return all of them to administrators, who mend things."""
        return self.all() if rights_of(user).administrator else self.none()

    def manageable_by(self, user):
        """Return all of them to administrators."""
        return self.visible_to(user)


@kind("problem")
class ProblemReport(models.Model):
    """Something that a reader found wrong with a page."""

    page = models.CharField(_("page"), max_length=500, blank=True)
    message = models.TextField(_("what is wrong"))
    email = models.EmailField(_("e-mail address"), blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = ProblemReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported problem")
        verbose_name_plural = _("reported problems")
        ordering = ["-reported_at", "-pk"]

    def __str__(self):
        return self.message[:80]

    def get_absolute_url(self):
        """Return where administrators read it."""
        return f"/admin/portal/problemreport/{self.pk}/change/"


class Demonstration(models.Model):
    """That the demonstration was loaded, and the day from which its invented activity is dated."""

    dated_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="portal_one_demonstration")]

    def __str__(self):
        return f"dated {self.dated_on}"
