"""The door of an organisation: the way in for who is out, who waits there, and for whom one acts."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core import policies
from collaborative.core.panels import panel
from partners.models import MembershipRequest
from partners.rights import rights_of

SHOWN = 5


@panel("organisation", order=5)
def door_of_organisation(organisation, request):
    """The way in for those who are out; for those who let people in, the way to its people."""
    user = request.user
    if policies.offers("partners.let_in", user, organisation):
        waiting = MembershipRequest.objects.pending().filter(organisation=organisation).exclude(user=user).count()
        return "partners/people_panel.html", {"organisation": organisation, "waiting": waiting}
    answer = policies.ask("memberships.ask", user, organisation)
    if not answer and answer is not policies.SIGN_IN:
        return None
    mine = MembershipRequest.objects.filter(user=user.pk, organisation=organisation).select_related("organisation")
    last = mine.order_by("-pk").first() if answer else None
    return "partners/door_panel.html", {"organisation": organisation, "last": last, "signed_in": bool(answer)}


@panel("me", order=5)
def at_the_door(user, request):
    """Who waits to be let into the organisations one leads, and where one waits oneself."""
    concerned = Q(user=user) | Q(organisation__in=rights_of(user).leads)
    requests = MembershipRequest.objects.pending().filter(concerned).select_related("user", "organisation")
    rows = list(requests.order_by("created_at", "pk")[: SHOWN * 2])
    theirs = [each for each in rows if each.user_id != user.pk][:SHOWN]
    mine = [each for each in rows if each.user_id == user.pk][:SHOWN]
    return ("partners/at_the_door.html", {"theirs": theirs, "mine": mine}) if rows else None


@panel("me_aside", order=10)
def acting_for(user, request):
    """For whom the person acts, and the way to their organisations."""
    name, slug = rights_of(user).acting_as or ("", "")
    return "partners/acting_panel.html", {"name": name, "slug": slug}


@panel("admin", order=20)
def waiting_in_admin(user, request):
    """How many people wait to be let into the organisations that the person manages."""
    waiting = MembershipRequest.objects.manageable_by(user).pending().exclude(user=user).count()
    if not waiting:
        return None
    words = ngettext("%(n)s person waits to be let in", "%(n)s people wait to be let in", waiting)
    task = {
        "title": words % {"n": waiting},
        "text": _("The leads of their organisations can answer, and so can you."),
        "url": reverse("admin:partners_membershiprequest_changelist") + "?waiting=yes",
    }
    return "admin/waiting.html", {"tasks": [task]}
