"""Typed links from a page to what belongs to it, and back, as https://signposting.org/FAIR/ describes them."""

from evidence.citing.described import DESCRIBED, LINKSET, LINKSET_TYPE
from evidence.citing.licences import licence_address

MOST = 6_000
"""Bytes of one header; servers between refuse some eight thousand for all."""
TYPES = ("https://schema.org/AboutPage", "https://schema.org/Report")
PROFILE = "https://schema.org/"


def links(work):
    """Return ``[(relation, address, attributes), …]`` of a work's page."""
    orcids = [each.name.orcid for each in work.makers if each.name.orcid]
    licence = licence_address(work.licence)
    return [
        ("cite-as", work.lasting, {}),
        *(("type", each, {}) for each in TYPES),
        *(("author", f"https://orcid.org/{each}", {}) for each in orcids),
        *(("license", each, {}) for each in [licence] if each),
        *(("describedby", f"{work.base}.{ending}", _attributes(ending)) for ending in DESCRIBED),
        *(("item", each.url, {"type": each.media_type}) for each in work.files),
        ("linkset", f"{work.base}.{LINKSET}", {"type": LINKSET_TYPE}),
    ]


def header(work):
    """Return what the ``Link`` header of the page says; where that is too much, where all of it stands."""
    found = links(work)
    whole = written(found)
    return whole if len(whole) <= MOST else written([each for each in found if each[0] in ("cite-as", "linkset")])


def back(address, *, relation):
    """Return what the ``Link`` header of a file or a description says of the page that it belongs to."""
    return written([(relation, address, {"type": "text/html"})])


def written(found):
    """Return links as one header."""
    return ", ".join(_link(relation, address, attributes) for relation, address, attributes in found)


def linkset(work):
    """Return all links of a page, and those that lead back to it, as RFC 9264 writes them down."""
    page = {"anchor": work.page}
    for relation, address, attributes in links(work):
        if relation != "linkset":
            page.setdefault(relation, []).append({"href": address, **attributes})
    here = {"href": work.page, "type": "text/html"}
    described = [{"anchor": f"{work.base}.{ending}", "describes": [here]} for ending in DESCRIBED]
    return {"linkset": [page, *described, *({"anchor": each.url, "collection": [here]} for each in work.files)]}


def _attributes(ending):
    profile = {"profile": PROFILE} if ending == "jsonld" else {}
    return {"type": DESCRIBED[ending], **profile}


def _link(relation, address, attributes):
    more = "".join(f'; {name}="{value}"' for name, value in attributes.items())
    return f'<{_safe(address)}>; rel="{relation}"{more}'


def _safe(address):
    """Return an address that cannot end its brackets or the header."""
    return address.replace("<", "%3C").replace(">", "%3E")
