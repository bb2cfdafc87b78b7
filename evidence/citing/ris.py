"""CSL-JSON as RIS: a tag of two signs, two spaces, a hyphen, and the value to the end of the line."""


def ris(item):
    """Return one record. A value never holds a line end, which would begin a tag."""
    issued = item.get("issued", {}).get("date-parts", [[]])[0]
    rows = [
        ("TY", "RPRT"),
        *(("AU", _name(each)) for each in item.get("author", ())),
        *(("A2", _name(each)) for each in item.get("contributor", ())),
        ("TI", item["title"]),
        ("M3", item["genre"]),
        ("PY", str(issued[0]) if issued else ""),
        ("DA", "/".join(f"{part:02}" for part in issued) if len(issued) == 3 else ""),
        ("PB", item["publisher"]),
        ("T2", item.get("collection-title", "")),
        ("SN", item.get("number", "")),
        ("ET", item.get("version", "")),
        ("LA", item.get("language", "")),
        ("DO", item.get("DOI", "")),
        ("UR", item["URL"]),
        *(("KW", word) for word in item.get("keyword", "").split("; ")),
        ("AB", item.get("abstract", "")),
    ]
    lines = [f"{tag}  - {value}" for tag, value in rows if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _name(name):
    return name["literal"] if "literal" in name else f"{name['family']}, {name['given']}"
