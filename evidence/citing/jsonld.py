"""A work in the terms of schema.org, small enough for the head of a page whatever the work holds."""

import json

from collaborative.core.identifiers import doi_address
from evidence.citing.licences import licence_address

MOST = 9_500
"""Bytes; search engines and harvesters give up on more than ten thousand."""
FIRST = {"keywords": 20, "encoding": 10, "author": 60, "contributor": 20}
"""How many of each are named at the most."""
SIGNS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What might end the element in which it stands, written so that it cannot."""


def jsonld(work):
    """Return a work and the way to it as JSON-LD that may stand in a page, never longer than ``MOST`` bytes."""
    described = _described(work)
    for name, most in FIRST.items():
        if name in described:
            described[name] = described[name][:most]
    for _shorter in range(8):
        found = _written([described, _way(work)])
        if len(found.encode()) <= MOST:
            return found
        _shorten(described)
    return _written([{name: described[name] for name in ("@type", "@id", "url", "publisher")}, _way(work)])


def _written(graph):
    found = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return "".join(SIGNS.get(sign, sign) for sign in found)


def _shorten(described):
    """Halve what there may be many of, and the abstract."""
    for name in ("author", "contributor", "keywords", "encoding"):
        if len(described.get(name, "")) > 1:
            described[name] = described[name][: len(described[name]) // 2]
    described["abstract"] = described.get("abstract", "")[: len(described.get("abstract", "")) // 2]


def _described(work):
    found = {
        "@type": "Report",
        "@id": work.lasting,
        "url": work.page,
        "name": work.title,
        "headline": work.title[:110],
        "abstract": work.summary[:1500],
        "genre": work.kind,
        "author": [_maker(each) for each in work.makers],
        "contributor": [_maker(each) for each in work.besides],
        "publisher": {"@type": "Organization", "name": work.publisher},
        "datePublished": "-".join(f"{part:02}" for part in work.issued),
        "version": str(work.version or ""),
        "reportNumber": work.number,
        "inLanguage": work.language,
        "keywords": list(work.keywords),
        "isPartOf": {"@type": "CreativeWorkSeries", "name": work.series} if work.series else None,
        "identifier": _doi(work.doi) if work.doi else None,
        "license": licence_address(work.licence),
        "isAccessibleForFree": work.public,
        "encoding": [_file(each) for each in work.files],
    }
    return {name: value for name, value in found.items() if value}


def _maker(maker):
    name = maker.name
    whole = f"{name.given} {name.family}" if name.given else name.family
    found = {
        "@type": "Organization" if maker.body else "Person",
        "@id": f"https://orcid.org/{name.orcid}" if name.orcid else "",
        "name": whole,
        "givenName": name.given,
        "familyName": name.family if name.given else "",
        "affiliation": _body(maker) if maker.affiliation else None,
    }
    return {key: value for key, value in found.items() if value}


def _body(maker):
    at = {"@id": f"https://ror.org/{maker.ror}"} if maker.ror else {}
    return {"@type": "Organization", **at, "name": maker.affiliation}


def _doi(doi):
    return {"@type": "PropertyValue", "propertyID": "DOI", "value": doi, "url": doi_address(doi)}


def _file(file):
    return {"@type": "MediaObject", "contentUrl": file.url, "encodingFormat": file.media_type}


def _way(work):
    steps = (work.parent, (work.title, work.page))
    rows = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": rows}
