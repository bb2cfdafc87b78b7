"""What can be found of organisations and programmes: everything, by everyone."""

from collaborative.search.registry import ALWAYS, Entry, searchable


@searchable("organisation", rows=lambda rows: rows.select_related("kind_of").prefetch_related("aliases"), order=70)
def organisation(organisation):
    """An organisation by its name in both languages and by what else people call it."""
    names = [organisation.name_cy, *(alias.name for alias in organisation.aliases.all())]
    return Entry(
        title=organisation.name,
        aliases=" · ".join(name for name in names if name),
        summary=organisation.description,
        body=" · ".join(word for word in (organisation.kind_of.label, organisation.region) if word),
        public_from=ALWAYS,
    )


@searchable("programme", order=60)
def programme(programme):
    """A programme by its names, its summary and its description."""
    return Entry(
        title=programme.name,
        aliases=programme.short_name,
        summary=programme.summary,
        body="\n\n".join(text for text in (programme.description, programme.region) if text),
        public_from=ALWAYS,
        programme_id=programme.pk,
        date=programme.starts_on,
    )
