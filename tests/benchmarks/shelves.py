"""Many reviews, quickly: rows straight into the tables, the index and the ledger, as the services would leave them."""

import csv
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from itertools import islice

from django.db import connection
from django.db.models import F
from django.utils import timezone

from collaborative.outputs.models import Record, RecordSet
from collaborative.search.models import SearchEntry
from collaborative.search.registry import ALWAYS
from collaborative.vocabulary.models import Theme
from evidence.models import Author, Finding, Review, ReviewTheme, Section, Version
from tests import factories as make
from tests.relevance.distractors import KINDS, distractors, themes

FIRST = 1_000_000
"""The id of the first; explicit ids need not be read back, and leave those that tests make alone."""

NONE = "-none-"
BATCH = 5000
PROGRAMMES = 5
SECTIONS = 3
AGO = 10_000
"""Days in which all were published, so that their years spread."""


class Shelves:
    """A library that fills up with ``tests.relevance.distractors``, each published by one of five programmes."""

    def __init__(self, repeated=SECTIONS):
        """``repeated`` says how often the text of each stands in the index."""
        self.repeated = repeated
        self.programmes = [make.programme() for _n in range(PROGRAMMES)]
        known = {theme.name: theme for theme in Theme.objects.all()}
        self.themes = {
            name: known.get(name) or make.theme(slug=f"bench-{n}", name=name) for n, name in enumerate(themes())
        }
        self.kinds = {code: make.term("review_kind", code) for code in KINDS}
        self.texts, self.filled, self.now = distractors(10**9), 0, timezone.now()

    def fill(self, upto):
        """Add reviews until there are so many, and let the engine count its rows."""
        with _words_indexed_afterwards():
            for start in range(self.filled, upto, BATCH):
                self._add(range(start, min(start + BATCH, upto)))
        self.filled = upto
        small = connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.in_atomic_block or small else "VACUUM ANALYZE")

    def _add(self, numbers):
        texts = dict(zip((FIRST + n for n in numbers), islice(self.texts, len(numbers)), strict=True))
        _put(Review, (self._review(pk, text) for pk, text in texts.items()))
        _put(Version, (self._version(pk, text) for pk, text in texts.items()))
        Review.objects.filter(pk__in=range(min(texts), max(texts) + 1)).filter(current=None).update(current=F("pk"))
        _put(ReviewTheme, (ReviewTheme(review_id=pk, theme=each) for pk, t in texts.items() for each in self._of(t)))
        _put(Author, (each for pk, text in texts.items() for each in self._authors(pk, text)))
        _put(Section, (each for pk, text in texts.items() for each in self._sections(pk, text)))
        _put(Finding, (Finding(version_id=pk, number=1, text=text.summary) for pk, text in texts.items()))
        _put(SearchEntry, (self._entry(pk, text) for pk, text in texts.items()))
        _put(Record, (self._record(pk) for pk in texts))
        _put(RecordSet, (each for pk, text in texts.items() for each in self._sets(pk, text)))

    def _published(self, pk):
        return (self.now - timedelta(days=(pk - FIRST) * 7919 % AGO, seconds=pk - FIRST)).replace(microsecond=0)

    def _of(self, text):
        return [self.themes[name] for name in text.themes]

    def _review(self, pk, text):
        published = self._published(pk)
        return Review(id=pk, slug=f"bench-{pk}", title=text.title, summary=text.summary, year=published.year,
                      kind_of=self.kinds[text.kind], programme=self.programmes[pk % PROGRAMMES],
                      published_at=published)  # fmt: skip

    def _version(self, pk, text):
        published = self._published(pk)
        return Version(id=pk, review_id=pk, title=text.title, summary=text.summary, state="published",
                       plain_summary=text.text, published_at=published, announced_at=published)  # fmt: skip

    def _authors(self, pk, text):
        for position, name in enumerate(text.authors, 1):
            yield Author(version_id=pk, position=position, name=name, family=name.split()[-1])

    def _sections(self, pk, text):
        for n in range(1, SECTIONS + 1):
            yield Section(version_id=pk, position=n, anchor=f"part-{n}", heading=f"Part {n}", body=text.text)

    def _entry(self, pk, text):
        published = self._published(pk)
        return SearchEntry(
            kind="review", object_id=pk, title=text.title, summary=text.summary,
            body="\n\n".join([text.text] * self.repeated),
            aliases=" · ".join([text.kind.replace("_", " "), *text.themes, *text.authors, "English"]),
            public_from=ALWAYS, programme_id=self.programmes[pk % PROGRAMMES].pk, members=True,
            date=published.date(), changed_at=self.now,
        )  # fmt: skip

    def _record(self, pk):
        return Record(id=pk, kind="review", object_id=pk, slug=f"bench-{pk}", stamp=self._published(pk), digest="-")

    def _sets(self, pk, text):
        for spec in ("kind:review", *(f"theme:{each.slug}" for each in self._of(text))):
            yield RecordSet(record_id=pk, spec=spec)


@contextmanager
def _words_indexed_afterwards():
    """Let PostgreSQL put all words into their index at once, which takes a third of the time."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_vector'")
        (index,) = cursor.fetchone()
        cursor.execute("DROP INDEX search_vector")
        yield
        cursor.execute(index)


def _put(model, rows):
    """Write rows: PostgreSQL takes them as a stream, several times as fast as statements."""
    if connection.vendor == "postgresql":
        _stream(model, rows)
    else:
        model._base_manager.bulk_create(rows, batch_size=1000)


def _stream(model, rows):
    rows = list(rows)
    fields = [each for each in model._meta.local_concrete_fields if not each.generated]
    if rows and rows[0].pk is None:
        fields.remove(model._meta.pk)
    names = ", ".join(connection.ops.quote_name(each.column) for each in fields)
    into = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN (FORMAT csv, NULL '{NONE}')"
    kept = StringIO()
    lines = csv.writer(kept)
    for row in rows:
        values = (each.get_db_prep_save(getattr(row, each.attname), connection) for each in fields)
        lines.writerow([NONE if value is None else value for value in values])
    kept.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(into, kept)
