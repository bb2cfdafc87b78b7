"""What happens when an account changes: higher apps say it here, so that the accounts need not know them."""

_listeners = []


def when_person_changes(function):
    """Register ``(user_id)``, called in the transaction in which somebody's name or sign-in changed."""
    _listeners.append(function)
    return function


def person_changed(user_id):
    """Tell every listener that somebody's name changed, or whether they may sign in."""
    for listener in _listeners:
        listener(user_id)
