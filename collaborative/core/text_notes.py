"""Footnotes of Markdown, counted through the texts of a page, with the way back."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

WAY_BACK = "↩\ufe0e"


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
    return format_html('<hr>\n<div class="footnotes"><ol class="footnotes-list" start="{}">\n', start)


def footnote_block_close(renderer, tokens, index, options, env):
    """End the footnotes."""
    return "</ol>\n</div>\n"


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


RENDER = {
    rule.__name__: rule
    for rule in (
        footnote_anchor_name,
        footnote_caption,
        footnote_ref,
        footnote_block_open,
        footnote_block_close,
        footnote_anchor,
    )
}
