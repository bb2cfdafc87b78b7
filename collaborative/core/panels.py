"""Panels: what a higher app adds to a lower app's page."""

from collections import defaultdict

_panels = defaultdict(list)
_steps = defaultdict(dict)


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


def step(place, name):
    """Register the decorated ``(thing, request) -> address | None`` for one step of the thread on a page.

    A higher app says here where the thread goes on; None while it does not.
    """

    def register(find):
        _steps[place][name] = find
        return find

    return register


def steps_for(place, thing, request):
    """Return ``{step: address}`` of the steps to which the thread can go on from here; None where it does not yet."""
    return {name: find(thing, request) for name, find in _steps[place].items()}
