"""Long texts: Markdown in, safe HTML out.

Beside the usual marks: footnotes (``[^1]``), citations (``[@key]``, ``[@a, 39; @b]``) where the caller
knows the sources, and tables. A paragraph that is bold as a whole and stands right before a table is the
table's caption; first cells that are all bold name their rows.
"""

import re

import nh3
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from collaborative.core.text_tables import dress_tables

TAGS = {
    "a", "abbr", "blockquote", "br", "caption", "cite", "code", "del", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "s", "section", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "id", "class", "aria-label"},
    "caption": {"id"},
    "li": {"id", "class"},
    "ol": {"start", "class"},
    "section": {"class"},
    "sup": {"class"},
    "table": {"class"},
    "td": {"class"},
    "th": {"scope", "class"},
    "div": {"class", "tabindex", "role", "aria-label", "aria-labelledby"},
    **{f"h{n}": {"id"} for n in range(2, 7)},
}
SCHEMES = {"http", "https", "mailto"}
FOOTNOTE_MARKS = {"sup"}
WAY_BACK = "↩\ufe0e"
ONE_CITED = r"@[\w-]+(?:,[^;@\[\]]{1,80})?"
CITATION = re.compile(rf"\[({ONE_CITED}(?:;\s*{ONE_CITED})*);?\s*\](?!\()")
KEY_AND_PLACE = re.compile(r"@([\w-]+)(?:,\s*([^;]+))?")


def slug(heading):
    """Return the anchor of a heading: its words, lower case, joined by hyphens."""
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-")


def cited(text):
    """Return ``[(key, where in the source), …]`` of all citations of a text, in order."""
    return [each for found in CITATION.finditer(text or "") for each in _keys(found)]


def without_citations(text):
    """Return a text without its citations and the space before them."""
    return re.sub(r"[^\S\n]*" + CITATION.pattern, "", text or "")


class Page:
    """The texts of one page, rendered in its order: no anchor is given twice, tables and footnotes are counted through.

    ``taken`` are the anchors that the page has already.
    """

    def __init__(self, taken=()):
        self.anchors = set(taken)
        self.tables = 0
        self.footnotes = 0

    def anchor(self, wanted):
        """Return ``wanted``, or with a number behind it when the page has it already; it is taken from now on."""
        number, free = 2, wanted
        while free in self.anchors:
            number, free = number + 1, f"{wanted}-{number}"
        self.anchors.add(free)
        return free

    def markdown(self, text, *, heading_level=2, prefix="", cite=None):
        """Return ``text`` as safe HTML.

        ``heading_level`` is the level of the text's first headings; ``prefix`` begins all its anchors, which
        keeps those of several texts apart. ``cite`` returns the HTML of ``[(key, where), …]``; without it
        citations stay as typed. HTML in the text is shown as typed, never obeyed.
        """
        env = {"page": self, "level": heading_level, "prefix": f"{prefix}-" if prefix else "", "cite": cite}
        html = _PARSER.render((text or "").replace("\x00", ""), env)
        self.footnotes += len(env.get("footnotes", {}).get("list", ()))
        clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
        return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def markdown(text, *, heading_level=2, prefix=""):
    """Return a text that stands alone, or with a ``prefix`` of its own, as safe HTML; see ``Page.markdown``."""
    return Page().markdown(text, heading_level=heading_level, prefix=prefix)


def plain(text, limit=None):
    """Return the words of a Markdown text, without its marks, cut at ``limit`` characters at a word."""
    html = _PARSER.render(without_citations(text).replace("\x00", ""), {"page": Page(), "level": 1, "prefix": ""})
    words = " ".join(nh3.clean(html, tags=set(), clean_content_tags=FOOTNOTE_MARKS).replace(WAY_BACK, "").split())
    for entity, sign in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        words = words.replace(entity, sign)
    if limit is None or len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _keys(found):
    return [(key, where.strip()) for key, where in KEY_AND_PLACE.findall(found.group(1))]


