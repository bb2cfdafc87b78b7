"""What projects say of themselves to those who read by machine."""

from collaborative.core.text import plain
from collaborative.outputs.registry import Description, outgoing


def with_description(rows):
    """Fetch what ``project`` reads of each row."""
    return rows.select_related("programme", "kind_of").prefetch_related("themes")


@outgoing("project", namespace="projects", rows=with_description, order=20)
def project(project):
    """A project of the public register."""
    themes = list(project.themes.all())
    return Description(
        title=project.title,
        summary=plain(project.summary),
        publisher=project.programme.name,
        date=project.listed_at and project.listed_at.date(),
        type=project.kind_of.label,
        subjects=tuple(theme.name for theme in themes),
        sets=tuple((f"theme:{theme.slug}", theme.name) for theme in themes),
    )
