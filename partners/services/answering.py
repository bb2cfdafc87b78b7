"""Who answers for an organisation: who lets people in, and finds somebody for what was led."""

from collaborative.accounts.models import Appointment, User
from partners.models import Membership, ProgrammeRole


def responsible(organisation, *, programmes=None, without=None):
    """Return the people who answer for an organisation, by name.

    They are the organisation's present leads; without any the coordinators of ``programmes`` (ids; those that it
    takes part in), and without them the administrators: there is always somebody. ``without`` is who leaves.
    """
    people = User.objects.filter(is_active=True, anonymised_at=None).order_by("name", "pk")
    leads = people.filter(pk__in=Membership.objects.leads_of(organisation).exclude(user=without).values("user_id"))
    if leads.exists():
        return leads
    coordinators = people.filter(pk__in=coordinators_of(organisation, programmes).values("user_id"))
    if coordinators.exists():
        return coordinators
    return people.filter(pk__in=Appointment.objects.current().values("user_id"))


def coordinators_of(organisation, programmes=None):
    """Return the offices of today's coordinators of some programmes, or of those an organisation takes part in."""
    if programmes is None:
        programmes = organisation.now().partnerships.lasting().values("programme_id")
    return ProgrammeRole.objects.current().filter(role="coordinator", programme__in=programmes)
