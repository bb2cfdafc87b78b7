"""Organisations, programmes, dated memberships and roles, and how people are let in and found."""

from partners.models.domains import EmailDomain
from partners.models.importing import OrganisationImport
from partners.models.letting_in import Handover, Invitation, MembershipRequest
from partners.models.organisations import FormerAddress, Organisation, OrganisationAlias, OrganisationLink
from partners.models.people import Membership, ProgrammeRole
from partners.models.profiles import Expertise, Profile
from partners.models.programmes import Programme, ProgrammePartner, ProgrammeTheme, ThemeLead
from partners.models.sign_on import SignOn
from partners.models.succession import Succession

__all__ = [
    "EmailDomain",
    "Expertise",
    "FormerAddress",
    "Handover",
    "Invitation",
    "Membership",
    "MembershipRequest",
    "Organisation",
    "OrganisationAlias",
    "OrganisationImport",
    "OrganisationLink",
    "Profile",
    "Programme",
    "ProgrammePartner",
    "ProgrammeRole",
    "ProgrammeTheme",
    "SignOn",
    "Succession",
    "ThemeLead",
]
