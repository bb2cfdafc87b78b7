"""Keeping the index equal to the tables."""

from dataclasses import dataclass, field, fields
from functools import partial

from django.db import transaction
from django.utils import timezone

from collaborative.core import kinds
from collaborative.core.saved import when_saved
from collaborative.core.text import plain
from collaborative.search.engines import engine
from collaborative.search.following import tell_followers, tell_forgetters
from collaborative.search.models import SearchEntry, Word, Wording
from collaborative.search.parsing import key_of, parse, readable, words_of
from collaborative.search.registry import Entry, kinds_in_order, searchable_of
from collaborative.search.spelling import words_in

TITLE_LIMIT = 300
BODY_LIMIT = 200_000
"""Characters of a text that are indexed; PostgreSQL keeps a megabyte of words at most."""

CHUNK = 200
"""Things that a repair compares, and locks when they differ, at a time."""

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
    SearchEntry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=[*KEPT, "changed_at"]
    )


def learn(rows):
    """Remember, after commit, the words in the names of those entries that everyone reads: they mend misspelt ones.

    After commit, so that of two who save new words at once neither waits for the other.
    """
    now = timezone.now()
    public = [row for row in rows if row.public_from and row.public_from <= now]
    words = set().union(*(words_in(f"{row.title} {row.aliases}") for row in public))
    if words:
        transaction.on_commit(partial(_remember, words), robust=True)


def _remember(words):
    rows = [Word(word=word, initial=word[0], length=len(word)) for word in sorted(words)]
    Word.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def _unlearn(words):
    """Forget those words that no other name that everyone reads holds."""
    public = SearchEntry.objects.filter(public_from__lte=timezone.now())
    for word in sorted(words):
        if not engine().matching(public, parse(f'"{word}"')).exists():
            Word.objects.filter(word=word).delete()


def relearn():
    """Make the remembered words those that stand in the names of what everyone reads now, and no others."""
    public = SearchEntry.objects.filter(public_from__lte=timezone.now(), kind__in=kinds_in_order())
    words = set()
    for names in public.values_list("title", "aliases").iterator(chunk_size=CHUNK):
        words |= words_in(" ".join(names))
    kept = set(Word.objects.values_list("word", flat=True))
    _remember(words - kept)
    gone = sorted(kept - words)
    for start in range(0, len(gone), CHUNK):
        Word.objects.filter(word__in=gone[start : start + CHUNK]).delete()


def remove(kind, pk):
    """Make a thing no longer findable."""
    SearchEntry.objects.filter(kind=kind, object_id=pk).delete()
    tell_followers(kind, {pk: None})


def forget(kind, pk):
    """Make a thing no longer findable, and leave none of its words behind anywhere in the index."""
    names = SearchEntry.objects.filter(kind=kind, object_id=pk).values_list("title", "aliases")
    words = words_in(" ".join(" ".join(each) for each in names))
    remove(kind, pk)
    _unlearn(words)
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
