"""What partners add to the page of a theme: who leads it, and in which programmes."""

from collaborative.core.panels import panel
from partners import reading


@panel("theme", order=10)
def of_theme(theme, request):
    """The pairs that lead the theme, and the programmes that work on it."""
    leads, programmes = list(reading.leads_of(theme=theme)), list(reading.programmes_on(theme, request.user))
    if not leads and not programmes:
        return None
    return "partners/theme_panel.html", {"leads": leads, "programmes": programmes}
