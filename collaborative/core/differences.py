"""What changed between two texts, by paragraphs and then by words; the work is bounded, however long they are."""

from dataclasses import dataclass

SAME, REMOVED, ADDED = "same", "removed", "added"
PARAGRAPHS_APART, WORDS_APART = 400, 250
"""So many changes are looked for between two lists of paragraphs and of words; more is a rewriting."""
LIKE = 0.35
"""Paragraphs with fewer words in common than this share are shown whole, one after the other."""


@dataclass
class Steps:
    """How much work may still be done; shared by all differences of one page."""

    left: int = 3_000_000

    def spend(self, number):
        """Take from what is left; False when there is nothing."""
        self.left -= number
        return self.left > 0


def runs(old, new, *, apart, steps):
    """Return ``[(SAME | REMOVED | ADDED, [piece, …]), …]`` that leads from one list to the other.

    Myers' greedy algorithm (An O(ND) Difference Algorithm and Its Variations, 1986). Past ``apart`` changes, or
    when no ``steps`` are left, what is between the common beginning and end is one removal and one addition.
    """
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    found = [(SAME, old[:start])]
    found += _path(middle_old, middle_new, apart, steps) or [(REMOVED, middle_old), (ADDED, middle_new)]
    found.append((SAME, old[len(old) - end :]))
    return _joined(found)


def _common(old, new):
    at, most = 0, min(len(old), len(new))
    while at < most and old[at] == new[at]:
        at += 1
    return at


def _path(old, new, apart, steps):
    """Return the runs between two lists without a common beginning or end, or None when they are too far apart."""
    if not old or not new:
        return [(REMOVED, old), (ADDED, new)]
    reached, trail = {1: 0}, []
    for changes in range(min(apart, len(old) + len(new)) + 1):
        trail.append(dict(reached))
        if not steps.spend(changes + 1):
            return None
        for diagonal in range(-changes, changes + 1, 2):
            at = _furthest(reached, diagonal, changes)
            begun = at
            while at < len(old) and at - diagonal < len(new) and old[at] == new[at - diagonal]:
                at += 1
            steps.left -= at - begun
            reached[diagonal] = at
            if at >= len(old) and at - diagonal >= len(new):
                return _walked(trail, old, new)
    return None


def _furthest(reached, diagonal, changes):
    if _down(reached, diagonal, changes):
        return reached.get(diagonal + 1, 0)
    return reached.get(diagonal - 1, 0) + 1


def _down(reached, diagonal, changes):
    """Say whether the step onto a diagonal was an addition."""
    if diagonal in (-changes, changes):
        return diagonal == -changes
    return reached.get(diagonal - 1, -1) < reached.get(diagonal + 1, -1)


def _walked(trail, old, new):
    """Walk the trail back from the end; return the runs from the beginning."""
    found, x, y = [], len(old), len(new)
    for changes in range(len(trail) - 1, -1, -1):
        reached, diagonal = trail[changes], x - y
        down = _down(reached, diagonal, changes)
        before = diagonal + 1 if down else diagonal - 1
        from_x = reached.get(before, 0)
        from_y = from_x - before
        while x > from_x and y > from_y and x > 0 and y > 0:
            x, y = x - 1, y - 1
            found.append((SAME, [old[x]]))
        if changes and down:
            y -= 1
            found.append((ADDED, [new[y]]))
        elif changes:
            x -= 1
            found.append((REMOVED, [old[x]]))
    return found[::-1]


def _joined(found):
    """Join neighbours of one kind; between two that stay, removals come before additions."""
    joined, waiting = [], {REMOVED: [], ADDED: []}
    for kind, pieces in [*(each for each in found if each[1]), (SAME, [])]:
        if kind != SAME:
            waiting[kind] += pieces
            continue
        joined += [(name, list(changed)) for name, changed in waiting.items() if changed]
        waiting = {REMOVED: [], ADDED: []}
        if pieces and joined and joined[-1][0] == SAME:
            joined[-1][1].extend(pieces)
        elif pieces:
            joined.append((SAME, list(pieces)))
    return joined


def words_changed(old, new, steps):
    """Return the runs of words between two paragraphs, or None when they have too little in common."""
    before, after = old.split(), new.split()
    found = runs(before, after, apart=WORDS_APART, steps=steps)
    same = sum(len(pieces) for kind, pieces in found if kind == SAME)
    if same < LIKE * max(len(before), len(after), 1):
        return None
    return [(kind, " ".join(pieces)) for kind, pieces in _smoothed(found)]


def _smoothed(found):
    """Draw single words that stay between two changes into these, so that a rewritten sentence reads as one."""
    smooth = []
    for at, (kind, pieces) in enumerate(found):
        lone = kind == SAME and len(pieces) == 1 and 0 < at < len(found) - 1
        smooth += [(REMOVED, pieces), (ADDED, pieces)] if lone else [(kind, pieces)]
    return _joined(smooth)
