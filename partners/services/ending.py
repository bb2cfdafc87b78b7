"""What happens when somebody leaves an organisation."""

from django.db import transaction

from partners.services.dated import ended


@transaction.atomic
def end_membership(membership, *, by, ends_on=None):
    """End a membership on a day (today), from which on it gives nothing; return it.

    Raises ``Refused`` when it has ended already or would end before it began.
    """
    return ended(membership, "memberships.save", by=by, ends_on=ends_on)
