"""The mail domains by which a partner's staff are known: confirmed by a coordinator, and read when an address comes."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core.errors import Refused
from partners.intake.mail_domains import checked, domain_of, shared, suffixes
from partners.models import EmailDomain, Organisation, ProgrammePartner
from partners.services.dated import require

Admits = EmailDomain.Admits


@dataclass(frozen=True)
class Match:
    """What a mail address says: the confirmed domain, the organisation it leads to, and whether straight in."""

    domain: EmailDomain
    organisation: Organisation
    at_once: bool


def organisation_for(address):
    """Return the ``Match`` of a mail address, or None: the longest confirmed domain decides.

    None too where its organisation takes part in no programme today. The domain of an organisation that
    no longer exists leads to its current successor.
    """
    return next(iter(matches([address])), None)


def matches(addresses):
    """Return the ``Match`` of each address that has one; the domains of all are read in one query."""
    written = [domain for domain in map(domain_of, addresses) if domain]
    if not written:
        return []
    wanted = {suffix for domain in written for suffix in suffixes(domain)}
    parts = ProgrammePartner.objects.current().filter(organisation=OuterRef("organisation"))
    rows = EmailDomain.objects.confirmed().filter(domain__in=wanted).select_related("organisation")
    by_name = {row.domain: row for row in rows.annotate(takes_part=Exists(parts))}
    found = (_match(_longest(by_name, domain), domain) for domain in written)
    return [match for match in found if match]


def _longest(by_name, written):
    return next((by_name[each] for each in suffixes(written) if each in by_name), None)


def _match(row, written):
    if row is None:
        return None
    organisation, takes_part = row.organisation, row.takes_part
    if organisation.past:
        organisation = organisation.now()
        takes_part = organisation.partnerships.current().exists()
    begun = organisation.valid_from is None or organisation.valid_from <= timezone.localdate()
    if organisation.past or not takes_part or not begun:
        return None
    covered = row.domain == written or row.subdomains_at_once
    return Match(row, organisation, row.admits == Admits.AT_ONCE and covered and not shared(row.domain))


def usual(organisation, domain):
    """Return what a domain does where nobody chose.

    Universities have students and guests, and what stands below a confirmed domain is often theirs: both ask.
    """
    below = EmailDomain.objects.confirmed().filter(domain__in=suffixes(domain)[1:]).exists()
    return Admits.ASK if organisation.academic or shared(domain) or below else Admits.AT_ONCE


def prepared(organisation, text, *, by, admits="", subdomains_at_once=False):
    """Return the domain as it would be confirmed, not saved; raises as ``confirm_domain`` does."""
    made = EmailDomain(organisation=organisation, domain=checked(text), confirmed_by=by)
    require("email_domains.save", by, made)
    if organisation.past:
        raise Refused(_("This organisation no longer exists."))
    _refuse_taken(made)
    set_rule(made, admits, subdomains_at_once)
    return made


@transaction.atomic
def confirm_domain(organisation, text, *, by, admits="", subdomains_at_once=False):
    """Confirm a mail domain as one organisation's own; return it. Without ``admits`` it does what is ``usual``.

    Raises ``Refused`` with a sentence for what is no domain or belongs to many, for free mail, for a domain
    that is another's already, and for letting people in at once where that cannot be.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    made = prepared(locked, text, by=by, admits=admits, subdomains_at_once=subdomains_at_once)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Refused(_("This domain belongs to another organisation already.")) from None
    record("email_domain.confirmed", made, by=by, organisation_id=locked.pk, to_state=made.admits)
    return made


def _refuse_taken(made):
    other = EmailDomain.objects.confirmed().filter(domain=made.domain).select_related("organisation").first()
    if other is None:
        return
    if other.organisation_id == made.organisation_id:
        raise Refused(_("This domain is confirmed for this organisation already."))
    raise Refused(_("This domain belongs to another organisation already: %s.") % other.organisation)


def set_rule(domain, admits, subdomains_at_once):
    """Set what a domain does, unsaved; without ``admits`` what is usual. Raises ``Refused`` where that cannot be."""
    admits = admits or usual(domain.organisation, domain.domain)
    at_once = admits == Admits.AT_ONCE
    if at_once and shared(domain.domain):
        raise Refused(
            _("Many organisations share %(domain)s. It can ask the organisation’s leads, but let nobody in at once.")
            % {"domain": domain.domain}
        )
    if subdomains_at_once and not at_once:
        raise Refused(_("Addresses below the domain can be let in at once only where the domain itself lets in."))
    domain.admits, domain.subdomains_at_once = admits, subdomains_at_once


@transaction.atomic
def change_domain(domain, *, by, admits, subdomains_at_once=False):
    """Set what a confirmed domain does from now on; who is in stays in. Return it.

    Raises ``Refused`` when it was taken off the list, and where letting people in at once cannot be.
    """
    locked = locked_domain(domain)
    require("email_domains.save", by, locked)
    before = locked.admits
    set_rule(locked, admits, subdomains_at_once)
    locked.save(update_fields=["admits", "subdomains_at_once"])
    record(
        "email_domain.changed",
        locked,
        by=by,
        organisation_id=locked.organisation_id,
        from_state=before,
        to_state=locked.admits,
    )
    return locked


def locked_domain(domain):
    """Return a domain read again, its organisation locked first: whoever is let in there waits, or went before.

    Raises ``Refused`` when it is off the list.
    """
    list(Organisation.objects.select_for_update().filter(pk=domain.organisation_id).values("pk"))
    locked = EmailDomain.objects.select_for_update().select_related(None).get(pk=domain.pk)
    if locked.removed_at:
        raise Refused(_("This domain was taken off the list already."))
    return locked
