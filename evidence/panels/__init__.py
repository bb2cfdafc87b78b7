"""What evidence adds to the pages of others."""

from evidence.panels import acts, asked, desk, files, links, peer_review, practices, reviews

__all__ = ["acts", "asked", "desk", "files", "links", "peer_review", "practices", "reviews"]
