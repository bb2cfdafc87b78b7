"""The organisations that one belongs to: for which of them one acts, and where one asked to be let in."""

from django.utils.translation import gettext as _

from collaborative.core.views import Page, act
from partners import services
from partners.models import Membership, MembershipRequest
from partners.rights import rights_of

SHOWN = 50


class MyOrganisations(Page):
    """One's own memberships with their days, and one's requests."""

    policy = "signed_in"
    template_name = "partners/mine.html"

    def get_context_data(self, **kwargs):
        """Add those that last, those that ended and what was asked."""
        user = self.request.user
        mine = Membership.objects.filter(user=user).select_related("organisation", "admitted_by")
        all_of_mine = list(mine.order_by("-starts_on", "-pk")[:SHOWN])
        asked = MembershipRequest.objects.filter(user=user).select_related("organisation")
        lasting = [each for each in all_of_mine if not each.ended]
        return super().get_context_data(
            lasting=lasting,
            ended=[each for each in all_of_mine if each.ended],
            several=sum(each.holds for each in lasting) > 1,
            acting_for=rights_of(user).acting_for,
            asked=list(asked.order_by("-pk")[:SHOWN]),
            **kwargs,
        )


@act("memberships.leave", model=Membership, lookup="pk")
def choose(request, membership):
    """Act for this organisation from now on."""
    services.act_for(membership, by=request.user)
    return "mine:organisations", _("You now act for %(name)s.") % {"name": membership.organisation}
