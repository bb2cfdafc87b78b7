"""Long texts: Markdown in, safe HTML out.

Beside the usual marks: footnotes (``[^1]``), citations (``[@key]``, ``[@a, 39; @b]``), cross-references
(``[#finding-3]``) and figures (``![](key)``) where the caller knows what they stand for, and tables. A
paragraph that is bold as a whole and stands right before a table is the table's caption; first cells that
are all bold name their rows; a cell that begins with ``•`` is a list.
"""

import re
from dataclasses import dataclass

import nh3
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from collaborative.core import text_marks, text_notes, text_tables
from collaborative.core.text_marks import CITATION

TAGS = {
    "a", "abbr", "blockquote", "br", "caption", "cite", "code", "del", "em", "figcaption", "figure", "h2", "h3", "h4",
    "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "s", "section", "span", "strong", "sub", "sup", "table", "tbody",
    "td", "th", "thead", "tr", "ul", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "id", "class", "aria-label"},
    "caption": {"id"},
    "figure": {"id", "class"},
    "img": {"src", "alt", "width", "height", "loading"},
    "li": {"id", "class"},
    "ol": {"start", "class"},
    "section": {"class"},
    "span": {"class"},
    "strong": {"class"},
    "sup": {"class"},
    "table": {"class"},
    "td": {"class"},
    "th": {"scope", "class"},
    "div": {"class", "id", "tabindex", "role", "aria-label", "aria-labelledby"},
    **{f"h{n}": {"id"} for n in range(2, 7)},
}
SCHEMES = {"http", "https", "mailto"}
FOOTNOTE_MARKS = {"sup"}
CONTROLS = re.compile("[\x00\ue000\ue001]")
CITATION_AND_SPACE = re.compile(r"(?<![^\S\n])[^\S\n]*+" + CITATION.pattern)
"""Looked for from the beginning of each space alone: long spaces are walked through once."""


@dataclass(frozen=True)
class Target:
    """A place of the page that a cross-reference may name: its anchor, and the words of the link."""

    anchor: str
    words: str


@dataclass(frozen=True)
class Heading:
    """A heading within a text: its level in that text (1 is the highest), its anchor and its words."""

    level: int
    anchor: str
    words: str


def slug(heading):
    """Return the anchor of a heading: its words, lower case, joined by hyphens."""
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-")


def without_citations(text):
    """Return a text without its citations and the space before them."""
    return CITATION_AND_SPACE.sub("", text or "")


class Page:
    """The texts of one page, rendered in its order: no anchor is given twice; tables, figures and footnotes count on.

    ``taken`` are the anchors that the page has already. ``cite`` returns the HTML of ``[(key, where), …]``;
    ``figure`` the HTML of ``(key, number, anchor)``, or None for a key that it does not know. Without them
    citations stay as typed and figures are left out. With ``points`` cross-references are read: once all
    texts are rendered, ``joined`` puts the links into them.
    """

    def __init__(self, taken=(), *, cite=None, figure=None, points=False):
        self.anchors = set(taken)
        self.cite, self.figure, self.points = cite, figure, points
        self.tables = self.footnotes = self.figures = 0
        self.targets = {}
        self.headings = []
        self._numbers = {}

    def anchor(self, wanted):
        """Return ``wanted``, or with a number behind it when the page has it already; it is taken from now on."""
        number, free = self._numbers.get(wanted, 2), wanted
        while free in self.anchors:
            number, free = number + 1, f"{wanted}-{number}"
        self._numbers[wanted] = number
        self.anchors.add(free)
        return free

    def found(self, name, anchor, words):
        """Keep a place that cross-references may name; the first of a name stays."""
        self.targets.setdefault(name, Target(anchor, words))

    def markdown(self, text, *, heading_level=2, prefix="", cite=None):
        """Return ``text`` as safe HTML.

        ``heading_level`` is the level of the text's first headings; ``prefix`` begins all its anchors, which
        keeps those of several texts apart. HTML in the text is shown as typed, never obeyed.
        """
        env = {
            "page": self,
            "level": heading_level,
            "prefix": f"{prefix}-" if prefix else "",
            "cite": cite or self.cite,
        }
        html = _PARSER.render(CONTROLS.sub("", text or ""), env)
        self.footnotes += len(env.get("footnotes", {}).get("list", ()))
        clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
        return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it

    def joined(self, html, point):
        """Return rendered ``html`` with its cross-references as links; ``point`` returns the ``Target`` of a name.

        What ``point`` does not know (None) is looked for among the page's tables, figures and headings, and
        else shown as a gap.
        """
        find = lambda name: point(name) or self.targets.get(name)  # noqa: E731
        return mark_safe(text_marks.join_points(html, find))  # noqa: S308 - clean before, links by format_html


def markdown(text, *, heading_level=2, prefix=""):
    """Return a text that stands alone, or with a ``prefix`` of its own, as safe HTML; see ``Page.markdown``."""
    return Page().markdown(text, heading_level=heading_level, prefix=prefix)


def plain(text, limit=None):
    """Return the words of a Markdown text, without its marks, cut at ``limit`` characters at a word."""
    html = _PARSER.render(CONTROLS.sub("", without_citations(text)), {"page": Page(), "level": 1, "prefix": ""})
    words = " ".join(
        nh3.clean(html, tags=set(), clean_content_tags=FOOTNOTE_MARKS).replace(text_notes.WAY_BACK, "").split()
    )
    for entity, sign in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        words = words.replace(entity, sign)
    if limit is None or len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def marks(text):
    """Return what a text names or has, as ``Mark(kind, name, line)`` in its order.

    Kinds: ``cite``, ``point`` and ``figure`` name something; ``picture`` is one that stands where no figure can
    be (within a line, or from elsewhere); ``heading`` has its words as name; ``table`` has none.
    """
    env = _env(Page(points=True), cite=str)
    return text_marks.marks_of(_PARSER.parse(CONTROLS.sub("", text or ""), env))


def _env(page, level=1, prefix="", cite=None):
    return {"page": page, "level": level, "prefix": f"{prefix}-" if prefix else "", "cite": cite}


def _parser():
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "strikethrough", "replacements", "smartquotes"])
    parser.use(footnote_plugin)
    parser.inline.ruler.before("link", "citation", text_marks.read_citation)
    parser.inline.ruler.before("link", "point", text_marks.read_point)
    parser.core.ruler.push("headings", _headings)
    parser.core.ruler.push("tables", text_tables.dress_tables)
    parser.core.ruler.push("figures", text_marks.set_figures)
    for name, rule in {**text_marks.RENDER, **text_tables.RENDER, **text_notes.RENDER}.items():
        parser.add_render_rule(name, rule)
    return parser


def _headings(state):
    """Lower the headings to their place on the page, the highest of the text first, and give each its anchor."""
    page = state.env["page"]
    top = min((int(token.tag[1]) for token in state.tokens if token.type == "heading_open"), default=1)
    for at, token in enumerate(state.tokens):
        if token.type == "heading_open":
            words = text_marks.words_of(state.tokens[at + 1])
            wanted = state.env["prefix"] + (slug(words) or "part")
            anchor = page.anchor(wanted)
            token.attrSet("id", anchor)
            page.headings.append(Heading(int(token.tag[1]) - top + 1, anchor, words))
            page.found(wanted, anchor, words)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) - top + state.env['level'])}"


_PARSER = _parser()
