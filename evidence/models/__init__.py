"""Reviews, their versions and what these consist of; peer review; what readers ask for; practice sheets."""

from evidence.models.asked import FormatRequest
from evidence.models.parts import (
    Author,
    File,
    FileWords,
    Finding,
    Funder,
    Recommendation,
    Reference,
    ResearchPriority,
    Section,
    Study,
)
from evidence.models.peer_review import Comment, PeerReview, Round
from evidence.models.practices import SHEET_RESERVED_SLUGS, Example, Mode, Resource, Sheet, Tag, Tried
from evidence.models.reviews import RESERVED_SLUGS, Review, ReviewPerson, ReviewPlace, ReviewTheme
from evidence.models.versions import Check, Correction, Pdf, Tick, Version, withdrawn_reviews

__all__ = [
    "RESERVED_SLUGS",
    "SHEET_RESERVED_SLUGS",
    "Author",
    "Check",
    "Comment",
    "Correction",
    "Example",
    "File",
    "FileWords",
    "Finding",
    "FormatRequest",
    "Funder",
    "Mode",
    "Pdf",
    "PeerReview",
    "Recommendation",
    "Reference",
    "ResearchPriority",
    "Resource",
    "Review",
    "ReviewPerson",
    "ReviewPlace",
    "ReviewTheme",
    "Round",
    "Section",
    "Sheet",
    "Study",
    "Tag",
    "Tick",
    "Tried",
    "Version",
    "withdrawn_reviews",
]
