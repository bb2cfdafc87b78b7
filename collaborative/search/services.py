"""Keeping the index equal to the tables."""

from collections import defaultdict
from dataclasses import dataclass, field, fields

from django.db import transaction
from django.utils import timezone

from collaborative.core import kinds
from collaborative.core.jobs import nudge
from collaborative.core.saved import when_row_saved, when_saved
from collaborative.core.text import plain
from collaborative.search.engines import engine
from collaborative.search.following import tell_followers, tell_forgetters
from collaborative.search.learning import learn, relearn, unlearn
from collaborative.search.models import SearchEntry, Touched, Wording
from collaborative.search.parsing import key_of, readable, words_of
from collaborative.search.registry import Entry, kinds_in_order, searchable_of
from collaborative.search.spelling import words_in
from collaborative.search.touching import carriers, ids_after, touches_others

TITLE_LIMIT = 300
BODY_LIMIT = 200_000
"""Characters of a text that are indexed; PostgreSQL keeps a megabyte of words at most."""

CHUNK = 200
"""Things that a repair compares, and locks when they differ, at a time."""

DRAIN = "search.drain"
TOUCHED_AT_ONCE = 20
"""Things that are indexed anew at once when something they name was changed; more wait for the job."""

DRAINED_AT_ONCE = 50
"""Chunks that one job takes."""

KEPT = tuple(each.name for each in fields(Entry) if each.name != "more")


@dataclass
class Drift:
    """Where the index differed from the tables: ``(kind, id)`` of each."""

    missing: list = field(default_factory=list)
    stale: list = field(default_factory=list)
    orphaned: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.missing or self.stale or self.orphaned)

    @property
    def differing(self):
        """Everything that is not as it should be."""
        return [*self.missing, *self.stale, *self.orphaned]


def index(thing):
    """Make ``thing`` findable as it now is, or no longer when only named readers have it.

    Called inside the transaction that changed it. Raises ``LookupError`` when nothing is registered
    for its kind.
    """
    entry = searchable_of(thing.kind).entry(thing)
    if entry is None:
        remove(thing.kind, thing.pk)
    else:
        store(thing.kind, thing.pk, entry)


def index_each(kind, ids):
    """Make many things of one kind findable as they now are, in few statements."""
    ids = sorted(ids)
    for start in range(0, len(ids), CHUNK):
        things = searchable_of(kind).all_rows().filter(pk__in=ids[start : start + CHUNK])
        entries = {thing.pk: searchable_of(kind).entry(thing) for thing in things}
        gone = [pk for pk, entry in entries.items() if entry is None]
        SearchEntry.objects.filter(kind=kind, object_id__in=gone).delete()
        _write(_row(kind, pk, entry) for pk, entry in entries.items() if entry is not None)
        tell_followers(kind, entries)


@when_row_saved
def touch_saved(row):
    """Index what carries the words of a row without a kind that the admin saved, such as a term."""
    if not getattr(row, "kind", None) and touches_others(row._meta.label_lower):
        touch(row._meta.label_lower, [row.pk])


@when_saved
def index_saved(thing, *, verb, by):
    """Index what a coordinator added or changed in the admin, when it is of a kind that is found."""
    if thing.kind in kinds_in_order():
        index(thing)


def store(kind, pk, entry):
    """Write one entry, whether or not there was one; two writers at once both succeed."""
    _write([_row(kind, pk, entry)])
    tell_followers(kind, {pk: entry})


def _row(kind, pk, entry):
    return SearchEntry(kind=kind, object_id=pk, changed_at=timezone.now(), **_values(entry))


def _write(rows):
    rows = list(rows)
    learn(rows)
    renamed = _renamed(rows)
    SearchEntry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=[*KEPT, "changed_at"]
    )
    for kind, ids in renamed.items():
        touch(kind, ids)


def _renamed(rows):
    """Return ``{kind: ids}`` of those whose names are about to change and are carried by others."""
    found = defaultdict(list)
    for kind in {row.kind for row in rows if touches_others(row.kind)}:
        new = {row.object_id: (row.title, row.aliases) for row in rows if row.kind == kind}
        old = SearchEntry.objects.filter(kind=kind, object_id__in=new).values_list("object_id", "title", "aliases")
        found[kind] += [pk for pk, *names in old if tuple(names) != new[pk]]
    return {kind: ids for kind, ids in found.items() if ids}


def touch(name, ids):
    """Index what carries the words of some things anew: a few at once, more by a job that begins after commit."""
    few = {kind: ids_after(things, 0, TOUCHED_AT_ONCE + 1) for kind, things in carriers(name, ids).items()}
    if sum(map(len, few.values())) <= TOUCHED_AT_ONCE:
        for kind, each in few.items():
            index_each(kind, each)
        return
    anew = {"touched_at": timezone.now(), "done_kind": "", "done_id": 0}
    for pk in ids:
        Touched.objects.update_or_create(changed=name, object_id=pk, defaults=anew)
    nudge(DRAIN)


