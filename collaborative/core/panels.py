"""Panels: what a higher app adds to a lower app's page."""

from collections import defaultdict

_panels = defaultdict(list)


def panel(place, *, order=50):
    """Register the decorated ``(thing, request) -> (template, context) | None`` for a page.

    The panel filters what it shows by its own ``visible_to(request.user)``. ``None`` means that
    it has nothing to say. Panels stand in their ``order``, then by name.
    """

    def register(build):
        _panels[place].append((order, build.__name__, build))
        _panels[place].sort(key=lambda row: row[:2])
        return build

    return register


def panels_for(place, thing, request):
    """Return ``[(template, context), …]`` of the panels that have something to say."""
    built = (build(thing, request) for _order, _name, build in _panels[place])
    return [each for each in built if each is not None]


def places():
    """Return the places that have panels."""
    return sorted(_panels)
