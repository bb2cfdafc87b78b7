"""The coordinators’ workshop for evidence."""

from evidence.admin import asked, people, practices, texts

__all__ = ["asked", "people", "practices", "texts"]