def drain(most=DRAINED_AT_ONCE):
    """Index what waits because something it names was changed, some at a time; return how many chunks that took.

    Each chunk is a transaction of its own that says how far it came, so a job that is lost costs one chunk and two
    at once do nothing twice that matters. The rest is left to the next run.
    """
    for number in range(most):
        if not _drain_some():
            return number
    nudge(DRAIN)
    return most


@transaction.atomic
def _drain_some():
    """Index the next chunk of what the oldest touched thing touches; False when nothing waits."""
    row = Touched.objects.select_for_update().first()
    if row is None:
        return False
    for kind, things in carriers(row.changed, [row.object_id]).items():
        last = row.done_id if kind == row.done_kind else 0
        ids = ids_after(things, last, CHUNK) if kind >= row.done_kind else []
        if ids:
            list(kinds.model_of(kind)._base_manager.select_for_update().filter(pk__in=ids).order_by("pk").values("pk"))
            index_each(kind, ids)
            row.done_kind, row.done_id = kind, ids[-1]
            row.save(update_fields=["done_kind", "done_id"])
            return True
    row.delete()
    return True


def remove(kind, pk):
    """Make a thing no longer findable."""
    SearchEntry.objects.filter(kind=kind, object_id=pk).delete()
    tell_followers(kind, {pk: None})


def forget(kind, pk):
    """Make a thing no longer findable, and leave none of its words behind anywhere in the index."""
    names = SearchEntry.objects.filter(kind=kind, object_id=pk).values_list("title", "aliases")
    words = words_in(" ".join(" ".join(each) for each in names))
    remove(kind, pk)
    unlearn(words)
    engine().forget_removed()
    tell_forgetters(kind, pk)


@transaction.atomic
def keep_wordings(group):
    """Let a search find by every wording of a group, as its words now say, and by no other; by none when unused."""
    lines = {key_of(words_of(line)): line for line in group.words.split("\n")} if group.used else {}
    group.wordings.all().delete()
    Wording.objects.bulk_create(Wording(group=group, key=key, words=line) for key, line in lines.items())


def drift(kind=None):
    """Compare the index with the tables, of one kind or of all, and change nothing."""
    found = Drift()
    for each in [kind] if kind else kinds_in_order():
        for things in _chunks(each):
            _compare(each, things, found)
        found.orphaned += _without_a_thing(each)
    if kind is None:
        unknown = SearchEntry.objects.exclude(kind__in=kinds_in_order())
        found.orphaned += unknown.order_by("pk").values_list("kind", "object_id")
    return found


def reindex(kind=None):
    """Make the index equal to the tables, of one kind or of all; return the ``Drift`` that was mended.

    Each differing thing is locked and read again before its entry is written, so that a change made
    meanwhile is not overwritten.
    """
    found = drift(kind)
    differing = found.differing
    for start in range(0, len(differing), CHUNK):
        _mend(differing[start : start + CHUNK])
    engine().repair()
    relearn()
    return found


def _values(entry):
    """Return an entry's fields as the index keeps them: plain words, cut, and free of private signs."""
    return {name: getattr(entry, name) for name in KEPT} | {
        "title": readable(entry.title)[:TITLE_LIMIT],
        "aliases": readable(entry.aliases),
        "summary": plain(readable(entry.summary)),
        "body": "\n\n".join(each for each in (plain(readable(entry.body)), readable(entry.more)) if each)[:BODY_LIMIT],
    }


def _chunks(kind):
    """Yield the things of a kind, some at a time, by their ids."""
    rows, last = searchable_of(kind).all_rows().order_by("pk"), 0
    while things := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield things
        last = things[-1].pk


def _compare(kind, things, found):
    """Note in ``found`` how the entries of some things differ."""
    kept = {row.object_id: row for row in SearchEntry.objects.filter(kind=kind, object_id__in=[t.pk for t in things])}
    for thing in things:
        entry, row = searchable_of(kind).entry(thing), kept.get(thing.pk)
        if entry is None and row is not None:
            found.orphaned.append((kind, thing.pk))
        elif entry is not None and row is None:
            found.missing.append((kind, thing.pk))
        elif entry is not None and _values(entry) != {name: getattr(row, name) for name in KEPT}:
            found.stale.append((kind, thing.pk))


def _without_a_thing(kind):
    things = kinds.model_of(kind)._base_manager.values("pk")
    rows = SearchEntry.objects.filter(kind=kind).exclude(object_id__in=things)
    return list(rows.order_by("pk").values_list("kind", "object_id"))


@transaction.atomic
def _mend(differing):
    known = kinds_in_order()
    for kind, pk in differing:
        model = kinds.model_of(kind) if kind in known else None
        thing = model and model._base_manager.select_for_update().filter(pk=pk).first()
        if thing:
            index(thing)
        else:
            remove(kind, pk)
