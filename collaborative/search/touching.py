"""What carries the words of a thing, such as the reviews about a theme: as each app says."""

from collections import defaultdict

_touchers = defaultdict(list)


def touches(*names):
    """Register ``ids -> [(kind, queryset of what carries the words of those), …]`` for a kind, or a table's label.

    ``@touches("theme")``; a table without a kind is named as in ``@touches("vocabulary.term")``.
    """

    def register(function):
        for name in names:
            _touchers[name].append(function)
        return function

    return register


def touches_others(name):
    """Say whether anything carries the words of such things."""
    return name in _touchers


def carriers(name, ids):
    """Return ``{kind: [queryset, …]}`` of what carries the words of some things."""
    found = defaultdict(list)
    for toucher in _touchers.get(name, ()):
        for kind, things in toucher(ids):
            found[kind].append(things)
    return dict(sorted(found.items()))


def ids_after(querysets, last, most):
    """Return the next ids of what any of the querysets holds, in order, each once."""
    found = set()
    for things in querysets:
        found |= set(things.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True).distinct()[:most])
    return sorted(found)[:most]
