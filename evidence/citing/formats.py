"""The formats in which a work can be fetched, each with its type; one place for pages, links and views."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from evidence.citing.bibtex import bibtex
from evidence.citing.csl import csl_of
from evidence.citing.described import DESCRIBED, LINKSET, LINKSET_TYPE
from evidence.citing.jsonld import jsonld
from evidence.citing.ris import ris
from evidence.citing.signposts import linkset


@dataclass(frozen=True)
class Format:
    """A format: how addresses end in it, its media type, its name for people, and the text of a work in it."""

    ending: str
    media_type: str
    label: str
    write: object


def _json(found):
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


FORMATS = {
    each.ending: each
    for each in (
        Format("bib", DESCRIBED["bib"], _("BibTeX"), lambda work: bibtex(csl_of(work))),
        Format("ris", DESCRIBED["ris"], _("RIS"), lambda work: ris(csl_of(work))),
        Format("csl.json", DESCRIBED["csl.json"], _("CSL-JSON"), lambda work: _json([csl_of(work)])),
        Format("jsonld", DESCRIBED["jsonld"], _("JSON-LD"), jsonld),
        Format(LINKSET, LINKSET_TYPE, "", lambda work: _json(linkset(work))),
    )
}


def formatted(work, ending):
    """Return a work in the format of an ending, as text."""
    return FORMATS[ending].write(work)
