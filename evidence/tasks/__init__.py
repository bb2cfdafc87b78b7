"""The jobs of evidence; each loads by id or looks for what is due, and calls one service."""

from evidence.tasks import asked, file_words, links, pdf, peer_review, publishing

__all__ = ["asked", "file_words", "links", "pdf", "peer_review", "publishing"]
