"""What waits to be handed on, on one's own page and on an organisation's page of its people."""

from collaborative.core import policies
from collaborative.core.panels import panel
from partners.handovers import named
from partners.models import Handover
from partners.states import HandoverState

SHOWN = 5


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
    """Return the panel of what waits among some handovers, the oldest first."""
    waiting = rows.unsettled().select_related("held_by")
    mine = {"state": HandoverState.ASKED, "asked": user}
    context = {
        "asked": named(waiting.filter(**mine)[:SHOWN], user),
        "open": named(waiting.exclude(**mine)[:SHOWN], user),
    }
    return ("partners/handovers_panel.html", context) if any(context.values()) else None
