"""Long texts: Markdown in, safe HTML out."""

import re

import nh3
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.footnote import footnote_plugin

TAGS = {
    "a", "abbr", "blockquote", "br", "cite", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
    "p", "pre", "s", "section", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "id", "class", "aria-label"},
    "li": {"id", "class"},
    "ol": {"start", "class"},
    "section": {"class"},
    "sup": {"class"},
    "table": {"class"},
    "th": {"scope"},
    "div": {"class", "tabindex", "role", "aria-label"},
    **{f"h{n}": {"id"} for n in range(2, 7)},
}
SCHEMES = {"http", "https", "mailto"}


def slug(heading):
    """Return the anchor of a heading: its words, lower case, joined by hyphens."""
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-")


def _parser(level):
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "strikethrough", "replacements", "smartquotes"])
    parser.use(footnote_plugin).use(anchors_plugin, max_level=4, slug_func=slug)
    parser.core.ruler.push("lower_headings", lambda state: _lower_headings(state, level))
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", lambda *args: "</table></div>\n")
    return parser


def _lower_headings(state, level):
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + level - 1)}"


def _table_open(renderer, tokens, index, options, env):
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{_("Table")}"><table class="table">\n'


_PARSERS = {level: _parser(level) for level in range(1, 5)}


def markdown(text, *, heading_level=2, prefix=""):
    """Return ``text`` as safe HTML.

    ``heading_level`` is the level of the text's first headings; ``prefix`` keeps footnotes of
    several texts on one page apart. HTML in the text is shown as typed, never obeyed.
    """
    html = _PARSERS[heading_level].render(text or "", {"docId": prefix} if prefix else {})
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def plain(text, limit=None):
    """Return the words of a Markdown text, without its marks, cut at ``limit`` characters at a word."""
    html = _PARSERS[1].render(text or "")
    words = " ".join(nh3.clean(html, tags=set()).split())
    for entity, sign in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        words = words.replace(entity, sign)
    if limit is None or len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(",;:") + "…"
