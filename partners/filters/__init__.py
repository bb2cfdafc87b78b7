"""How lists of organisations and people are narrowed."""

import re


def beginnings(text):
    """Return a search in which the last word may go on, as names do: “Nott” finds Nottinghamshire."""
    return f"{text}*" if re.search(r"(^|\s)[^\W_]{2,}$", text) else text
