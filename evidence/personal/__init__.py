"""What evidence holds of people."""

from evidence.personal import asked, authors, files, peer_review, people, practices

__all__ = ["asked", "authors", "files", "peer_review", "people", "practices"]
