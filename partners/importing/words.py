"""Words compared and written: without regard to case and accents, and never as a spreadsheet's formula."""

import unicodedata

STARTERS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet read a cell as a formula."""


def fold(text):
    """Return a name for comparing: without accents, capitals, and spaces that nobody sees."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'").replace("&", " and "))
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).casefold().split())


def neutral(text):
    """Return what a cell says so that no spreadsheet takes it for a formula: with an apostrophe before it."""
    text = str(text)
    return f"'{text}" if text.startswith(STARTERS) else text


def plain(text):
    """Return what a cell says without the apostrophe that ``neutral`` or a spreadsheet put there, and trimmed."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTERS) else text
