"""Themes; ``vocabulary`` stands below and cannot offer them itself."""

from pydantic import Field

from collaborative.outputs.api.filters import NamedFilters
from collaborative.outputs.api.registry import Resource, resource
from collaborative.outputs.api.schemas import Out, Thing, ways
from collaborative.outputs.api.types import Day, Markdown


class AspectOut(Out):
    """A numbered part of a theme that its leads want explored."""

    number: int
    """Its number."""
    title: str
    """Its title."""
    text: Markdown
    """What it is about."""


class ThemeSummary(Thing):
    """A theme, as a list shows it."""

    name: str = Field(examples=["Mental health and policing"])
    """Its name in English."""
    name_cy: str
    """Its name in Welsh, or nothing."""
    name_fr: str
    """Its name in French, or nothing."""
    valid_from: Day
    """Since when it is a theme."""
    valid_to: Day
    """From when on it no longer is one."""


class Theme(ThemeSummary):
    """A theme with its aspects."""

    summary: Markdown
    """What it is about."""
    aspects: list[AspectOut]
    """Its numbered aspects."""


class ThemeFilters(NamedFilters):
    """Search and order."""

    kind_searched = "theme"


@resource("theme", "themes", one="theme", order=40)
class Themes(Resource):
    """What partners work on together; themes that were given up too, with their dates."""

    filters, summary, detail = ThemeFilters, ThemeSummary, Theme
    dated = True

    def for_detail(self, rows):
        """Fetch the aspects with the theme."""
        return rows.prefetch_related("aspects")

    def summarise(self, theme):
        """Say what it is called."""
        return ThemeSummary(**self._told(theme))

    def describe(self, theme):
        """Say what it is about."""
        aspects = [AspectOut(number=each.number, title=each.title, text=each.text) for each in theme.aspects.all()]
        return Theme(**self._told(theme), summary=theme.summary, aspects=aspects)

    def _told(self, theme):
        names = ("name", "name_cy", "name_fr", "valid_from", "valid_to")
        return ways(theme) | {name: getattr(theme, name) for name in names}
