"""PostgreSQL: a generated, weighted ``tsvector`` with a GIN index, and no extension."""

from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVectorField
from django.db.models import BooleanField, Func, Value
from django.db.models.expressions import Col

from collaborative.search.engines.signs import CLOSE, MARKED, OPEN
from collaborative.search.models import SearchEntry

RANKED_AT_MOST = 5000
"""Of more matches than this, the newest are ranked: ranking reads every row's words."""

CONFIG = "english"
WEIGHTS = [0.125, 0.375, 0.6, 1.0]
"""How much a word counts in body, summary, aliases and title."""

BY_LENGTH = 1
"""Divide by the logarithm of the length, so that a long text does not win by its length."""

WORDS = r"""
CREATE OR REPLACE FUNCTION search_words(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT regexp_replace(regexp_replace(normalize($1, NFD), '[\u0300-\u036f]', '', 'g'),
'[\u0001-\u001f\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u02c2-\u02df\u2000-\u206f\u20a0-\u20cf\u2100-\u2bff\u3000-\u303f\ue000-\uf8ff\ufe10-\ufe6f\uff00-\uff0f]',
' ', 'g') $$
"""
"""Words without accents, and a space for each sign between them.

PostgreSQL's parser takes ``police/university`` for a file and ``a.b`` for a host, and finds
neither half; SQLite splits at every sign. As long as the text it is given, once that is composed.
"""  # noqa: E501

VECTOR = " || ".join(
    f"setweight(to_tsvector('{CONFIG}', search_words({column})), '{weight}')"
    for column, weight in (("title", "A"), ("aliases", "B"), ("summary", "C"), ("body", "D"))
)
INSTALL = (
    WORDS,
    f"ALTER TABLE search_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    "CREATE INDEX search_vector ON search_searchentry USING gin (vector) WITH (fastupdate = off)",
    "CREATE INDEX search_newest ON search_searchentry (date DESC NULLS LAST, id DESC)",
)
"""``fastupdate`` would keep new words in a list beside the index, and while it is long every search reads the
whole table instead."""

REMOVE = (
    "DROP INDEX search_newest",
    "ALTER TABLE search_searchentry DROP COLUMN vector",
    "DROP FUNCTION search_words(text)",
)

_vector = SearchVectorField()
_vector.set_attributes_from_name("vector")


class Vector:
    """The generated column, which the model does not know."""

    def resolve_expression(self, query=None, *args, **kwargs):
        """Return the column of the table that is being read."""
        return Col(query.get_initial_alias(), _vector)


class Matches(Func):
    """Whether a vector answers a search."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def matching(entries, query):
    """Return the entries that answer the search."""
    return entries.filter(Matches(Vector(), _tsquery(query)))


def answers(term, *, titled=False):
    """Return the condition that an entry holds a term, only in its title if ``titled``."""
    title = Func(Vector(), Value("{a}"), function="ts_filter", template='%(function)s(%(expressions)s::"char"[])')
    return Matches(title if titled else Vector(), _term(term))


def scored(entries, query):
    """Return the entries with ``titled``, whether their names answer by themselves, and ``score``."""
    names = Func(Vector(), Value("{a,b}"), function="ts_filter", template='%(function)s(%(expressions)s::"char"[])')
    titled = Matches(names, reduce(and_, (_term(term) for term in query.wanted)))
    rank = SearchRank(Vector(), _tsquery(query), weights=WEIGHTS, normalization=BY_LENGTH)
    return entries.annotate(titled=titled, score=rank)


def marked(ids, query, columns=MARKED):
    """Return ``{id: (title, summary, body)}``, or other columns, with signs around the words that were found.

    The texts come as ``search_words`` leaves them: without accents, and a space for each sign.
    """
    rows = SearchEntry.objects.filter(pk__in=ids).values_list("pk", *(_headline(name, query) for name in columns))
    return {pk: texts for pk, *texts in rows}


def _headline(column, query):
    words = Func(column, function="search_words")
    return SearchHeadline(words, _tsquery(query), config=CONFIG, start_sel=OPEN, stop_sel=CLOSE, highlight_all=True)


def _tsquery(query):
    """Return the search as PostgreSQL's own."""
    wanted = reduce(and_, (_term(term) for term in query.wanted))
    return reduce(and_, (~each for term in query.excluded for each in _wordings(term)), wanted)


def _term(term):
    return reduce(or_, _wordings(term))


def _wordings(term):
    """Return the term's own words and its other wordings, of which any will do."""
    own = _beginning(term) if term.beginning else reduce(and_, (_phrase(words) for words in term.phrases))
    return [own, *(_phrase(words) for words in term.also)]


def _phrase(words):
    return SearchQuery(" ".join(words), config=CONFIG, search_type="phrase")


def _beginning(term):
    raw = " <-> ".join(f"'{word}'" for word in term.words) + ":*"
    return SearchQuery(raw, config=CONFIG, search_type="raw")


def repair():
    """Nothing to mend: the column is generated."""


def forget_removed():
    """Do nothing: a removed row takes its words with it."""
