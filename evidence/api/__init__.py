"""What evidence offers to programs: reviews and their versions, and practice sheets."""

from evidence.api import practices, reviews, versions

__all__ = ["practices", "reviews", "versions"]
