"""Signs that both engines put around a word that was found; no indexed text holds them."""

OPEN, CLOSE = "\ue000", "\ue001"
MARKED = ("title", "summary", "body")
"""The columns in which found words are shown."""
