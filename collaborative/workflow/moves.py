"""Named moves between states: data beside the enum."""

from dataclasses import dataclass

_moves = {}


@dataclass(frozen=True)
class Move:
    """A move from one of ``sources`` to ``target``, for whom ``policy`` allows.

    ``verb`` names it in the record, such as ``project.awarded``.
    """

    verb: str
    sources: tuple
    target: str
    policy: str


def move(verb, sources, target, policy):
    """Declare a move; ``sources`` is one state or several. Raises ``ValueError`` for a name used twice."""
    if verb in _moves:
        raise ValueError(f"two moves are called {verb}")
    several = sources if isinstance(sources, list | tuple) else [sources]
    _moves[verb] = Move(verb, tuple(several), target, policy)
    return _moves[verb]


def moves():
    """Return every declared move by its verb."""
    return dict(_moves)
