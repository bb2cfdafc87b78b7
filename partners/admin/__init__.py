"""The coordinators' workshop: organisations, programmes, and who belongs to them."""

from partners.admin import organisations, people, programmes

__all__ = ["organisations", "people", "programmes"]
