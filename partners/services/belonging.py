"""Who is let into an organisation: by a coordinator or a lead, and by a verified address on a confirmed domain.

Whatever changes who belongs to an organisation locks the organisation's row first, so that of two
who act at once the second sees what the first has done.
"""

from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core.errors import Refused
from collaborative.notifications.services import tell
from collaborative.workflow.services import transition
from partners.models import Membership, MembershipRequest, Organisation
from partners.services.answering import responsible
from partners.services.dated import begun, day_of, refuse_second, require
from partners.services.domains import matches
from partners.states import ACCEPT

Role = Membership.Role


@transaction.atomic
def add_member(organisation, user, *, by, role=Role.MEMBER, title="", starts_on=None, ends_on=None):
    """Let a person into an organisation from a day on (today), perhaps until another; return the membership.

    A request of theirs that waits is answered with it; both they and the leads are told. Raises ``Refused``
    when the person is in already, the organisation exists no longer or the days are the wrong way round.
    """
    locked = locked_organisations(organisation.pk)[0]
    starts_on = day_of(starts_on)
    made = Membership(user=user, organisation=locked, role=role, title=title, starts_on=starts_on, ends_on=ends_on)
    require("memberships.save", by, made)
    return let_in(made, by=by)


def locked_organisations(*pks):
    """Return organisations, their rows locked in the order of their ids until the transaction ends."""
    return list(Organisation.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


def let_in(made, *, by, told=True):
    """Save a membership of a locked organisation, settle the request that waits for it, and tell those concerned.

    ``told=False`` leaves the telling of the person to the caller. Raises ``Refused`` as ``add_member`` does.
    """
    if made.ends_on and made.ends_on < made.starts_on:
        raise Refused(_("It cannot end before it begins."))
    refuse_membership(made)
    begun(made, by=by)
    for request in made.organisation.membership_requests.pending().filter(user=made.user):
        answered = {"answered_by": by, "answered_at": timezone.now()}
        transition(request, ACCEPT, by=None, organisation_id=made.organisation_id, **answered)
    more = {"by": by, "organisation_id": made.organisation_id}
    if told:
        tell("membership.started", made, to=[made.user_id], event=f"membership.started:{made.pk}", **more)
    others = Membership.objects.leads_of(made.organisation_id).exclude(user=made.user_id).values("user_id")
    tell("membership.joined", made, to=others, event=f"membership.joined:{made.pk}", **more)
    return made


def refuse_membership(made):
    """Refuse a membership beside another of the same person, or of an organisation that exists no longer."""
    if made.ended:
        return
    if made.organisation.past:
        raise Refused(_("This organisation no longer exists."))
    others = made.organisation.memberships.filter(user=made.user).exclude(pk=made.pk)
    refuse_second(others, _("This person is a member of this organisation already."))


@dataclass
class Admitted:
    """What a person's verified addresses have just brought: memberships, and requests that wait for an answer."""

    memberships: list = field(default_factory=list)
    requests: list = field(default_factory=list)


def admit(user):
    """Let a person in, or ask for them, wherever one of their verified addresses belongs; return ``Admitted``.

    However the address was verified. Never again where they have been a member or asked before: what has
    ended does not come back by itself. Doing it twice does nothing the second time.
    """
    found = _due(user)
    return _admit(user, found) if found else Admitted()


def _due(user):
    """Return the matches of a person's addresses that have brought nothing yet, the best for each organisation."""
    if not user.is_active or user.anonymised_at:
        return {}
    addresses = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    found = {}
    for match in matches(addresses.values_list("email", flat=True)):
        known = found.get(match.organisation.pk)
        if known is None or (match.at_once and not known.at_once):
            found[match.organisation.pk] = match
    return {pk: match for pk, match in found.items() if not _known(user, pk)}


def _known(user, organisation_id):
    here = {"user": user, "organisation": organisation_id}
    return Membership.objects.filter(**here).exists() or MembershipRequest.objects.filter(**here).exists()


@transaction.atomic
def _admit(user, found):
    """Act on the matches as they stand once everything that decides is locked."""
    owners = {match.domain.organisation_id for match in found.values()}
    locked = {each.pk: each for each in locked_organisations(*owners, *found)}
    done = Admitted()
    for pk, match in _due(user).items():
        if pk not in found or match.domain.pk != found[pk].domain.pk:
            continue  # what is not locked waits for the next time the person comes
        if match.at_once:
            today = timezone.localdate()
            made = Membership(user=user, organisation=locked[pk], starts_on=today, admitted_by=match.domain)
            done.memberships.append(let_in(made, by=None))
        else:
            done.requests.append(ask_for(user, locked[pk], domain=match.domain))
    return done


def ask_for(user, organisation, **more):
    """Open a person's request to an organisation, record it and tell whoever answers; return it."""
    made = MembershipRequest.objects.create(user=user, organisation=organisation, **more)
    record("membership_request.made", made, by=user, organisation_id=organisation.pk, to_state=made.state)
    event, to = f"membership_request.made:{made.pk}", responsible(organisation).values("pk")
    tell("membership_request.made", made, to=to, event=event, by=user, organisation_id=organisation.pk)
    return made
