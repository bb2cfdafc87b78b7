"""What partners add to pages; importing this registers all of it."""

from partners.panels import door, elsewhere, handing_on, inviting

__all__ = ["door", "elsewhere", "handing_on", "inviting"]
