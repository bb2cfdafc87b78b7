"""What several of the tables say in the same words, and how dated rows end."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.audit.services import record

WORK = _("As long as the work it belongs to")
UNNAMED = _("Kept without your name")
RIGHTS = _("To know what you may do, and on whose behalf")
LET_IN = _("To let the right people in")
FIND = _("So that others find who knows what, as far as you choose")
EMPTY = {"email": "", "name": "", "title": "", "message": ""}


def own(model):
    """Return ``rows`` for a table whose column ``user`` says whose row it is."""
    return lambda user: model.objects.filter(user=user)


def end_dated(rows):
    """End today what lasts, record it, and return the rows."""
    ended = list(rows.filter(Q(ends_on=None) | Q(ends_on__gt=timezone.localdate())))
    for row in ended:
        row.ends_on = max(timezone.localdate(), row.starts_on)
        row.save(update_fields=["ends_on"])
        if hasattr(row, "kind"):
            record(f"{row.kind}.ended", row, by=None)
    return ended
