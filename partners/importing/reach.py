"""What a person may do with the organisations of a file: as the policies say, read once for all rows."""

from partners.models import Organisation, ProgrammePartner
from partners.policies import NOT_OURS, PARTNER_ELSEWHERE
from partners.rights import rights_of


class Reach:
    """The answers of ``partners.manage`` and ``partnerships.save`` for every organisation at once.

    Without a person it is the portal itself, which may do everything.
    """

    def __init__(self, by, programme=None):
        self.partners = set()
        lasting = ProgrammePartner.objects.lasting()
        if programme is not None:
            self.partners = set(lasting.filter(programme=programme).values_list("organisation_id", flat=True))
        rights = rights_of(by) if by is not None else None
        self.everything = rights is None or rights.administrator
        self.managed, self.elsewhere = set(), set()
        if not self.everything:
            self.managed = set(Organisation.objects.manageable_by(by).values_list("pk", flat=True))
            others = lasting.exclude(programme_id__in=rights.coordinator_of)
            self.elsewhere = set(others.values_list("organisation_id", flat=True))

    def refusal(self, organisation, *, joins, changes):
        """Return why the person may not make it a partner or change it; empty when they may."""
        if self.everything:
            return ""
        if joins and organisation.pk in self.elsewhere:
            return PARTNER_ELSEWHERE.reason
        if changes and not joins and organisation.pk not in self.managed:
            return NOT_OURS.reason
        return ""
