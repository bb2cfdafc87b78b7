"""What the record holds of a person: numbers, never names or texts."""

from django.utils.translation import gettext_lazy as _

from collaborative.audit.models import Event
from collaborative.core.personal import table

PURPOSE = _("So that decisions can be checked afterwards")
KEPT = _("Seven years at least, also after you leave")
LEAVING = _("Stays as numbers: nothing in it says who you were")

table(
    "acts",
    order=90,
    covers=("audit.Event.actor",),
    label=_("Record of what you did"),
    purpose=PURPOSE,
    kept=KEPT,
    leaving=LEAVING,
    rows=lambda user: Event.objects.filter(actor=user),
    columns={
        "at": _("When"),
        "verb": _("What"),
        "kind": _("Kind of thing"),
        "object_id": _("Its number"),
        "from_state": _("State before"),
        "to_state": _("State after"),
        "organisation_id": _("For organisation number"),
    },
)

table(
    "acts-about-you",
    order=91,
    covers=(),
    label=_("Record of what happened to your account"),
    purpose=PURPOSE,
    kept=KEPT,
    leaving=LEAVING,
    rows=lambda user: Event.objects.filter(kind="user", object_id=user.pk),
    columns={"at": _("When"), "verb": _("What")},
)
