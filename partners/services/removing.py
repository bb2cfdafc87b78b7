"""A mail domain is taken off the list: whoever is in on its strength alone is asked about again."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.models import User
from collaborative.audit.services import record_all
from collaborative.core.jobs import nudge
from collaborative.notifications.services import tell
from partners.intake.texts import LONGEST_REASON, text_of
from partners.models import EmailDomain, Membership, MembershipRequest, Organisation
from partners.services.answering import responsible
from partners.services.belonging import locked_organisations
from partners.services.dated import require
from partners.services.domains import locked_domain


def resting_on(domain):
    """Return the memberships that a domain alone gave.

    Who was made a lead since stands on their own; so does who has a verified address at another domain that
    lets people in there.
    """
    resting = _admitted(domain)
    for other in _others(domain):
        resting = resting.exclude(pk__in=_admitted(domain).filter(_address_at(other)).values("pk"))
    return resting


def told_of_removing(domain):
    """Return the ids of those who will hear of it when the domain is taken off the list."""
    resting = resting_on(domain)
    concerned = Q(pk__in=resting.values("user_id"))
    for organisation in Organisation.objects.filter(pk__in=resting.values("organisation_id")):
        concerned |= Q(pk__in=responsible(organisation).values("pk"))
    return User.objects.filter(concerned).values("pk")


def _admitted(domain):
    return Membership.objects.lasting().filter(admitted_by=domain, role=Membership.Role.MEMBER)


def _others(domain):
    same = EmailDomain.objects.confirmed().filter(organisation=domain.organisation_id, admits="at_once")
    return same.exclude(pk=domain.pk)


def _address_at(domain):
    """Hold for memberships of people with a verified address at exactly this domain."""
    return Q(user__emailaddress__verified=True, user__emailaddress__email__iendswith=f"@{domain.domain}")


@transaction.atomic
def remove_domain(domain, *, by, reason):
    """Take a domain off the list, for a reason that those concerned read; return it.

    Memberships that rest on it alone end at once; for each a request waits for the organisation's leads
    instead. The number of statements does not depend on how many people that is: each gets one letter, and
    those who answer get one for all. What they led is handed on by the job that sees to every end. Raises
    ``Refused`` when it is off the list already.
    """
    locked = locked_domain(domain)
    require("email_domains.save", by, locked)
    locked.removed_at, locked.removed_by = timezone.now(), by
    locked.removed_reason = text_of(reason, LONGEST_REASON, _("Give the reason: those concerned read it."))
    locked.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    record_all("email_domain.removed", [locked], by=by, organisation_id=locked.organisation_id)
    for other in _others(locked):
        _admitted(locked).filter(_address_at(other)).update(admitted_by=other)
    places = resting_on(locked).values_list("organisation_id", flat=True).distinct()
    for organisation in locked_organisations(*places):
        _ask_again(organisation, locked, by)
    nudge("partners.end_due")
    return locked


def _ask_again(organisation, domain, by):
    """End what rests on the domain in one organisation, and let each of them ask again."""
    ending = list(resting_on(domain).filter(organisation=organisation).select_for_update(of=("self",)))
    people = [each.user_id for each in ending]
    ended = {"ends_on": timezone.localdate(), "ended_because": domain.removed_reason}
    Membership.objects.filter(pk__in=[each.pk for each in ending]).update(**ended)
    record_all("membership.ended", ending, by=by, organisation_id=organisation.pk)
    waiting = set(organisation.membership_requests.pending().values_list("user_id", flat=True))
    asking = [
        MembershipRequest(user_id=each.user_id, organisation=organisation, domain=domain, title=each.title)
        for each in ending
        if each.user_id not in waiting
    ]
    MembershipRequest.objects.bulk_create(asking, batch_size=500)
    record_all("membership_request.made", asking, by=None, organisation_id=organisation.pk, to_state="pending")
    event, data = f"email_domain.removed:{domain.pk}:{organisation.pk}", {"domain": domain.pk, "people": len(ending)}
    more = {"by": by, "organisation_id": organisation.pk, "data": data}
    tell("organisation.domain_removed", organisation, to=people, event=event, **more)
    tell(
        "organisation.asked_again",
        organisation,
        to=responsible(organisation).values("pk"),
        event=f"{event}:leads",
        **more,
    )
