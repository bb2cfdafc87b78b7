"""Organisations, programmes, and dated memberships and roles."""

from partners.models.organisations import Organisation, OrganisationAlias, OrganisationLink
from partners.models.people import Membership, ProgrammeRole
from partners.models.programmes import Programme, ProgrammePartner, ProgrammeTheme, ThemeLead

__all__ = [
    "Membership",
    "Organisation",
    "OrganisationAlias",
    "OrganisationLink",
    "Programme",
    "ProgrammePartner",
    "ProgrammeRole",
    "ProgrammeTheme",
    "ThemeLead",
]
