"""What an answer means for a link: when it works, when it is in doubt, and when it counts as dead."""

from datetime import timedelta

from collaborative.links.asking import Outcome
from collaborative.links.models import Link

AGAIN = timedelta(days=30)
"""After which a link that works, or is left alone, or dead, is looked at again."""
SPREAD = 7
"""Days over which links that were looked at together come back, so that they do not all come at once."""
DEAD_AFTER = {Outcome.GONE: (2, timedelta(days=2))}
DEAD_AFTER_OTHERS = (3, timedelta(days=7))
"""Failures in a row, and the time between the first and the last of them, after which a link is dead: two over two
days where the site says that there is nothing, three over seven days where it fails or does not answer."""
SOON = {Outcome.GONE: timedelta(days=2)}
SOON_OTHERS = timedelta(days=4)
REST = timedelta(hours=6)
"""How long a busy site is left in peace when it does not say."""
KEPT_MOVED = 500


def judged(link, answer, now, *, counts=True):
    """Return what to write down of a link after an answer.

    Without ``counts`` a silence is not held against it: for all we know it is our own network that is away.
    """
    changes = {"checked_at": now, "status": answer.status, "fault": answer.fault, "moved_to": ""}
    if answer.outcome in (Outcome.WORKS, Outcome.LEFT):
        return changes | _settled(link, answer, now)
    if answer.outcome in (Outcome.BUSY, Outcome.UNSURE) or not counts:
        rest = max(answer.wait, REST) if answer.outcome == Outcome.BUSY else SOON_OTHERS
        return changes | _doubtful(link, now + rest)
    return changes | _failed(link, answer, now)


def _settled(link, answer, now):
    moved = answer.moved_to if len(answer.moved_to) <= KEPT_MOVED and answer.moved_to != link.url else ""
    state = Link.State.MOVED if moved else Link.State.WORKS
    return {
        "state": Link.State.LEFT if answer.outcome == Outcome.LEFT else state,
        "moved_to": moved,
        "failures": 0,
        "first_failed_at": None,
        "due_at": now + AGAIN + timedelta(days=link.pk % SPREAD),
    }


def _doubtful(link, due_at):
    """Doubt takes nothing back: what was dead stays so until it answers."""
    state = Link.State.DEAD if link.state == Link.State.DEAD else Link.State.DOUBTFUL
    return {"state": state, "due_at": due_at}


def _failed(link, answer, now):
    failures, first = link.failures + 1, link.first_failed_at or now
    most, over = DEAD_AFTER.get(answer.outcome, DEAD_AFTER_OTHERS)
    dead = link.state == Link.State.DEAD or (failures >= most and now - first >= over)
    again = AGAIN if dead else SOON.get(answer.outcome, SOON_OTHERS)
    return {
        "state": Link.State.DEAD if dead else Link.State.DOUBTFUL,
        "failures": min(failures, 1000),
        "first_failed_at": first,
        "due_at": now + again,
    }
