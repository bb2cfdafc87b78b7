"""Who is let into an organisation."""

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.core.errors import Refused
from partners.models import Membership, Organisation
from partners.services.dated import begun, day_of, refuse_second, require


@transaction.atomic
def add_member(organisation, user, *, by, role=Membership.Role.MEMBER, title="", starts_on=None):
    """Let a person into an organisation from a day on (today); return the membership.

    Raises ``Refused`` when the person is in already or the organisation exists no longer.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    made = Membership(user=user, organisation=locked, role=role, title=title, starts_on=day_of(starts_on))
    require("memberships.save", by, made)
    if locked.past:
        raise Refused(_("This organisation no longer exists."))
    refuse_second(locked.memberships.filter(user=user), _("This person is a member of this organisation already."))
    return begun(made, by=by)
