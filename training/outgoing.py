"""What events say of themselves to those who read by machine."""

from collaborative.core.text import plain
from collaborative.outputs.registry import Description, outgoing


def with_description(rows):
    """Fetch what ``event`` reads of each row."""
    return rows.select_related("organiser", "kind_of").prefetch_related("themes")


@outgoing("event", namespace="training", rows=with_description, order=30)
def event(event):
    """An event that is announced."""
    themes = list(event.themes.all())
    return Description(
        title=event.title,
        summary=plain(event.summary),
        publisher=event.organiser.name,
        date=event.starts_at.date(),
        type=event.kind_of.label,
        subjects=tuple(theme.name for theme in themes),
        coverage=(event.place,) if event.place else (),
        sets=tuple((f"theme:{theme.slug}", theme.name) for theme in themes),
    )
