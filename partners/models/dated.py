"""What every dated part, place and office shares."""

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from collaborative.core.dated import holds_on


class DatedRoleQuerySet(models.QuerySet):
    """Reads of anything that holds from a day until another."""

    def current(self, on=None):
        """Return those that hold on a day (today)."""
        return self.filter(holds_on(on))

    def lasting(self, on=None):
        """Return those that hold on a day (today) or will hold after it."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gt=on or timezone.localdate()))


class Dated(models.Model):
    """Something that holds from ``starts_on`` until, not including, ``ends_on``."""

    class Meta:
        abstract = True

    def __str__(self):
        days = [date_format(day, "j F Y") for day in (self.starts_on, self.ends_on) if day]
        return " – ".join(days) if self.ends_on else f"{days[0]} –"

    @property
    def ended(self):
        """True when it holds no longer."""
        return self.ends_on is not None and self.ends_on <= timezone.localdate()

    @property
    def holds(self):
        """True when it holds today."""
        return self.starts_on <= timezone.localdate() and not self.ended
