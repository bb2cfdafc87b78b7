"""A text as it is read."""

from evidence.reading.authors import byline
from evidence.reading.text import Reading

__all__ = ["Reading", "byline"]
