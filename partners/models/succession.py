"""Organisations that become part of another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from partners.models.organisations import Organisation

PERSON = settings.AUTH_USER_MODEL


class SuccessionQuerySet(models.QuerySet):
    """Reads of what was decided."""

    def planned(self):
        """Return those whose day has not come, or has just come."""
        return self.filter(carried_out_at=None, called_off_at=None)


class Succession(models.Model):
    """The decision that an organisation becomes part of another on a day, by whom and why.

    It is carried out on that day in one act, before which nothing changes. ``carry_people`` takes
    the members over; else their memberships end.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    reason = models.TextField()
    carry_people = models.BooleanField()
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    carried_out_at = models.DateTimeField(null=True, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(called_off_at=None), name="partners_one_succession"
            ),
            models.CheckConstraint(condition=~Q(organisation=F("successor")), name="partners_succession_by_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="partners_succession_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.organisation_id} to {self.successor_id}"
