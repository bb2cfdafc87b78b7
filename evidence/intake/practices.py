"""What is asked of the texts of a practice sheet."""

LONGEST = {
    "title": 250,
    "summary": 1500,
    "why": 6000,
    "conditions": 6000,
    "not_worked": 6000,
    "cost": 3000,
    "contact": 250,
    "provenance": 2000,
}
"""Characters of each text of a sheet."""

LONGEST_PARTS = {
    "place": 120,
    "partners": 500,
    "done": 3000,
    "source": 300,
    "how": 1500,
    "citation": 1000,
    "doi": 120,
    "note": 200,
    "address": 500,
}
"""Characters of each text of its rows."""

LONGEST_TAG = 60
MOST_TAGS = 10
MOST_ROWS = 30
"""Examples, modes or resources of one sheet."""

LONGEST_REASON = 3000
LONGEST_NOTE = 3000
LONGEST_PLACE = 120


def tags_of(words):
    """Return the tags in a text that parts them by commas, each once whatever its capitals."""
    found = {}
    for word in words.replace("\n", ",").split(","):
        tag = " ".join(word.split())
        if tag:
            found.setdefault(tag.lower(), tag)
    return list(found.values())
