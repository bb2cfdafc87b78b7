"""Things that hold from a day until another."""

from django.db import models
from django.utils import timezone


def holds_on(day=None, *, starts="starts_on", ends="ends_on"):
    """Return the ``Q`` for rows that hold on ``day`` (today): begun, and not yet ended.

    The last day is exclusive: what ends today gives nothing today.
    """
    day = day or timezone.localdate()
    return models.Q(**{f"{starts}__lte": day}) & (models.Q(**{ends: None}) | models.Q(**{f"{ends}__gt": day}))


def exists_on(day=None, *, within=""):
    """Return the ``Q`` for rows that exist on ``day`` (today): ``valid_from`` and ``valid_to`` are open where empty.

    ``within`` is the path of a relation whose row must exist.
    """
    day = day or timezone.localdate()
    starts, ends = (f"{within}__{name}" if within else name for name in ("valid_from", "valid_to"))
    begun = models.Q(**{starts: None}) | models.Q(**{f"{starts}__lte": day})
    return begun & (models.Q(**{ends: None}) | models.Q(**{f"{ends}__gt": day}))


def ends_after_start(name, *, starts="starts_on", ends="ends_on"):
    """Return the constraint that a period does not end before it begins."""
    return models.CheckConstraint(
        condition=models.Q(**{ends: None}) | models.Q(**{f"{ends}__gte": models.F(starts)}), name=name
    )
