"""Words for what people know, as they type them."""

import re
import unicodedata

from django.utils.translation import gettext as _

MOST = 12
LONGEST = 60
PARTING = re.compile(r"[,\n\r]")
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]")
SAYS_SOMETHING = re.compile(r"[^\W_]")


def typed_words(text):
    """Return the words of a text in which commas or ends of lines part them, each once, in order.

    Raises ``ValueError`` with a sentence for the person who typed them when there are too many, or when one
    is too long or has no letter or number by which it could be looked for.
    """
    words = {}
    for part in PARTING.split(unicodedata.normalize("NFC", text)):
        word = " ".join(UNSEEN.sub(" ", part).split())
        if word:
            words.setdefault(word.casefold(), word)
    for word in words.values():
        _check(word)
    if len(words) > MOST:
        sentence = _("Name at most %(most)s fields: these are %(number)s. Keep those you know best.")
        raise ValueError(sentence % {"most": MOST, "number": len(words)})
    return list(words.values())


def _check(word):
    if len(word) > LONGEST:
        sentence = _("“%(beginning)s…” is too long: use %(longest)s characters or fewer, or part it by commas.")
        raise ValueError(sentence % {"beginning": word[:30], "longest": LONGEST})
    if not SAYS_SOMETHING.search(word):
        raise ValueError(_("“%(word)s” has no letter in it, so nobody could look for it.") % {"word": word})


def spellings(words):
    """Return what a database may make of words in small letters; SQLite does so with a to z alone."""
    kept = {form for word in words for form in (word, word.lower(), word.upper(), word.title(), word.capitalize())}
    return {form.lower() for form in kept} | {_small_as_sqlite_has_it(form) for form in kept}


def _small_as_sqlite_has_it(word):
    return "".join(sign.lower() if sign.isascii() else sign for sign in word)
