"""The verbs of partners: the only code that writes them."""

from partners.services.belonging import add_member
from partners.services.ending import end_membership
from partners.services.taking_part import add_partner, appoint_coordinator, end_partnership

__all__ = ["add_member", "add_partner", "appoint_coordinator", "end_membership", "end_partnership"]
