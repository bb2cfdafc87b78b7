"""How a thing ought to stand in the ledger; nothing here writes."""

import hashlib
from dataclasses import dataclass, fields

from django.conf import settings
from django.utils import timezone, translation

from collaborative.outputs.registry import outgoing_of
from collaborative.search.registry import searchable_of


@dataclass(frozen=True)
class Standing:
    """How a thing is to be handed on: from when on everyone sees it, what tells its words apart, where it stands.

    ``public_from`` is empty for what everyone will not see; ``there`` is false for what is no longer in its table.
    """

    there: bool = False
    slug: str = ""
    public_from: object = None
    digest: str = ""
    specs: frozenset = frozenset()


def standings(kind, entries):
    """Return ``{id: Standing}`` of some things of a kind; ``entries`` are ``{id: Entry or None}`` of the index."""
    things = {thing.pk: thing for thing in outgoing_of(kind).all_rows().filter(pk__in=list(entries))}
    return {pk: _standing(kind, things.get(pk), entry) for pk, entry in entries.items()}


def _standing(kind, thing, entry):
    if thing is None:
        return Standing()
    slug = thing.slug if outgoing_of(kind).addresses_kept else ""
    if entry is None or entry.public_from is None:
        return Standing(True, slug)
    description = outgoing_of(kind).described(thing)
    specs = frozenset({f"kind:{kind}", *(spec for spec, _name in description.sets)})
    return Standing(True, slug, entry.public_from, _digest(description, entry, _mark(kind, thing)), specs)


def _mark(kind, thing):
    """Return the words with which the thing is marked, so that what is archived counts as changed."""
    with translation.override(settings.LANGUAGE_CODE):
        return searchable_of(kind).mark_of(thing)


def _digest(description, entry, mark):
    said = [repr(getattr(description, each.name)) for each in fields(description)]
    found = [repr(getattr(entry, each.name)) for each in fields(entry)]
    return hashlib.sha256("\x1f".join([*said, *found, mark]).encode(errors="replace")).hexdigest()


def settle(row, standing, now):
    """Let a ledger's row say how its thing stands; return whether it said otherwise before.

    What becomes public is so from the second at which it begins, which may lie ahead. What was public and no longer
    is stays as gone; so does what will be public again at a moment to come, until somebody settles it after that.
    """
    before = row.stamp, row.gone, row.digest
    opens = standing.public_from and max(now, _whole_second(standing.public_from))
    if opens is None or (row.gone and opens > now):
        _close(row, now)
    elif row.gone or row.stamp is None or standing.digest != row.digest:
        if opens > now and row.stamp is not None and row.stamp <= now:
            _close(row, now)
        else:
            row.stamp, row.gone, row.digest = opens, False, standing.digest
    return before != (row.stamp, row.gone, row.digest)


def _close(row, now):
    """Let a row be gone if the world knew of it, else as if it had never been."""
    if row.stamp is not None and not row.gone:
        row.stamp, row.gone = (None, False) if row.stamp > now else (now, True)
    row.digest = ""


def _whole_second(moment):
    whole = moment.replace(microsecond=0)
    return whole if whole == moment else whole + timezone.timedelta(seconds=1)
