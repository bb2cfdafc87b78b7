"""Keeping the table of links equal to the texts, and looking at the links when their time comes."""

from collaborative.links.services.checking import check, check_due
from collaborative.links.services.gathering import gather, gather_each

__all__ = ["check", "check_due", "gather", "gather_each"]
