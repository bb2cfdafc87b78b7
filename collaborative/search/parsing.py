"""What a reader typed, as words, phrases, beginnings and exclusions; the same for both engines."""

import re
import unicodedata
from dataclasses import dataclass

from collaborative.search.stopwords import STOP_WORDS

LONGEST = 200
"""Characters of a search that are read; the rest is left out."""

SHORTEST_BEGINNING = 2

_quotes = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "’": "'", "‘": "'"})
_unreadable = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]")
_accents = re.compile(r"[\u0300-\u036f]")
_part = re.compile(r'(?:(?<!\S)(?P<minus>-))?(?:"(?P<phrase>[^"]*)"(?P<star>\*)?|(?P<word>[^\s"]+))')
_possessive = re.compile(r"'s\b", re.IGNORECASE)
_word = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Term:
    """Words that stand beside each other; ``beginning`` leaves the end of the last one open."""

    words: tuple
    excluded: bool = False
    beginning: bool = False


@dataclass(frozen=True)
class Query:
    """A parsed search. ``text`` is what was read of it."""

    text: str
    wanted: tuple = ()
    excluded: tuple = ()

    def __bool__(self):
        return bool(self.wanted)

    @property
    def only_excludes(self):
        """True when it says what not to find, and nothing to find."""
        return bool(self.excluded) and not self.wanted


def readable(text):
    """Return the text composed (NFC), with spaces for what no database keeps and for private signs."""
    return _unreadable.sub(" ", unicodedata.normalize("NFC", text))


def folded(text):
    """Return the text without its accents."""
    return _accents.sub("", unicodedata.normalize("NFD", text))


def parse(text):
    """Return the ``Query`` in a text; whatever was typed, nothing is raised.

    ``"two words"`` is a phrase, ``-word`` or ``-"two words"`` an exclusion, ``word*`` a beginning.
    Words that stand everywhere are left out, unless in a phrase.
    """
    text = " ".join(readable((text or "")[: LONGEST * 4]).split())[:LONGEST].strip()
    terms = [term for part in _part.finditer(text.translate(_quotes)) if (term := _term(part))]
    return Query(text, tuple(t for t in terms if not t.excluded), tuple(t for t in terms if t.excluded))


def _term(part):
    """Return the term of one part, or None when no word is in it that could be looked for."""
    quoted = part["phrase"] is not None
    said = part["phrase"] if quoted else part["word"]
    words = tuple(_word.findall(_possessive.sub("", folded(said))))
    star = bool(part["star"]) if quoted else said.endswith("*")
    beginning = star and bool(words) and len(words[-1]) >= SHORTEST_BEGINNING
    if all(word.lower() in STOP_WORDS for word in words):
        return None
    return Term(words, excluded=bool(part["minus"]), beginning=beginning)
