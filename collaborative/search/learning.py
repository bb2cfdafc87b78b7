"""The words in the names of what everyone reads, remembered so that misspelt ones can be mended."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from collaborative.search.engines import engine
from collaborative.search.models import SearchEntry, Word
from collaborative.search.parsing import parse
from collaborative.search.registry import spelled_kinds
from collaborative.search.spelling import words_in

CHUNK = 500


def learn(rows):
    """Remember, after commit, the words in the names of those entries that everyone reads: they mend misspelt ones.

    After commit, so that of two who save new words at once neither waits for the other.
    """
    now, kinds = timezone.now(), spelled_kinds()
    public = [row for row in rows if row.kind in kinds and row.public_from and row.public_from <= now]
    words = set().union(*(words_in(f"{row.title} {row.aliases}") for row in public))
    if words:
        transaction.on_commit(partial(_remember, words), robust=True)


def _remember(words):
    rows = [Word(word=word, initial=word[0], length=len(word)) for word in sorted(words)]
    Word.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def unlearn(words):
    """Forget those words that no other name that everyone reads holds."""
    public = SearchEntry.objects.filter(public_from__lte=timezone.now(), kind__in=spelled_kinds())
    for word in sorted(words):
        if not engine().matching(public, parse(f'"{word}"')).exists():
            Word.objects.filter(word=word).delete()


def relearn():
    """Make the remembered words those that stand in the names of what everyone reads now, and no others."""
    public = SearchEntry.objects.filter(public_from__lte=timezone.now(), kind__in=spelled_kinds())
    words = set()
    for names in public.values_list("title", "aliases").iterator(chunk_size=CHUNK):
        words |= words_in(" ".join(names))
    kept = set(Word.objects.values_list("word", flat=True))
    _remember(words - kept)
    gone = sorted(kept - words)
    for start in range(0, len(gone), CHUNK):
        Word.objects.filter(word__in=gone[start : start + CHUNK]).delete()
