"""Tables of Markdown as readers and their software need them: with a number, a caption and named rows."""

import re

from django.utils.html import format_html
from django.utils.translation import gettext as _
from markdown_it.token import Token

NUMBERED = re.compile(r"\s*(table|tabl|tableau)\s*\d", re.I)


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
    for at, token in enumerate(kept):
        if token.type == "inline" and kept[at - 1].type == "td_open":
            _list_points(token)
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


def _between_bullets(words):
    """Return what stands before, between and after the bullets, without the space around these."""
    first, *others = words.split("•")
    parts = [first.rstrip() if others else first, *(each.strip() for each in others[:-1])]
    return parts + [each.lstrip() for each in others[-1:]]


def _list_points(inline):
    """Make a list of a cell whose words begin with a bullet: a point for each bullet."""
    children = inline.children or []
    if not children or children[0].type != "text" or not children[0].content.lstrip().startswith("•"):
        return
    made = [Token("bullet_list_open", "ul", 1)]
    for child in children:
        parts = _between_bullets(child.content) if child.type == "text" else [child]
        for number, part in enumerate(parts):
            if number:
                made += [] if len(made) == 1 else [Token("list_item_close", "li", -1)]
                made.append(Token("list_item_open", "li", 1))
            if part is child:
                made.append(child)
            elif part:
                made.append(Token("text", "", 0, content=part.rstrip() if number < len(parts) - 1 else part))
    inline.children = [*made, Token("list_item_close", "li", -1), Token("bullet_list_close", "ul", -1)]


def table_open(renderer, tokens, index, options, env):
    """Put the table into a region that can be scrolled by keyboard, named by its number and its caption."""
    page = env["page"]
    page.tables += 1
    name = _("Table %(number)s") % {"number": page.tables}
    anchor = page.anchor(f"{env['prefix']}table-{page.tables}")
    page.found(f"table-{page.tables}", anchor, name)
    caption = tokens[index].meta.get("caption")
    if caption is None:
        region = '<div class="scroll" tabindex="0" role="region" id="{}" aria-label="{}"><table class="table">'
        return format_html(region, anchor, name)
    region = format_html('<div class="scroll" tabindex="0" role="region" aria-labelledby="{}">', anchor)
    words = renderer.renderInline(caption, options, env)
    number = "" if NUMBERED.match(words) else f"{name}. "
    return f'{region}<table class="table"><caption id="{anchor}">{number}{words}</caption>\n'


def table_close(renderer, tokens, index, options, env):
    """Close the region with the table."""
    return "</table></div>\n"


RENDER = {"table_open": table_open, "table_close": table_close}
