"""What a person may do by their dated memberships and roles, computed and never stored."""

from dataclasses import dataclass

from django.apps import apps

from collaborative.accounts.models import Appointment
from collaborative.core.reader import Scope, scope_source


@dataclass(frozen=True)
class Rights:
    """What holds for one person today.

    ``organisations`` and ``leads`` are ids of current organisations of which the person is a member
    or a lead; ``member_of`` the programmes those take part in; ``coordinator_of`` the programmes
    whose coordinator the person is.
    """

    administrator: bool = False
    organisations: frozenset = frozenset()
    leads: frozenset = frozenset()
    member_of: frozenset = frozenset()
    coordinator_of: frozenset = frozenset()

    @property
    def member(self):
        """True for staff of a current partner of any programme."""
        return bool(self.member_of)

    @property
    def inside(self):
        """The programmes whose members-only things the person sees."""
        return self.member_of | self.coordinator_of

    def manages(self, programme_id):
        """Say whether the person runs this programme."""
        return self.administrator or programme_id in self.coordinator_of


NOBODY = Rights()


def rights_of(user):
    """Return the person's rights today; kept for the length of one request, else asked anew."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    kept = getattr(user, "rights_kept", None)
    if kept is None:
        return _read(user)
    if "rights" not in kept:
        kept["rights"] = _read(user)
    return kept["rights"]


def _read(user):
    model = lambda name: apps.get_model("partners", name)  # noqa: E731
    memberships = list(
        model("Membership")
        .objects.current()
        .filter(user=user, organisation__in=model("Organisation").objects.current())
        .values_list("organisation_id", "role")
    )
    organisations = frozenset(pk for pk, _role in memberships)
    partners = model("ProgrammePartner").objects.current().filter(organisation_id__in=organisations)
    offices = model("ProgrammeRole").objects.current().filter(user=user, role="coordinator")
    return Rights(
        administrator=Appointment.objects.current().filter(user=user).exists(),
        organisations=organisations,
        leads=frozenset(pk for pk, role in memberships if role == "lead"),
        member_of=frozenset(partners.values_list("programme_id", flat=True)) if organisations else frozenset(),
        coordinator_of=frozenset(offices.values_list("programme_id", flat=True)),
    )


@scope_source
def scope(user):
    """Tell the lower floors what the reader belongs to."""
    rights = rights_of(user)
    return Scope(rights.inside, rights.organisations, rights.coordinator_of, rights.administrator)
