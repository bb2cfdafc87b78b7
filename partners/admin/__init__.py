"""The coordinators' workshop: organisations, programmes, and who belongs to them."""

from partners.admin import domains, organisations, people, programmes, sign_on

__all__ = ["domains", "organisations", "people", "programmes", "sign_on"]
