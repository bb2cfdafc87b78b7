"""What evidence says of itself to those who read by machine."""

from evidence.outgoing import links, practices, reviews

__all__ = ["links", "practices", "reviews"]
