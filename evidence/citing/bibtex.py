"""CSL-JSON as BibTeX, in UTF-8: only what TeX itself reads is written otherwise."""

SIGNS = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
JOINED = "-'`"
"""Signs that TeX joins to the same one before, into a dash or a quotation mark."""
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def bibtex(item):
    """Return one entry. Its title and bodies stand in braces of their own, so that no style changes their capitals."""
    year, month, *_day = [*item.get("issued", {}).get("date-parts", [[]])[0], None, None]
    fields = {
        "author": " and ".join(_name(each) for each in item.get("author", ())),
        "title": f"{{{text(item['title'])}}}",
        "institution": text(item["publisher"]),
        "type": text(item["genre"]),
        "series": text(item.get("collection-title", "")),
        "number": text(item.get("number", "")),
        "version": item.get("version", ""),
        "year": str(year or ""),
        "doi": item.get("DOI", ""),
        "url": item["URL"],
        "language": item.get("language", ""),
        "keywords": text(item.get("keyword", "")),
        "abstract": text(item.get("abstract", "")),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    lines += [f"  month = {MONTHS[month - 1]}"] if month else []
    return "@techreport{" + ",\n".join([item["id"], *lines]) + "\n}\n"


def text(words):
    """Return words as TeX reads them back."""
    return "".join(_sign(sign, before) for before, sign in zip(f" {words}", words, strict=False))


def _sign(sign, before):
    return f"{{{sign}}}" if sign in JOINED and sign == before else SIGNS.get(sign, sign)


def _name(name):
    if "literal" in name:
        return f"{{{text(name['literal'])}}}"
    return f"{_whole(name['family'])}, {_whole(name['given']) if _parts(name['given']) else text(name['given'])}"


def _whole(words):
    """Return one part of a name, in braces of its own where a space or a sign would part it."""
    return text(words) if words.replace("-", "").isalpha() and words[:1].isupper() else f"{{{text(words)}}}"


def _parts(given):
    return "," in given or " and " in f" {given.lower()} "
