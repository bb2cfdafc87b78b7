"""Other wordings of what was typed: “DA” also finds “domestic abuse”, and the other way round.

The table is asked once a request for each search, by its key, whatever was typed: nothing is kept in a process that
could grow old there. Quotation marks and a star keep words as they are.
"""

from collections import defaultdict
from dataclasses import replace

from collaborative.core.once import once_a_request
from collaborative.search.models import Wording
from collaborative.search.parsing import MOST_WORDS, Query, Term, key_of, parse, words_of

MOST_ADDED = 40
"""Other wordings that are looked for in one search; what was typed first comes first."""


def read(text):
    """Return the search in a text, with other wordings of what it looks for; one query at most.

    A search that was read already is returned as it is.
    """
    if isinstance(text, Query):
        return text
    return _read(text)


@once_a_request
def _read(text):
    query = parse(text)
    if not query.wanted and not query.excluded:
        return query
    stretches = dict(_stretches(query.parts))
    others = _others(set(stretches.values())) if stretches else {}
    return _widened(query, stretches, others) if others else query


def _stretches(parts):
    """Yield ``(first, after last), key`` of every run of words that may be a wording."""
    for first, part in enumerate(parts):
        words = ()
        for last, each in enumerate(parts[first:], start=first):
            words += each.words
            if len(words) > MOST_WORDS or not _open(each) or (last > first and (part.excluded or each.excluded)):
                break
            yield (first, last + 1), key_of(words)


def _open(term):
    return not (term.quoted or term.beginning)


def _others(keys):
    """Return ``{key: [(key, words) of every wording of its groups]}`` for those keys that are in the table."""
    groups = Wording.objects.filter(key__in=keys).values("group")
    members = defaultdict(list)
    for group, key, words in Wording.objects.filter(group__in=groups).values_list("group", "key", "words"):
        members[group].append((key, words_of(words)))
    found = defaultdict(list)
    for rows in members.values():
        for key, _words in rows:
            found[key] += [row for row in rows if row[0] != key]
    return {key: rows for key, rows in found.items() if key in keys}


def _widened(query, stretches, others):
    """Return the search with the longest known stretches in place of their words."""
    terms, left, here = [], MOST_ADDED, 0
    while here < len(query.parts):
        ends = range(min(here + MOST_WORDS, len(query.parts)), here, -1)
        end = next((each for each in ends if stretches.get((here, each)) in others), here + 1)
        also = _also(others, stretches.get((here, end)))[:left]
        left -= len(also)
        terms.append(_term(query.parts[here:end], also))
        here = end
    return Query.of(query.text, terms, query.parts)


def _also(others, key):
    return tuple(dict.fromkeys(words for _key, words in others.get(key, ())))


def _term(parts, also):
    """Return one term for a stretch of them; several words that were not quoted may stand anywhere."""
    if len(parts) == 1:
        return replace(parts[0], also=also)
    return Term(tuple(word for part in parts for word in part.words), also=also, loose=True)
