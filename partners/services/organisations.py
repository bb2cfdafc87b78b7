"""An organisation's own record, and the addresses that it had."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core.errors import Refused
from collaborative.search.services import index
from partners.models import FormerAddress, Organisation
from partners.services.dated import require


def who_had(address, but=None):
    """Return another organisation than ``but`` that has or once had an address; None when it is free."""
    now = Organisation.objects.filter(slug=address)
    once = Organisation.objects.filter(former_addresses__slug=address)
    return (now | once).exclude(pk=but.pk if but else None).distinct().first()


@transaction.atomic
def save_organisation(organisation, *, by):
    """Save an organisation, new or changed, as it now is; an address that it gives up leads to it for ever.

    Who calls records and indexes it, as the admin's base does. Raises ``Refused`` for an address that is or
    was another's.
    """
    before = Organisation.objects.select_for_update().filter(pk=organisation.pk).first()
    require("partners.manage" if before else "portal.admin", by, before)
    try:
        organisation.save()
    except IntegrityError:
        raise Refused(_("Another organisation was given this address or identifier at the same moment.")) from None
    if before is None or before.slug != organisation.slug:
        _move(organisation, before)
    return organisation


@transaction.atomic
def rename(organisation, slug, *, by):
    """Give an organisation another address; the old one leads to it for ever. Return it.

    Raises ``Refused`` for an address that is or was another's.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if locked.slug == slug:
        return locked
    _refuse_taken(slug, locked)
    locked.slug = slug
    save_organisation(locked, by=by)
    record("organisation.moved", locked, by=by)
    index(locked)
    return locked


def _move(organisation, before):
    """Keep the address that was given up. Asked after saving: what others gave up meanwhile is seen now."""
    _refuse_taken(organisation.slug, organisation)
    organisation.former_addresses.filter(slug=organisation.slug).delete()
    if before is not None:
        FormerAddress.objects.get_or_create(organisation=organisation, slug=before.slug)


def _refuse_taken(slug, organisation):
    other = who_had(slug, organisation)
    if other is not None:
        raise Refused(taken(other))


def taken(other):
    """Return the sentence for an address that ``other`` has or had."""
    return _("%(name)s has or once had this address, which leads there. Choose another.") % {"name": other.name}
