"""What partners add to the page of a theme: who leads it, and in which programmes."""

from collaborative.core.panels import panel
from partners import reading


@panel("theme", order=10)
def of_theme(theme, request):
    """The pairs that lead the theme, and the programmes that work on it."""
    groups = reading.work_on(theme, request.user)
    return ("partners/theme_panel.html", {"groups": groups}) if groups else None
