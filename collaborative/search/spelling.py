"""What a misspelt search may have meant: only words of what everyone reads, and only if that finds more."""

import re

from django.db.models import Q
from rapidfuzz import process
from rapidfuzz.distance import OSA

from collaborative.search.models import Word
from collaborative.search.parsing import folded
from collaborative.search.stopwords import STOP_WORDS

SHORTEST, LONGEST = 4, 40
"""Letters of a word that is remembered, and mended."""

MOST_MENDED = 4
"""Words of one search that are looked into."""

MOST_NEAR = 5000
"""Words that are compared with one that nobody knows."""

_word = re.compile(r"[^\W\d_]+")


def words_in(text):
    """Return the words of a text that are worth remembering."""
    words = {word.lower() for word in _word.findall(folded(text)) if SHORTEST <= len(word) <= LONGEST}
    return {word for word in words if len(word) <= LONGEST} - STOP_WORDS


def unknown(query):
    """Return the words of a search that stand in no name that everyone reads; one query."""
    asked = sorted({word for term in query.wanted if not term.beginning for word in words_in(" ".join(term.words))})
    known = set(Word.objects.filter(word__in=asked).values_list("word", flat=True)) if asked else set()
    return [word for word in asked if word not in known][:MOST_MENDED]


def mended(text, words):
    """Return the text with those of its words as the known ones most like them, or nothing; one query."""
    better = _nearest(words)
    return _put(text, better) if better else ""


def _nearest(unknown):
    """Return ``{word: the known word most like it}``: one slip in a short word, two in a longer one."""
    near = list(Word.objects.filter(_like(unknown)).order_by("pk").values_list("word", flat=True)[:MOST_NEAR])
    found = {}
    for word in unknown:
        best = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=_slips(word))
        if best:
            found[word] = best[0]
    return found


def _like(unknown):
    """Say which words may be meant: about as long, and with one of the first two letters as their first."""
    like = Q()
    for word in unknown:
        length = (len(word) - _slips(word), len(word) + _slips(word))
        like |= Q(initial__in=set(word[:2]), length__range=length)
    return like


def _slips(word):
    return 1 if len(word) < 6 else 2


def _put(text, better):
    return _word.sub(lambda found: better.get(folded(found[0]).lower(), found[0]), text)
