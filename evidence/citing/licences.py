"""Licences that have a known address, by the words in which they are usually named."""

import re

from django.utils.encoding import iri_to_uri

SHAPE = re.compile(r"(?:creative commons|cc)[ -]?(by(?:-(?:nc-sa|nc-nd|nc|sa|nd))?)[ -]?([1-4]\.0)(?: international)?")
FREE = {
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "cc0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "open government licence v3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "ogl 3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "ogl v3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


def licence_address(words):
    """Return the address of a licence such as “CC BY 4.0”, or of one that is itself an address; else nothing."""
    named = " ".join(words.lower().split())
    found = SHAPE.fullmatch(named)
    if found:
        return f"https://creativecommons.org/licenses/{found[1]}/{found[2]}/"
    if named.startswith("https://") and " " not in named:
        return iri_to_uri(words.strip())
    return FREE.get(named, "")
