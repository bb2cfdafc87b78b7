"""SQLite: a full-text table (FTS5) beside the index, kept by the triggers of ``search.triggers``."""

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Lookup, Q
from django.db.models.expressions import RawSQL

from collaborative.search.engines.signs import CLOSE, MARKED, OPEN
from collaborative.search.models import FullText
from collaborative.search.triggers import COLUMNS, TABLE, TEXT, WEIGHTS

RANKED_AT_MOST = None
"""Every match is ranked: this is the small engine."""

NAMES = "title aliases"

_names = ", ".join(COLUMNS)
_weights = ", ".join(str(weight) for weight in WEIGHTS)
INSTALL = (
    f"CREATE VIRTUAL TABLE {TEXT} USING fts5({_names}, content='{TABLE}', content_rowid='id', "
    "tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')",
    f"INSERT INTO {TEXT}({TEXT}, rank) VALUES ('rank', 'bm25({_weights})')",  # noqa: S608 - constants
)
REMOVE = (f"DROP TABLE {TEXT}",)


@FullText._meta.get_field("words").register_lookup
class Match(Lookup):
    """FTS5's own comparison."""

    lookup_name = "match"

    def as_sql(self, compiler, connection):
        """Return ``column MATCH search``."""
        column, no_params = self.process_lhs(compiler, connection)
        search, params = self.process_rhs(compiler, connection)
        return f"{column} MATCH {search}", [*no_params, *params]


def matching(entries, query):
    """Return the entries that answer the search."""
    return entries.filter(full_text__words__match=_fts5(query))


def answers(term, *, titled=False):
    """Return the condition that an entry holds a term, only in its title if ``titled``."""
    held = f"{{title}} : {_term(term)}" if titled else _term(term)
    return Q(pk__in=RawSQL(f"SELECT rowid FROM {TEXT} WHERE {TEXT} MATCH %s", [held]))  # noqa: S608, S611 - constants


def scored(entries, query):
    """Return the entries with ``titled``, whether their names answer by themselves, and ``score``."""
    by_name = f"{{{NAMES}}} : ({_wanted(query)})"
    titled = RawSQL(f"SELECT rowid FROM {TEXT} WHERE {TEXT} MATCH %s", [by_name])  # noqa: S608, S611 - constants
    return entries.annotate(
        titled=ExpressionWrapper(Q(pk__in=titled), output_field=BooleanField()), score=-F("full_text__rank")
    )


def marked(ids, query, columns=MARKED):
    """Return ``{id: (title, summary, body)}``, or other columns, with signs around the words that were found."""
    texts = ", ".join(f"highlight({TEXT}, {COLUMNS.index(name)}, %s, %s)" for name in columns)
    places = ", ".join("%s" for _ in ids)
    sql = f"SELECT rowid, {texts} FROM {TEXT} WHERE {TEXT} MATCH %s AND rowid IN ({places})"  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(OPEN, CLOSE) * len(columns), _fts5(query), *ids])
        return {pk: texts for pk, *texts in cursor.fetchall()}


def repair():
    """Make the full-text table anew from the index."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TEXT}({TEXT}) VALUES ('rebuild')")  # noqa: S608 - constants


def _fts5(query):
    """Return the search as FTS5's own: every word quoted, so that none is an operator."""
    wanted = _wanted(query)
    for term in query.excluded:
        wanted = f"({wanted}) NOT {_term(term)}"
    return wanted


def _wanted(query):
    return " AND ".join(_term(term) for term in query.wanted)


def _term(term):
    own = " AND ".join(_phrase(words) for words in term.phrases) + ("*" if term.beginning else "")
    return " OR ".join([f"({own})", *(_phrase(words) for words in term.also)]).join("()")


def _phrase(words):
    return f'"{" ".join(words)}"'


def forget_removed():
    """Write the full-text table anew, so that it no longer holds the words of what was removed."""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TEXT}({TEXT}) VALUES ('optimize')")  # noqa: S608 - constants
