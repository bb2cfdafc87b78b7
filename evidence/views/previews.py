"""Texts that are being written, as they will read."""

from django.utils.html import format_html, format_html_join

from collaborative.core import text


def preview(version, texts):
    """Return ``[(label, HTML), …]`` of ``[(label, Markdown), …]``, with citations in words."""
    shorts = dict(version.references.values_list("key", "short"))

    def cite(cited):
        words = ((f"{shorts.get(key, f'@{key}')}{f', {where}' if where else ''}",) for key, where in cited)
        return format_html("({})", format_html_join("; ", "{}", words))

    page = text.Page()
    return [
        (label, page.markdown(typed, heading_level=4, prefix=f"preview-{number}", cite=cite))
        for number, (label, typed) in enumerate(texts)
    ]
