"""What waits to be handed on, on one's own page and on an organisation's page of its people."""

from django.db.models import Case, Q, When

from collaborative.core import policies
from collaborative.core.panels import panel
from partners.handovers import named
from partners.models import Handover
from partners.states import HandoverState

SHOWN = 10


@panel("me", order=8)
def to_be_handed_on(user, request):
    """What one is asked to take over, and what one has to find somebody for."""
    return _waiting(Handover.objects.visible_to(user), user)


@panel("organisation people", order=40)
def handed_on_by(organisation, request):
    """What people of an organisation hand on, for those who let its people in."""
    if not policies.ask("partners.let_in", request.user, organisation):
        return None
    return _waiting(Handover.objects.visible_to(request.user).filter(organisation=organisation), request.user)


def _waiting(rows, user):
    """Return the panel of what waits among some handovers: first what one is asked, then the oldest."""
    mine = Q(state=HandoverState.ASKED, asked=user)
    first = Case(When(mine, then=0), default=1)
    waiting = rows.unsettled().select_related("held_by").order_by(first, "created_at", "pk")
    found = named(waiting[:SHOWN], user)
    asked = [each for each in found if each[0].state == HandoverState.ASKED and each[0].asked_id == user.pk]
    others = [each for each in found if each not in asked]
    return ("partners/handovers_panel.html", {"asked": asked, "open": others}) if found else None
