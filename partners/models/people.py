"""People: their places in organisations and their offices in programmes."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import ends_after_start
from collaborative.core.kinds import kind
from partners.models.dated import Dated, DatedRoleQuerySet
from partners.models.domains import EmailDomain
from partners.models.organisations import Organisation
from partners.models.programmes import Programme, ProgrammePartnerQuerySet
from partners.rights import rights_of

PERSON = settings.AUTH_USER_MODEL


class MembershipQuerySet(DatedRoleQuerySet):
    """Reads of memberships."""

    def visible_to(self, user):
        """Return one's own, and those of the organisations one leads or manages."""
        own = models.Q(user=user.pk) if user.is_authenticated else models.Q(pk__in=[])
        led = models.Q(organisation__in=rights_of(user).leads)
        return self.filter(own | led | models.Q(pk__in=self.model.objects.manageable_by(user).values("pk")))

    def leads_of(self, organisation):
        """Return today's memberships of an organisation's leads, of people who may sign in."""
        return self.current().filter(organisation=organisation, role="lead", user__is_active=True)

    def manageable_by(self, user):
        """Return the memberships of the organisations the person manages."""
        return self.filter(organisation__in=Organisation.objects.manageable_by(user))


@kind("membership")
class Membership(Dated):
    """A person's place in an organisation, from a day until another.

    ``admitted_by`` is the mail domain on whose strength alone the person was let in; ``chosen_at`` is
    when the person last chose to act for this organisation. ``ended_because`` is the reason given for
    its end, and ``departed_at`` when all that follows from the end was seen to: until then it is due.
    """

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        LEAD = "lead", _("Organisation lead")

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    admitted_by = models.ForeignKey(
        EmailDomain, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="memberships"
    )
    chosen_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_because = models.TextField(blank=True, editable=False)
    departed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation__name", "pk"]
        indexes = [
            models.Index(fields=["user", "ends_on"], name="partners_membership_user"),
            models.Index(
                fields=["ends_on"],
                condition=models.Q(ends_on__isnull=False, departed_at=None),
                name="partners_membership_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=models.Q(ends_on=None),
                name="partners_one_open_membership",
                violation_error_message=_("This person is a member of this organisation already."),
            ),
            ends_after_start("partners_membership_dates"),
        ]

    def get_absolute_url(self):
        """Return the organisation's page."""
        return self.organisation.get_absolute_url()


class ProgrammeRoleQuerySet(ProgrammePartnerQuerySet):
    """Reads of offices in programmes."""

    def visible_to(self, user):
        """Return the coordinators, who are public; of reviewers one's own, and those of the programmes one runs."""
        public = models.Q(role=ProgrammeRole.Role.COORDINATOR)
        own = models.Q(user=user.pk) if user.is_authenticated else models.Q(pk__in=[])
        return self.filter(public | own | models.Q(programme__in=Programme.objects.manageable_by(user)))


@kind("programme_role")
class ProgrammeRole(Dated):
    """A person's office in a programme, from a day until another.

    A coordinator runs the programme. A reviewer is somebody whom it may ask to judge a proposal or a review;
    by itself that opens nothing.
    """

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("Coordinator")
        REVIEWER = "reviewer", _("Reviewer")

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="programme_roles")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.COORDINATOR)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = ProgrammeRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme role")
        verbose_name_plural = _("programme roles")
        ordering = ["programme", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "programme", "role"],
                condition=models.Q(ends_on=None),
                name="partners_one_open_role",
                violation_error_message=_("This person has this role already."),
            ),
            ends_after_start("partners_role_dates"),
        ]

    def get_absolute_url(self):
        """Return the programme's page."""
        return self.programme.get_absolute_url()
