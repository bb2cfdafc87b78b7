"""Who may write, publish and withdraw evidence."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.policies import ALLOWED, policy, refusal
from partners.policies import NOT_COORDINATOR
from partners.rights import rights_of


def _programme_of(thing):
    return getattr(thing, "review", thing).programme_id


@policy("evidence.manage")
def manage(user, thing):
    """Coordinators of the programme run its reviews and their versions."""
    return ALLOWED if rights_of(user).manages(_programme_of(thing)) else NOT_COORDINATOR


@policy("evidence.edit")
def edit(user, version):
    """Coordinators change a text while it is being made; what is published never changes."""
    if not rights_of(user).manages(_programme_of(version)):
        return NOT_COORDINATOR
    if not version.working:
        return refusal(_("A published text is never changed; begin a new version."))
    return ALLOWED


@policy("evidence.publish")
def publish(user, version):
    """Coordinators of the programme decide what is public."""
    return manage(user, version)
