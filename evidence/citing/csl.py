"""A work as CSL-JSON, from which BibTeX, RIS and the formatted citations are made.

Variables by https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables.
"""


def csl_of(work):
    """Return a work as one item of CSL-JSON; what is not known is left out."""
    found = {
        "id": work.key,
        "type": "report",
        "genre": work.kind,
        "title": work.title,
        "author": [_name(each) for each in work.makers],
        "contributor": [_name(each) for each in work.besides],
        "issued": {"date-parts": [list(work.issued)]} if work.issued else None,
        "publisher": work.publisher,
        "collection-title": work.series,
        "number": work.number,
        "version": str(work.version or ""),
        "DOI": work.doi,
        "URL": work.url,
        "language": work.language,
        "abstract": work.summary,
        "keyword": "; ".join(work.keywords),
    }
    return {name: value for name, value in found.items() if value}


def _name(maker):
    name = maker.name
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}
