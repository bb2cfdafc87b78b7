"""What is wrong with the texts of a version: each fault with the part in which it stands."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from evidence.intake.markdown import Fault, faults
from evidence.reading.content import content_of
from evidence.reading.known import known_of, label_of, texts_of

PLAIN_WORDS = 700
"""How many words a plain-language summary may have."""


@dataclass(frozen=True)
class PartFault:
    """A fault and where it stands: the name of the part for people, and for the pages on which it is written."""

    part: str
    label: str
    fault: Fault

    def __str__(self):
        place = {"part": self.label, "line": self.fault.line, "words": self.fault.words}
        return _("In “%(part)s”, line %(line)d: %(words)s") % place


def text_faults(version, content=None):
    """Return a ``PartFault`` for each fault in the texts of a version, in the order of the page.

    ``content`` is its ``content_of`` where that has been read already.
    """
    content = content or content_of(version)
    texts = texts_of(content)
    known = known_of(content, texts)
    found = [PartFault(part, label, each) for part, label, text in texts for each in faults(text, known)]
    label = label_of(version, "plain_summary")
    return [*(PartFault("text", label, each) for each in too_long(version.plain_summary)), *found]


def too_long(plain_summary):
    """Return the fault of a plain-language summary with more words than it may have; its line is where they end."""
    words = list(re.finditer(r"\S*\w\S*", plain_summary))
    if len(words) <= PLAIN_WORDS:
        return []
    line = plain_summary.count("\n", 0, words[PLAIN_WORDS].start()) + 1
    told = _("The plain-language summary has %(n)d words. Shorten it to %(most)d.")
    return [Fault(line, told % {"n": len(words), "most": PLAIN_WORDS})]
