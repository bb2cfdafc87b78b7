"""What a reader belongs to, for code that stands below ``partners``.

``partners`` registers the one function that knows; search and notifications ask it here.
"""

from dataclasses import dataclass

_source = None


@dataclass(frozen=True)
class Scope:
    """The programmes and organisations whose members-only things a reader may see.

    ``acting_for_id`` is the organisation for which the person acts where they do not say another.
    """

    programme_ids: frozenset = frozenset()
    organisation_ids: frozenset = frozenset()
    coordinated_programme_ids: frozenset = frozenset()
    everything: bool = False
    acting_for_id: int | None = None


def scope_source(function):
    """Register the one function ``user -> Scope``."""
    global _source
    _source = function
    return function


def scope_of(user):
    """Return the reader's scope; nobody signed in has an empty one."""
    if user is None or not user.is_authenticated:
        return Scope()
    return _source(user)
