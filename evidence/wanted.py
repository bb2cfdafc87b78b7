"""What a text needs before it is published, said in sentences that tell what to do."""

import re

from django.utils.translation import gettext as _

from collaborative.core.handling import Handling
from evidence.checks import open_checks
from evidence.models import Version
from evidence.reading.content import content_of
from evidence.reading.faults import text_faults
from evidence.states import PUBLIC_STATES

PLAIN_HEADINGS = (
    "What we looked at",
    "What we found",
    "What it means for policing",
    "What we do not know",
    "How good the evidence is",
)
"""The headings of a plain-language summary; in another language there are as many."""

MOST_FAULTS = 20
"""Faults of the texts that are named; of the rest the number is given."""

HEADING = re.compile(r"^#{1,6}[ \t]+(.+)$", re.MULTILINE)


class Lack(str):
    """A sentence about what a text lacks; ``part`` names where that is mended, as a ``PartFault`` does.

    Beside those parts “authors”, “sections”, “files”, “checklist” and “all”; empty where no part has to change.
    """

    def __new__(cls, words, part):
        """Keep the part beside the words."""
        made = super().__new__(cls, words)
        made.part = part
        return made


def missing(version):
    """Return what stands against publishing a version: a ``Lack`` each, which says what to do and where.

    A licence may be left out.
    """
    content = version.content_read or content_of(version)
    return [*_of_summaries(version), *_of_parts(content), *_of_texts(content), *_of_rules(version)]


def _of_summaries(version):
    lacks = [] if version.summary.strip() else [Lack(_("Write the summary for lists."), "text")]
    if not version.plain_summary.strip():
        return [*lacks, Lack(_("Write the plain-language summary."), "text")]
    return lacks + _of_headings(version)


def _of_headings(version):
    has = [heading.strip().rstrip("#").strip().casefold() for heading in HEADING.findall(version.plain_summary)]
    if not version.review.language.startswith("en"):
        few = len(has) < len(PLAIN_HEADINGS)
        said = _("Give the plain-language summary its %(number)s headings.")
        return [Lack(said % {"number": len(PLAIN_HEADINGS)}, "text")] if few else []
    absent = [heading for heading in PLAIN_HEADINGS if heading.casefold() not in has]
    said = _("Give the plain-language summary these headings too: %(headings)s.")
    names = ", ".join(f"“{each}”" for each in absent)
    return [Lack(said % {"headings": names}, "text")] if absent else []


def _of_parts(content):
    lacks = []
    if not content["authors"]:
        lacks.append(Lack(_("Name at least one author."), "authors"))
    if not content["sections"] and not content["findings"]:
        lacks.append(Lack(_("Add a section or a key finding."), "sections"))
    mute = [file.title or file.key for file in content["figure"] if not file.alt.strip()]
    if mute:
        said = _("Say in words what these figures show, for those who cannot see them: %(figures)s.")
        lacks.append(Lack(said % {"figures": ", ".join(f"“{each}”" for each in mute)}, "files"))
    return lacks


def _of_texts(content):
    found = [Lack(str(fault), fault.part) for fault in text_faults(content.version, content)]
    more = len(found) - MOST_FAULTS
    if more <= 0:
        return found
    return [*found[:MOST_FAULTS], Lack(_("Mend %(n)s more faults in the texts.") % {"n": more}, "all")]


def _of_rules(version):
    lines = "; ".join(line.words for line in open_checks(version))
    lacks = [Lack(_("Go through the checklist: %(lines)s.") % {"lines": lines}, "checklist")] if lines else []
    if version.handling != Handling.PUBLIC and read_by_everyone(version).exists():
        lacks.append(Lack(_("Withdraw the version that everyone reads first: this one is not for everyone."), ""))
    return lacks


def read_by_everyone(version):
    """Return the public version before this one, if it is one that everyone may read."""
    before = Version.objects.filter(review=version.review_id, state__in=PUBLIC_STATES).exclude(pk=version.pk)
    return before.filter(handling=Handling.PUBLIC)
