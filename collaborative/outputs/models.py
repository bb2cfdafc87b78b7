"""The ledger: one row for each thing that goes out, kept for ever, and the addresses that things once had."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class RecordQuerySet(models.QuerySet):
    """Reads of the ledger. What is shown of a thing is fetched through its own ``visible_to``."""

    def out(self, now=None):
        """Return what everyone may know of at a moment: what is public, and what was and is gone."""
        return self.filter(stamp__lte=now or timezone.now())

    def public(self, now=None):
        """Return what everyone may read."""
        return self.out(now).filter(gone=False)


class Record(models.Model):
    """A thing as the world knows it.

    ``stamp`` says since when it is as it is, in whole seconds; it is empty while the thing is not public and never
    was, and lies ahead until an embargo ends, so that nothing has to happen for that. ``gone`` marks what was public
    and no longer is: its row stays, as harvesters must be told. ``digest`` tells whether anything changed.
    """

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    slug = models.CharField(max_length=80, blank=True)
    stamp = models.DateTimeField(null=True, blank=True)
    gone = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["stamp", "pk"]
        indexes = [
            models.Index(fields=["stamp", "id"], name="outputs_by_stamp"),
            models.Index(fields=["kind", "stamp", "id"], name="outputs_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="outputs_one_record"),
            models.CheckConstraint(condition=Q(gone=False) | Q(stamp__isnull=False), name="outputs_gone_has_a_stamp"),
        ]

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class RecordSet(models.Model):
    """A set in which a record stands, such as its kind's or a theme's; one that is gone stays in those it had."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="sets")
    spec = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["spec", "record"], name="outputs_by_set")]
        constraints = [models.UniqueConstraint(fields=["record", "spec"], name="outputs_one_set")]

    def __str__(self):
        return self.spec


class OldAddress(models.Model):
    """An address that a thing once had; it leads on for ever and is nobody else's."""

    kind = models.CharField(max_length=40)
    slug = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "old addresses"
        indexes = [models.Index(fields=["kind", "object_id"], name="outputs_old_of_thing")]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="outputs_one_old_address")]

    def __str__(self):
        return f"{self.kind} {self.slug}"
