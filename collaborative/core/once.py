"""What one request asks the database more than once, and needs to ask only once."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

_kept = ContextVar("kept", default=None)


@contextmanager
def one_request():
    """Keep answers until the block ends; a job or a command, outside of any, keeps none."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once_a_request(function):
    """Let a function of hashable arguments answer once in a request; it must not depend on what a request writes."""

    @wraps(function)
    def answer(*args):
        kept = _kept.get()
        if kept is None:
            return function(*args)
        key = (function, args)
        if key not in kept:
            kept[key] = function(*args)
        return kept[key]

    return answer
