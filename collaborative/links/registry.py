"""What each app tells of the addresses elsewhere to which its texts lead."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """An address in the texts of one thing; ``beside`` are words by which a person finds the place there."""

    object_id: int
    url: str
    beside: str = ""


_links = {}


def links(kind):
    """Register the decorated ``ids -> [Found, …]`` for things of a kind: what their public and working texts name.

    The manager of the kind knows ``manageable_by(user)``.
    """

    def register(found):
        if kind in _links:
            raise ValueError(f"two claim the links of the kind {kind}")
        _links[kind] = found
        return found

    return register


def links_of(kind):
    """Return what is registered for a kind; raises ``LookupError`` when nothing is."""
    return _links[kind]


def kinds_with_links():
    """Return the kinds whose texts lead elsewhere."""
    return sorted(_links)
