"""What evidence adds to the pages of others."""

from evidence.panels import acts, asked, desk, files, peer_review, practices, reviews

__all__ = ["acts", "asked", "desk", "files", "peer_review", "practices", "reviews"]
