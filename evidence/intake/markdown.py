"""What is wrong with a text in Markdown, line by line, in sentences that say what to do.

Nothing here stops a draft from being kept; it stops publication. The text is read by a parser that lets through
what the portal's own refuses or shows as typed, so that it can be named.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from collaborative.core.text_marks import CITATION, POINT, keys_of
from evidence.intake.markdown_tables import broken_tables

SCHEMES = ("http", "https", "mailto")
DEEPEST = 20
"""Levels of lists and quotations within each other; what stands deeper would not be shown."""
HEADING_LEVELS = 4
LONGEST_HEADING = 200
MOST = 100
"""Faults that are told at once."""

NOTE_CALL = re.compile(r"\[\^([^\[\]\s]++)\]")
NOTE_WRITTEN = re.compile(r"\[\^([^\[\]\s]++)\]:")
NEARLY_A_CITATION = re.compile(r"\[(?:[^\[\]@]*\s)?@[\w-]++[^\[\]]*+\]")
"""No “[” stands within: each part of a text is looked at once, however many are opened and never closed."""
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong on one line of a text, and what to do about it."""

    line: int
    words: str

    def __str__(self):
        return _("Line %(line)d: %(words)s") % {"line": self.line, "words": self.words}


@dataclass(frozen=True)
class Known:
    """What the texts of a version may point at: keys of references and of figures, and anchors."""

    references: frozenset = field(default_factory=frozenset)
    figures: frozenset = field(default_factory=frozenset)
    anchors: frozenset = field(default_factory=frozenset)


def faults(text, known=None):
    """Return the ``Fault``s of a text in the order of its lines, at most ``MOST``.

    ``known`` says what it may point at; without it nobody asks where citations, cross-references and figures lead.
    """
    source = (text or "").replace("\r\n", "\n").replace("\x00", "")
    env = {}
    tokens = _PARSER.parse(source, env)
    lines = source.split("\n")
    found = [*_blocks(tokens), *_headings(tokens), *broken_tables(tokens, lines), *_notes_not_called(env, lines)]
    for line, token, alone in _inlines(tokens):
        found += ((line, words) for words in _inline(token, alone, known))
    return sorted({Fault(line, words) for line, words in found})[:MOST]


def tables(text):
    """Return how many tables a text has."""
    return sum(token.type == "table_open" for token in _PARSER.parse(text or "", {})) if "|" in (text or "") else 0


def _blocks(tokens):
    for token in tokens:
        if token.type == "html_block":
            yield token.map[0] + 1, _html(token.content)
        elif token.map and token.type.endswith("_open") and token.level == DEEPEST:
            yield token.map[0] + 1, _("This is nested too deeply to be shown. Write it with fewer levels.")


def _headings(tokens):
    """Yield what is wrong with headings; the highest of a text may be of any level."""
    opened = [(at, int(token.tag[1])) for at, token in enumerate(tokens) if token.type == "heading_open"]
    before = top = min((level for _at, level in opened), default=1)
    for at, level in opened:
        line, words = tokens[at].map[0] + 1, tokens[at + 1].content.strip()
        if not words:
            yield line, _("This heading has no words. Write some, or take the line out.")
        elif len(words) > LONGEST_HEADING:
            yield line, _("This heading is too long. Keep it below %(n)d characters.") % {"n": LONGEST_HEADING}
        if level > before + 1:
            marks = {"right": "#" * (before + 1), "typed": "#" * level}
            yield line, _("This heading skips a level. Begin it with “%(right)s” instead of “%(typed)s”.") % marks
        if level - top >= HEADING_LEVELS:
            yield line, _("This heading is too deep. Use at most %(n)d levels of headings.") % {"n": HEADING_LEVELS}
        before = level


def _notes_not_called(env, lines):
    refs = env.get("footnotes", {}).get("refs", {})
    written = {}
    for line, each in enumerate(lines, 1):
        for label in NOTE_WRITTEN.findall(each):
            written.setdefault(label, line)
    for label in (key[1:] for key, number in refs.items() if number < 0):
        line = written.get(label, 1)
        words = _("Footnote “%(label)s” is written but never called. Put [^%(label)s] where it belongs.")
        yield line, words % {"label": label}


def _inlines(tokens):
    """Yield (line, token, alone in its paragraph) of all that stands in lines of text."""
    for token in tokens:
        if token.type != "inline":
            continue
        line = token.map[0] + 1 if token.map else 1
        for child in token.children:
            yield line, child, len(token.children) == 1
            line += child.type in ("softbreak", "hardbreak")


def _inline(token, alone, known):
    if token.type == "html_inline":
        return [] if token.content.startswith("</") else [_html(token.content)]
    if token.type == "link_open":
        return _link(token.attrGet("href"))
    if token.type == "image":
        return _figure(token.attrGet("src"), alone, known)
    if token.type == "citation":
        return _citation(token.meta, known)
    if token.type == "cross_reference":
        return _cross_reference(token.meta, known)
    return _typed(token.content) if token.type == "text" else []


def _html(content):
    tag = " ".join(content.split())
    shown = tag if len(tag) <= 40 else f"{tag[:40]}…"
    return _("HTML is shown as it is typed: “%(tag)s”. Write it in Markdown, or take it out.") % {"tag": shown}


def _link(href):
    scheme = SCHEME.match(href)
    if scheme and scheme.group(1).lower() not in SCHEMES:
        words = _("A link cannot begin with “%(scheme)s:”. Use an address that begins with https:// or mailto:.")
        return [words % {"scheme": scheme.group(1)}]
    return [] if href.strip() else [_("This link leads nowhere. Write an address between its brackets.")]


def _figure(key, alone, known):
    if not re.fullmatch(r"[\w-]+", key or ""):
        return [_("Pictures come from this review’s own figures. Add the file there, then write ![](its-key).")]
    if not alone:
        return [_("Put the figure on a line of its own, with an empty line before and after it.")]
    if known is not None and key not in known.figures:
        return [_("There is no figure “%(key)s”. Add it under figures, or correct its key.") % {"key": key}]
    return []


def _citation(keys, known):
    if known is None:
        return []
    words = _("There is no reference “%(key)s”. Add it to the references, or correct its key.")
    return [words % {"key": key} for key in keys if key not in known.references]


def _cross_reference(anchor, known):
    if known is None or anchor in known.anchors:
        return []
    words = _("“#%(anchor)s” leads nowhere in this text. Correct it, or add what it names.")
    return [words % {"anchor": anchor}]


def _typed(content):
    notes = _("Footnote “%(label)s” is called but not written. Add a line that begins with [^%(label)s]: to the text.")
    yield from (notes % {"label": label} for label in NOTE_CALL.findall(content))
    for nearly in NEARLY_A_CITATION.findall(content):
        yield _("“%(typed)s” is not read as a citation. Write it as [@key] or [@key, page].") % {"typed": nearly}


def _rule(pattern, name, read):
    """Return an inline rule that reads ``pattern`` as a token called ``name``."""

    def rule(state, silent):
        found = pattern.match(state.src, state.pos, state.posMax)
        if not found:
            return False
        if not silent:
            state.push(name, "", 0).meta = read(found)
        state.pos = found.end()
        return True

    return rule


def _parser():
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST + 4})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    parser.validateLink = lambda url: True
    cited = _rule(CITATION, "citation", lambda found: [key for key, _where in keys_of(found)])
    parser.inline.ruler.before("link", "citation", cited)
    pointed = _rule(POINT, "cross_reference", lambda found: found.group(1))
    parser.inline.ruler.before("link", "cross_reference", pointed)
    return parser


_PARSER = _parser()
