"""What happens after the admin saved a thing: lower apps say it here, so that the admin's base need not know them."""

_listeners = []
_row_listeners = []


def when_saved(function):
    """Register ``(thing, *, verb, by)``, called in the transaction in which the admin saved a thing.

    Things are of a registered kind; ``verb`` is such as ``"programme.changed"``.
    """
    _listeners.append(function)
    return function


def when_row_saved(function):
    """Register ``(row)``, called in the transaction in which the admin saved a row, whether it has a kind or not."""
    _row_listeners.append(function)
    return function


def saved(thing, *, added, by):
    """Tell every listener; of rows without a kind only those that asked for every row."""
    for listener in _row_listeners:
        listener(thing)
    name = getattr(thing, "kind", None)
    if not name:
        return
    for listener in _listeners:
        listener(thing, verb=f"{name}.{'added' if added else 'changed'}", by=by)
