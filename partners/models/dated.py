"""What every dated part, place and office shares."""

from django.db import models
from django.utils import timezone

from collaborative.core.dated import holds_on


def period(row):
    """Return the days between which a dated row holds, for lists of the admin."""
    return f"{row.starts_on:%d.%m.%Y} – {row.ends_on:%d.%m.%Y}" if row.ends_on else f"{row.starts_on:%d.%m.%Y} –"


class DatedRoleQuerySet(models.QuerySet):
    """Reads of anything that holds from a day until another."""

    def current(self, on=None):
        """Return those that hold on a day (today)."""
        return self.filter(holds_on(on))

    def lasting(self, on=None):
        """Return those that hold on a day (today) or will hold after it."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gt=on or timezone.localdate()))
