"""What partners hold of a person: places, offices, requests, invitations, and what they say of themselves."""

from partners.personal import decided, letting_in, places, profiles

__all__ = ["decided", "letting_in", "places", "profiles"]
