"""What can be found of evidence, and by whom."""

from evidence.searching import practices, reviews, touched

__all__ = ["practices", "reviews", "touched"]
