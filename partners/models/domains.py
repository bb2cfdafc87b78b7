"""The mail domains by which a partner's staff are known."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.kinds import kind
from partners.models.organisations import Organisation
from partners.rights import rights_of

PERSON = settings.AUTH_USER_MODEL


class EmailDomainQuerySet(models.QuerySet):
    """Reads of mail domains."""

    def visible_to(self, user):
        """Return those of the organisations that the person leads or manages."""
        led = Q(organisation__in=rights_of(user).leads)
        return self.filter(led | Q(pk__in=self.model.objects.manageable_by(user).values("pk")))

    def manageable_by(self, user):
        """Return those of the organisations that the person manages."""
        return self.filter(organisation__in=Organisation.objects.manageable_by(user))

    def confirmed(self):
        """Return those that hold."""
        return self.filter(removed_at=None)


@kind("email_domain")
class EmailDomain(models.Model):
    """A domain of mail addresses that a coordinator confirmed as one organisation's own.

    ``admits`` says what a verified address at exactly this domain brings; below it people are let in
    at once only where ``subdomains_at_once`` says so. Rows are taken off the list, never deleted.
    """

    class Admits(models.TextChoices):
        AT_ONCE = "at_once", _("Lets people in at once")
        ASK = "ask", _("Asks the organisation’s leads")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="email_domains")
    domain = models.CharField(
        _("mail domain"), max_length=253, help_text=_("What stands after the @, such as gmp.police.uk.")
    )
    admits = models.CharField(_("what it does"), max_length=20, choices=Admits, default=Admits.ASK)
    subdomains_at_once = models.BooleanField(
        _("the same for addresses below it"),
        default=False,
        help_text=_("Such as students.leeds.ac.uk below leeds.ac.uk."),
    )
    confirmed_by = models.ForeignKey(
        PERSON, verbose_name=_("confirmed by"), on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), default=timezone.now, editable=False)
    removed_at = models.DateTimeField(_("taken off the list"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        PERSON,
        verbose_name=_("taken off by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    removed_reason = models.TextField(_("reason for taking it off"), blank=True, editable=False)

    objects = EmailDomainQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        ordering = ["domain", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain"],
                condition=Q(removed_at=None),
                name="partners_one_domain",
                violation_error_message=_("This domain belongs to another organisation already."),
            ),
            models.CheckConstraint(condition=Q(domain=Lower("domain")), name="partners_domain_in_lower_case"),
            models.CheckConstraint(
                condition=Q(subdomains_at_once=False) | Q(admits="at_once"), name="partners_subdomains_follow"
            ),
        ]

    def __str__(self):
        return self.domain

    def get_absolute_url(self):
        """Return the organisation's page."""
        return self.organisation.get_absolute_url()
