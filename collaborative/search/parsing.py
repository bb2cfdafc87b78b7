"""What a reader typed, as words, phrases, beginnings and exclusions; the same for both engines."""

import re
import unicodedata
from dataclasses import dataclass, field, replace

from collaborative.search.stopwords import STOP_WORDS

LONGEST = 200
"""Characters of a search that are read; the rest is left out."""

SHORTEST_BEGINNING = 2
MOST_WORDS = 8
"""Words of one wording that has synonyms."""

_quotes = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "’": "'", "‘": "'"})
_unreadable = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]")
_accents = re.compile(r"[\u0300-\u036f]")
_part = re.compile(r'(?:(?<!\S)(?P<minus>-))?(?:"(?P<phrase>[^"]*)"(?P<star>\*)?|(?P<word>[^\s"]+))')
_possessive = re.compile(r"'s\b", re.IGNORECASE)
_word = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Term:
    """Words that stand beside each other; ``beginning`` leaves the end of the last one open.

    ``also`` are other wordings, each a tuple of words beside each other, of which any will do instead.
    ``loose`` words may stand anywhere; ``quoted`` ones are looked for as they are.
    """

    words: tuple
    excluded: bool = False
    beginning: bool = False
    also: tuple = ()
    loose: bool = False
    quoted: bool = field(default=False, compare=False)

    @property
    def telling(self):
        """True when it holds a word that does not stand in every text."""
        return any(word.lower() not in STOP_WORDS for word in self.words)

    @property
    def phrases(self):
        """Return what has to be found of its own words: a list of phrases, all of them."""
        if not self.loose:
            return [self.words]
        return [(word,) for word in self.words if word.lower() not in STOP_WORDS]


@dataclass(frozen=True)
class Query:
    """A parsed search. ``text`` is what was read of it; ``parts`` are all its terms in order, telling or not."""

    text: str
    wanted: tuple = ()
    excluded: tuple = ()
    parts: tuple = field(default=(), compare=False)

    @classmethod
    def of(cls, text, terms, parts):
        """Return the search for terms, each once, of which those that tell nothing are left out."""
        telling = [term for term in dict.fromkeys(terms) if term.telling]
        wanted, excluded = ([t for t in telling if t.excluded is out] for out in (False, True))
        return cls(text, tuple(wanted), tuple(excluded), tuple(parts))

    def __bool__(self):
        return bool(self.wanted)

    @property
    def also(self):
        """Return the other wordings that are looked for, each a tuple of words."""
        return tuple(dict.fromkeys(words for term in self.wanted for words in term.also))

    @property
    def also_said(self):
        """Return them as they are shown."""
        return ", ".join(" ".join(words) for words in self.also)

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
    parts = [term for part in _part.finditer(text.translate(_quotes)) if (term := _term(part)).words]
    return Query.of(text, parts, parts)


def begun(text):
    """Return the search in a text that is still being typed: its last word may go on."""
    query = parse(text)
    if not query.wanted or not folded(text)[-1:].isalnum():
        return query
    last = query.parts[-1]
    if last.excluded or last.quoted or len(last.words[-1]) < SHORTEST_BEGINNING:
        return query
    parts = (*query.parts[:-1], replace(last, beginning=True))
    return Query.of(query.text, parts, parts)


def words_of(text):
    """Return the words of a text as they are compared: without accents, signs and possessives."""
    return tuple(_word.findall(_possessive.sub("", folded(text))))


def key_of(words):
    """Return what wordings share that differ in capitals, accents, signs or a plural alone."""
    return " ".join(_one(word.lower()) for word in words)


def _one(word):
    """Return a longer word without the end of its plural; “CPS” keeps its own S."""
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def _term(part):
    """Return the term of one part, which may be without words."""
    quoted = part["phrase"] is not None
    said = part["phrase"] if quoted else part["word"]
    words = words_of(said)
    star = bool(part["star"]) if quoted else said.endswith("*")
    beginning = star and bool(words) and len(words[-1]) >= SHORTEST_BEGINNING
    return Term(words, excluded=bool(part["minus"]), beginning=beginning, quoted=quoted)
