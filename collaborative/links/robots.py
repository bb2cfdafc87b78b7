"""What a site asks of machines in its ``/robots.txt`` (RFC 9309)."""

from dataclasses import dataclass, field

MOST = 512 * 1024
"""Bytes of a file that are read; the standard asks for 500 kibibytes."""
LONGEST_DELAY = 10
"""Seconds between two requests that a site may ask for."""


@dataclass
class Rules:
    """What one site asks: ``allowed`` and ``disallowed`` patterns of paths, and seconds between two requests."""

    allowed: list = field(default_factory=list)
    disallowed: list = field(default_factory=list)
    delay: float = 0

    def allows(self, path):
        """Say whether a path may be asked for: of the patterns that fit the longest decides, at a tie the kinder."""
        longest = max((len(each) for each in self.disallowed if fits(each, path)), default=-1)
        return longest < 0 or any(len(each) >= longest and fits(each, path) for each in self.allowed)


def fits(pattern, path):
    """Say whether a path begins as a pattern says, where ``*`` stands for anything and ``$`` for the end."""
    ends = pattern.endswith("$")
    first, *others = (pattern[:-1] if ends else pattern).split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, piece in enumerate(others, 1):
        last = ends and number == len(others)
        at = _after(path, piece, at, last)
        if at < 0:
            return False
    return not ends or at == len(path)


def _after(path, piece, at, last):
    if last:
        return len(path) if path.endswith(piece) and len(path) - len(piece) >= at else -1
    found = path.find(piece, at)
    return -1 if found < 0 else found + len(piece)


def read(text, agent):
    """Return what a file asks of ``agent``: the groups that name it, else those for everybody."""
    ours, everybodys, named = Rules(), Rules(), False
    groups, begun = [], False
    for key, value in _lines(text):
        if key == "user-agent":
            groups = groups if not begun else []
            begun = False
            groups.append(value.lower())
            named = named or value.lower() == agent.lower()
            continue
        begun = True
        if agent.lower() in groups:
            _rule(ours, key, value)
        if "*" in groups:
            _rule(everybodys, key, value)
    return ours if named else everybodys


def _lines(text):
    for line in text.lstrip("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key = key.strip().lower()
        if colon and key in ("user-agent", "allow", "disallow", "crawl-delay"):
            yield key, value.strip()


def _rule(rules, key, value):
    if key == "crawl-delay":
        rules.delay = min(LONGEST_DELAY, float(value)) if value.isdecimal() and value.isascii() else rules.delay
    elif value:
        (rules.allowed if key == "allow" else rules.disallowed).append(value)
