"""Where each part of a text in the making is mended."""

from django.urls import reverse

from evidence.services.writing import ROWS


def address(slug, part):
    """Return the page on which a part is written, by the name that a fault or a lack gives it; none for no part."""
    if not part:
        return ""
    if part == "checklist":
        return "#checklist"
    name, _dash, pk = part.partition("-")
    if name == "section":
        return reverse("evidence:write_row", args=[slug, "sections", pk])
    pages = {"text": "write_text", "all": "write", "files": "files"}
    if part in pages:
        return reverse(f"evidence:{pages[part]}", args=[slug])
    return reverse("evidence:write_rows" if part in ROWS else "evidence:write_list", args=[slug, part])


def with_addresses(review, lacks):
    """Return ``[(sentence, address), …]`` of what a text lacks."""
    return [(each, address(review.slug, each.part)) for each in lacks]
