"""A person gives up a mail address: what rested on it alone is asked about again."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from partners.intake.mail_domains import domain_of, suffixes
from partners.models import Membership, MembershipRequest
from partners.services.belonging import ask_for, locked_organisations
from partners.services.domains import matches
from partners.services.ending import end_membership


@transaction.atomic
def address_given_up(user):
    """End each place that a mail domain alone gave, where the person has no verified address there any more.

    A request waits for those who answer instead, as when a domain is taken off the list. Where another of the
    person's addresses lets them straight in, the place rests on that one from now on. Return the requests made.
    """
    resting = Membership.objects.lasting().filter(user=user, role=Membership.Role.MEMBER, admitted_by__isnull=False)
    places = list(resting.select_related("admitted_by", "organisation").order_by("organisation_id", "pk"))
    list(locked_organisations(*(place.organisation_id for place in places)))
    addresses = list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))
    written = {suffix for address in addresses for suffix in suffixes(domain_of(address))}
    straight_in = {match.organisation.pk: match.domain for match in matches(addresses) if match.at_once}
    lost = [place for place in places if place.admitted_by.domain not in written]
    for place in lost:
        other = straight_in.get(place.organisation_id)
        if other is not None:
            Membership.objects.filter(pk=place.pk).update(admitted_by=other)
    return [_asked_again(place) for place in lost if place.organisation_id not in straight_in]


def _asked_again(place):
    reason = _("You gave up the mail address that let you in.")
    ended = end_membership(place, by=None, reason=reason)
    waiting = MembershipRequest.objects.pending().filter(user=ended.user_id, organisation=ended.organisation_id)
    return waiting.first() or ask_for(ended.user, ended.organisation, title=ended.title)
