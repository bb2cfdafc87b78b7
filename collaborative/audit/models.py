"""The table of events; the database itself refuses to change or delete a row."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class EventQuerySet(models.QuerySet):
    """Reads of the record."""

    def about(self, thing):
        """Return what happened to one thing, oldest first."""
        return self.filter(kind=thing.kind, object_id=thing.pk).order_by("at", "pk")

    def by(self, user):
        """Return what one person did, oldest first."""
        return self.filter(actor=user).order_by("at", "pk")


class Event(models.Model):
    """One act: who did what to which thing, acting for whom, and when."""

    verb = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["kind", "object_id", "at"], name="audit_thing"),
            models.Index(fields=["actor", "at"], name="audit_actor"),
        ]

    def __str__(self):
        return f"{self.verb} {self.kind} {self.object_id}"
