"""What a person may do by their dated memberships and roles, computed and never stored."""

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Value

from collaborative.accounts.models import Appointment
from collaborative.core.reader import Scope, scope_source


@dataclass(frozen=True)
class Rights:
    """What holds for one person today.

    ``organisations`` and ``leads`` are ids of current organisations of which the person is a member
    or a lead; ``member_of`` the programmes those take part in; ``coordinator_of`` the programmes
    whose coordinator the person is. ``acting_for`` is the organisation for which the person acts:
    the one they chose last; else one that takes part now, one they lead, the one they joined first, so that a
    second place changes nothing by itself. ``acting_as`` is its name and its slug.
    """

    administrator: bool = False
    organisations: frozenset = frozenset()
    leads: frozenset = frozenset()
    member_of: frozenset = frozenset()
    coordinator_of: frozenset = frozenset()
    acting_for: int | None = None
    acting_as: tuple = ()

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
EVERYWHERE = 0
"""Stands for all programmes where administrators and coordinators are read at once: no programme has this id."""


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
        .values_list("organisation_id", "role", "chosen_at", "starts_on", "organisation__name", "organisation__slug")
    )
    organisations = frozenset(pk for pk, *_rest in memberships)
    partners = model("ProgrammePartner").objects.current().filter(organisation_id__in=organisations)
    parts = list(partners.values_list("organisation_id", "programme_id")) if organisations else []
    offices = model("ProgrammeRole").objects.current().filter(user=user, role="coordinator").order_by()
    appointed = Appointment.objects.current().filter(user=user).order_by()
    offices = set(offices.values_list("programme_id").union(appointed.values_list(Value(EVERYWHERE))))
    runs = {programme for (programme,) in offices}
    acting_for = _likeliest(memberships, {pk for pk, _programme in parts})
    return Rights(
        administrator=EVERYWHERE in runs,
        organisations=organisations,
        leads=frozenset(pk for pk, role, *_rest in memberships if role == "lead"),
        member_of=frozenset(programme for _pk, programme in parts),
        coordinator_of=frozenset(runs - {EVERYWHERE}),
        acting_for=acting_for,
        acting_as=next(((name, slug) for pk, *_rest, name, slug in memberships if pk == acting_for), ()),
    )


def _likeliest(memberships, taking_part):
    """Return the id of the organisation for which somebody acts, or None without any."""

    def weight(membership):
        pk, role, chosen_at, starts_on, *_names = membership
        chosen = chosen_at.timestamp() if chosen_at else 0
        return chosen, pk in taking_part, role == "lead", -starts_on.toordinal(), -pk

    return max(memberships, key=weight)[0] if memberships else None


@scope_source
def scope(user):
    """Tell the lower floors what the reader belongs to."""
    rights = rights_of(user)
    return Scope(rights.inside, rights.organisations, rights.coordinator_of, rights.administrator, rights.acting_for)
