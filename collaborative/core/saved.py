"""What happens after the admin saved a thing: lower apps say it here, so that the admin's base need not know them."""

_listeners = []


def when_saved(function):
    """Register ``(thing, *, verb, by)``, called in the transaction in which the admin saved a thing.

    Things are of a registered kind; ``verb`` is such as ``"programme.changed"``.
    """
    _listeners.append(function)
    return function


def saved(thing, *, added, by):
    """Tell every listener; things without a kind are nobody's business."""
    name = getattr(thing, "kind", None)
    if not name:
        return
    for listener in _listeners:
        listener(thing, verb=f"{name}.{'added' if added else 'changed'}", by=by)
