"""What evidence says of itself to those who read by machine."""

from evidence.outgoing import practices, reviews

__all__ = ["practices", "reviews"]
