"""The letters of evidence."""

from evidence.notices import asked, peer_review, practices, publishing

__all__ = ["asked", "peer_review", "practices", "publishing"]