def _parser():
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "strikethrough", "replacements", "smartquotes"])
    parser.use(footnote_plugin)
    parser.inline.ruler.before("link", "citation", _citation)
    parser.core.ruler.push("headings", _headings)
    parser.core.ruler.push("tables", dress_tables)
    for rule in (citation, table_open, table_close, footnote_anchor_name, footnote_caption, footnote_ref):
        parser.add_render_rule(rule.__name__, rule)
    for rule in (footnote_block_open, footnote_anchor):
        parser.add_render_rule(rule.__name__, rule)
    return parser


def _headings(state):
    """Lower the headings to their place on the page and give each its anchor."""
    for at, token in enumerate(state.tokens):
        if token.type == "heading_open":
            words = "".join(child.content for child in state.tokens[at + 1].children or ())
            token.attrSet("id", state.env["page"].anchor(state.env["prefix"] + (slug(words) or "part")))
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + state.env['level'] - 1)}"


def _citation(state, silent):
    """Read ``[@key, where; @other]`` where the caller knows the sources."""
    found = state.env.get("cite") and CITATION.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("citation", "", 0).meta = {"cited": _keys(found)}
    state.pos = found.end()
    return True


def citation(renderer, tokens, index, options, env):
    """Let the caller say how a citation looks."""
    return env["cite"](tokens[index].meta["cited"])


def table_open(renderer, tokens, index, options, env):
    """Put the table into a region that can be scrolled by keyboard, named by its caption or its number."""
    page = env["page"]
    page.tables += 1
    caption = tokens[index].meta.get("caption")
    if caption is None:
        name = _("Table %(number)s") % {"number": page.tables}
        return format_html('<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="table">', name)
    anchor = page.anchor(f"{env['prefix']}table-{page.tables}")
    region = format_html('<div class="scroll" tabindex="0" role="region" aria-labelledby="{}">', anchor)
    words = renderer.renderInline(caption, options, env)
    return f'{region}<table class="table"><caption id="{anchor}">{words}</caption>\n'


def table_close(renderer, tokens, index, options, env):
    """Close the region with the table."""
    return "</table></div>\n"


def footnote_anchor_name(renderer, tokens, index, options, env):
    """Name a footnote by its number on the page, apart from those of other texts."""
    return f"-{env['prefix']}{_number(tokens[index], env)}"


def footnote_caption(renderer, tokens, index, options, env):
    """Number the footnotes of a page through."""
    return f"[{_number(tokens[index], env)}]"


def footnote_ref(renderer, tokens, index, options, env):
    """Link to a footnote, with an anchor for the way back."""
    name = footnote_anchor_name(renderer, tokens, index, options, env)
    number = footnote_caption(renderer, tokens, index, options, env)
    return format_html(
        '<sup class="footnote-ref"><a href="#fn{0}" id="fnref{0}{1}" aria-label="{2}">{3}</a></sup>',
        name, _again(tokens[index]), _("Footnote %(number)s") % {"number": number}, number,
    )  # fmt: skip


def footnote_block_open(renderer, tokens, index, options, env):
    """Begin the footnotes where those of the texts before ended."""
    start = env["page"].footnotes + 1
    return format_html('<hr>\n<section class="footnotes"><ol class="footnotes-list" start="{}">\n', start)


def footnote_anchor(renderer, tokens, index, options, env):
    """Lead back to where the footnote was called."""
    name = footnote_anchor_name(renderer, tokens, index, options, env)
    words = _("Back to footnote %(number)s in the text") % {"number": _number(tokens[index], env)}
    return format_html(
        ' <a href="#fnref{}{}" class="footnote-backref" aria-label="{}">{}</a>',
        name, _again(tokens[index]), words, WAY_BACK,
    )  # fmt: skip


def _number(token, env):
    return env["page"].footnotes + token.meta["id"] + 1


def _again(token):
    again = token.meta.get("subId", -1)
    return f"-again-{again}" if again > 0 else ""


_PARSER = _parser()
