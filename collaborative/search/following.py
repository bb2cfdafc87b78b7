"""Whoever must know what the index now says of things: higher apps register here."""

_followers = []
_forgetters = []


def follows_index(function):
    """Register ``(kind, {id: Entry or None})``, called in the transaction in which the index changed."""
    _followers.append(function)
    return function


def forgets_with_index(function):
    """Register ``(kind, id)``, called after the index forgot a thing of which no word may be left anywhere."""
    _forgetters.append(function)
    return function


def tell_followers(kind, entries):
    """Tell every follower what the index now holds of some things of a kind; None for what it no longer holds."""
    for follower in _followers:
        follower(kind, entries)


def tell_forgetters(kind, pk):
    """Let everybody forget a thing."""
    for forgetter in _forgetters:
        forgetter(kind, pk)
