"""Single sign-on: to which service an address leads, for which addresses its word counts, and how one is kept."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.accounts.models import is_administrator
from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.sealing import Lost, seal, unseal
from partners.intake.mail_domains import shared
from partners.models import Membership, SignOn
from partners.services.domains import matches, organisation_for

SEALED_FOR = "single sign-on"
WHO_SOMEBODY_IS = ("issuer", "entity_id", "subject_attribute")
"""What decides whom an identifier means; when it changes, the same identifier may mean somebody else."""
SHORT = {SignOn.Protocol.OPENID_CONNECT: "oidc", SignOn.Protocol.SAML: "saml"}


def service_for(address):
    """Return the service in use of the organisation whose confirmed domain an address lies on, or None."""
    match = organisation_for(address)
    return SignOn.objects.enabled().filter(organisation=match.organisation).first() if match else None


def vouches_for(service, address):
    """Say whether a service's word about an address counts: it lies on a confirmed domain of its organisation alone."""
    match = organisation_for(address)
    ours = match is not None and match.organisation.pk == service.organisation_id
    return ours and not shared(match.domain.domain)


def required_of(user):
    """Return the services by which alone a person may sign in; none for administrators, who can turn them off."""
    required = SignOn.objects.enabled().filter(required=True)
    if not required.exists() or is_administrator(user):
        return []
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    theirs = {match.organisation.pk for match in matches(list(confirmed))}
    theirs |= set(Membership.objects.current().filter(user=user).values_list("organisation_id", flat=True))
    return list(required.filter(organisation__in=theirs))


def secret_of(service):
    """Return the secret that we share with an OpenID Connect provider, or "" when its key is lost."""
    try:
        return unseal(service.sealed_secret, SEALED_FOR)
    except Lost:
        return ""


@transaction.atomic
def keep(service, *, by, secret=""):
    """Save what an administrator says of a service; ``secret`` takes the place of the stored one unless empty.

    When the service becomes another, or names its people otherwise, all links to it are undone: people
    confirm their address once more.
    """
    policies.require("portal.administer", by, service)
    before = SignOn.objects.select_for_update().filter(pk=service.pk).first()
    service.key = before.key if before else new_key(service)
    if secret:
        service.sealed_secret = seal(secret, SEALED_FOR)
    service.save()
    if before and meaning_of(before) != meaning_of(service):
        undo_links(service, by=by)


def meaning_of(service):
    """Return what decides whom an identifier of a service means."""
    return [getattr(service, name) for name in WHO_SOMEBODY_IS]


def undo_links(service, *, by):
    """Undo every link between an account and a service."""
    if SocialAccount.objects.filter(provider=service.key).delete()[0]:
        record("sign_on.links_undone", service, by=by, organisation_id=service.organisation_id)


def record_link(user, key):
    """Record that a service was joined to a person's account, by that person."""
    service = SignOn.objects.get(key=key)
    record("account.sign_on_linked", user, by=user, organisation_id=service.organisation_id)


@transaction.atomic
def unlink(user, link):
    """Take a service off a person's own account; raises ``Refused`` when it is their only way in."""
    if not user.has_usable_password():
        raise Refused(_("Set a password first: without one you could no longer sign in."))
    if SocialAccount.objects.filter(pk=link, user=user).delete()[0]:
        record("account.sign_on_unlinked", user, by=user)


def links_of(user):
    """Return ``[(id, name of the service, since when)]`` of the services joined to a person's account."""
    links = list(SocialAccount.objects.filter(user=user).order_by("date_joined", "pk"))
    services = SignOn.objects.select_related("organisation").in_bulk(
        {each.provider for each in links}, field_name="key"
    )
    named = ((each, services.get(each.provider)) for each in links)
    return [(each.pk, f"{service.organisation}: {service}", each.date_joined) for each, service in named if service]


def new_key(service):
    """Return a name for the service's addresses that no other has, now or later."""
    wish = f"{service.organisation.slug}-{SHORT[service.protocol]}"
    taken = set(SignOn.objects.filter(key__startswith=wish).values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := wish if n == 1 else f"{wish}-{n}") not in taken)
