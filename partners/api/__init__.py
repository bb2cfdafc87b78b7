"""What partners offer to programs: organisations, programmes, and people who chose to be found by everyone."""

from partners.api import organisations, people, programmes

__all__ = ["organisations", "people", "programmes"]
