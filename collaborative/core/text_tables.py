"""Tables of Markdown as readers and their software need them: with a caption and with named rows."""


def dress_tables(state):
    """Take each table's caption from the bold paragraph before it, and name columns and rows."""
    kept = []
    for token in state.tokens:
        if token.type == "table_open":
            token.meta = {"caption": _take_caption(kept)}
        kept.append(token)
    state.tokens = kept
    for cells in _heads(kept):
        _name_columns(cells)
    for table in _bodies(kept):
        _name_rows(table)
    for token in kept:
        if token.type in ("th_open", "td_open") and token.attrGet("style") == "text-align:right":
            token.attrSet("class", "n")


def _take_caption(tokens):
    """Remove a paragraph that is bold as a whole from the end of ``tokens``; return its words or None."""
    if [each.type for each in tokens[-3:]] != ["paragraph_open", "inline", "paragraph_close"]:
        return None
    words = _all_bold(tokens[-2])
    if words is not None:
        del tokens[-3:]
    return words


def _all_bold(inline):
    """Return what stands within the bold when nothing stands outside it, else None."""
    parts = [each for each in inline.children or () if each.type != "text" or each.content.strip()]
    if len(parts) < 3 or parts[0].type != "strong_open" or parts[-1].type != "strong_close":
        return None
    inner = parts[1:-1]
    return None if any(each.type == "strong_close" and each.level == parts[0].level for each in inner) else inner


def _between(tokens, name):
    """Return the runs of tokens between ``name_open`` and ``name_close``."""
    runs, run = [], None
    for token in tokens:
        if token.type == f"{name}_open":
            run = []
        elif token.type == f"{name}_close":
            runs.append(run)
            run = None
        elif run is not None:
            run.append(token)
    return runs


def _heads(tokens):
    return _between(tokens, "thead")


def _bodies(tokens):
    return [_between(body, "tr") for body in _between(tokens, "tbody")]


def _name_columns(cells):
    """Say that head cells name columns; one without words names nothing."""
    for at, token in enumerate(cells):
        if token.type == "th_open":
            if cells[at + 1].content.strip():
                token.attrSet("scope", "col")
            else:
                token.tag = cells[at + 2].tag = "td"


def _name_rows(rows):
    """Say that first cells name their rows where all of them are bold."""
    firsts = [row[:3] for row in rows]
    words = [_all_bold(first[1]) for first in firsts]
    if not words or any(each is None for each in words):
        return
    for (opening, inline, closing), inner in zip(firsts, words, strict=True):
        opening.tag = closing.tag = "th"
        opening.attrSet("scope", "row")
        inline.children = inner
