"""What can be found of themes: ``vocabulary`` stands beside the search and cannot register them itself."""

from collaborative.search.registry import ALWAYS, Entry, searchable


@searchable("theme", rows=lambda rows: rows.prefetch_related("aspects"), order=40)
def theme(theme):
    """A theme in every language, with its aspects."""
    aspects = "\n\n".join(f"{aspect.title}\n\n{aspect.text}" for aspect in theme.aspects.all())
    return Entry(
        title=theme.name,
        aliases=" · ".join(name for name in (theme.name_cy, theme.name_fr) if name),
        summary=theme.summary,
        body=aspects,
        public_from=ALWAYS,
    )
