"""Runs of nine words, hashed, so that copied sentences can be found without keeping the sentences.

The five source documents are not part of this repository. What we keep of them is a list of short
hashes, one for each run of nine consecutive words; a text that copies a sentence shares a hash.
"""

import hashlib
import re
import unicodedata

RUN = 9
BREAK = "\x00"

_CITATION = re.compile(r"\[-?@[^\]]*\]")
_FOOTNOTE = re.compile(r"\[\^[^\]]*\]:?")
_LINK_TARGET = re.compile(r"\]\([^)]*\)")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_NOT_A_WORD = re.compile(r"[^a-z0-9\x00]+")


def words(text):
    """The words of a text in plain lower case, without accents, apostrophes, markers or link targets."""
    text = unicodedata.normalize("NFKD", text)
    text = "".join(mark for mark in text if not unicodedata.combining(mark))
    text = re.sub(r"['’‘]", "", text.lower())
    text = _LINK_TARGET.sub("]", _FOOTNOTE.sub(" ", _CITATION.sub(" ", text)))
    return _NOT_A_WORD.sub(" ", text.replace(BREAK, f" {BREAK} ")).split()


def without_parentheses(text):
    """The text with what stands in brackets left out, so that a copy without its citations is still found."""
    return _PARENTHESIS.sub(" ", _LINK_TARGET.sub("]", text))


def mask(text, allowed):
    """The text with each allowed string replaced by a break that no run of words crosses."""
    for string in sorted(allowed, key=len, reverse=True):
        text = re.sub(re.escape(string), BREAK, text, flags=re.IGNORECASE)
    return text


def runs(text):
    """Every run of nine consecutive words, as one string each, none of them across a break."""
    found = words(text)
    for start in range(len(found) - RUN + 1):
        run = found[start : start + RUN]
        if BREAK not in run:
            yield " ".join(run)


def digest(run):
    """Twelve hexadecimal digits that stand for one run."""
    return hashlib.sha256(run.encode()).hexdigest()[:12]


def digests(text):
    """The digests of a text, with and without what stands in brackets."""
    return {digest(run) for version in (text, without_parentheses(text)) for run in runs(version)}
