"""The anchors that the reading page has of its own, in every language the same."""

from django.utils.translation import gettext as _

SUMMARY, FINDINGS, PRIORITIES = "plain-language-summary", "key-findings", "research-priorities"
RECOMMENDATIONS, BACKGROUND, STUDIES = "recommendations", "the-background", "included-studies"
REFERENCES, ATTACHMENTS, ABOUT = "references", "attachments", "about-this-text"
PAGE_ANCHORS = (
    "main", "menu-q", SUMMARY, FINDINGS, PRIORITIES, RECOMMENDATIONS, BACKGROUND, STUDIES, REFERENCES, ATTACHMENTS,
    ABOUT, "corrections", "training", "cite", "cited-here", "also", "funders",
)  # fmt: skip
"""A section of the same name gets a number behind it."""


def page_words():
    """Return ``{anchor: words}`` of those of the page's own places that a cross-reference may name."""
    return {
        SUMMARY: _("Plain-language summary"),
        FINDINGS: _("Key findings"),
        PRIORITIES: _("Research priorities"),
        RECOMMENDATIONS: _("Recommendations"),
        BACKGROUND: _("Background"),
        STUDIES: _("Included studies"),
        REFERENCES: _("References"),
        ATTACHMENTS: _("Attachments"),
        ABOUT: _("About this text"),
    }


def numbered_words(kind, number):
    """Return “Key finding 3” and the like."""
    words = {
        "finding": _("Key finding %(number)s"),
        "priority": _("Research priority %(number)s"),
        "recommendation": _("Recommendation %(number)s"),
        "study": _("Study %(number)s"),
    }
    return words[kind] % {"number": number}
