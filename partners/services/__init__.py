"""The verbs of partners: the only code that writes them."""

from partners.services.acting import act_for
from partners.services.belonging import add_member, admit
from partners.services.changing import change_membership
from partners.services.domains import change_domain, confirm_domain, organisation_for
from partners.services.ending import end_membership, leave
from partners.services.moving_on import address_given_up
from partners.services.profiles import forget_profile, save_profile
from partners.services.removing import remove_domain
from partners.services.requests import answer_request, ask_to_join, take_back_request
from partners.services.taking_part import (
    add_partner,
    appoint_coordinator,
    appoint_reviewer,
    change_office,
    end_partnership,
)

__all__ = [
    "act_for",
    "add_member",
    "add_partner",
    "address_given_up",
    "admit",
    "answer_request",
    "appoint_coordinator",
    "appoint_reviewer",
    "ask_to_join",
    "change_domain",
    "change_membership",
    "change_office",
    "confirm_domain",
    "end_membership",
    "end_partnership",
    "forget_profile",
    "leave",
    "organisation_for",
    "remove_domain",
    "save_profile",
    "take_back_request",
]
