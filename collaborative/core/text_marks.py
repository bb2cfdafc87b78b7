"""The marks of our own in Markdown: citations, cross-references and figures, and the gaps where one leads nowhere."""

import re
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _

ONE_CITED = r"@[\w-]+(?:,[^;@\[\]]{1,80})?"
CITATION = re.compile(rf"\[({ONE_CITED}(?:;\s*{ONE_CITED})*);?\s*\](?!\()")
KEY_AND_PLACE = re.compile(r"@([\w-]+)(?:,\s*([^;]+))?")
POINT = re.compile(r"\[#([\w-]{1,120})\](?!\()")
KEY = re.compile(r"[\w-]{1,60}")
HELD = re.compile("\ue000([\\w-]+)\ue001")
"""A cross-reference that waits for its link: signs that no typed text may hold."""


@dataclass(frozen=True)
class Mark:
    """Something that a text names or has, and the line where it stands, counted from 1."""

    kind: str
    name: str
    line: int


def keys_of(found):
    """Return ``[(key, where), …]`` of a match of ``CITATION``."""
    return [(key, where.strip()) for key, where in KEY_AND_PLACE.findall(found.group(1))]


def gap(words):
    """Return the HTML of what is named and not there."""
    return format_html('<strong class="gap">{}</strong>', words)


def read_citation(state, silent):
    """Read ``[@key, where; @other]`` where the caller knows the sources; never within a link."""
    found = state.env.get("cite") and not state.linkLevel and CITATION.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("citation", "", 0).meta = {"cited": keys_of(found)}
    state.pos = found.end()
    return True


def read_point(state, silent):
    """Read ``[#name]`` where the page has cross-references; never within a link."""
    found = state.env["page"].points and not state.linkLevel and POINT.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("point", "", 0).meta = {"name": found.group(1)}
    state.pos = found.end()
    return True


def set_figures(state):
    """Make a figure of each paragraph that is one picture named by a key."""
    tokens = state.tokens
    for at in range(len(tokens) - 2):
        key = _placed(tokens, at)
        if key:
            opening, inline, closing = tokens[at : at + 3]
            opening.hidden = closing.hidden = True
            inline.children[0].type, inline.children[0].meta = "figure", {"key": key}


def _placed(tokens, at):
    if tokens[at].type != "paragraph_open" or tokens[at].hidden:
        return None
    children = tokens[at + 1].children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    source = children[0].attrGet("src")
    return source if KEY.fullmatch(source) else None


def join_points(html, find):
    """Return ``html`` with a link for each cross-reference that ``find`` knows, a gap for the others."""

    def link(held):
        target = find(held.group(1))
        if target is None:
            return gap(f"[#{held.group(1)}]")
        return format_html('<a class="point" href="#{}">{}</a>', target.anchor, target.words)

    return HELD.sub(link, html)


def marks_of(tokens):
    """Return the marks of a parsed text, in its order."""
    found, line, before = [], 1, ""
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type == "table_open":
            found.append(Mark("table", "", line))
        elif before == "heading_open":
            found.append(Mark("heading", words_of(token), line))
        if token.type == "inline":
            found += _marks_within(token, line)
        before = token.type
    return found


def words_of(inline):
    """Return the words of a line, without its marks."""
    return "".join(child.content for child in inline.children or ()).strip()


def _marks_within(inline, line):
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "citation":
            yield from (Mark("cite", key, line) for key, _where in child.meta["cited"])
        elif child.type == "point":
            yield Mark("point", child.meta["name"], line)
        elif child.type == "figure":
            yield Mark("figure", child.meta["key"], line)
        elif child.type == "image":
            yield Mark("picture", child.attrGet("src"), line)


def citation(renderer, tokens, index, options, env):
    """Let the caller say how a citation looks."""
    return env["cite"](tokens[index].meta["cited"])


def point(renderer, tokens, index, options, env):
    """Hold the place of a cross-reference: what it names may come later on the page."""
    return f"\ue000{tokens[index].meta['name']}\ue001"


def figure(renderer, tokens, index, options, env):
    """Let the caller show a figure; an unknown one is a gap, and where nobody knows figures there is nothing."""
    page, key = env["page"], tokens[index].meta["key"]
    if page.figure is None:
        return ""
    name = f"figure-{key}"
    anchor = page.anchor(name)
    html = page.figure(key, page.figures + 1, anchor)
    if html is None:
        return f"<p>{gap(_('There is no figure “%(key)s”.') % {'key': key})}</p>\n"
    page.figures += 1
    page.found(name, anchor, _("Figure %(number)s") % {"number": page.figures})
    return html


def image(renderer, tokens, index, options, env):
    """Show no picture within a line or from elsewhere: say so where figures are known, else leave it out."""
    if env["page"].figure is None:
        return ""
    words = _("Only a figure of this text, alone on its line, is shown here: %(source)s")
    return gap(words % {"source": tokens[index].attrGet("src")})


RENDER = {"citation": citation, "point": point, "figure": figure, "image": image}
